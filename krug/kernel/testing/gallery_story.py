"""The invented records that the gallery shows."""

from typing import Any

from django.utils.translation import gettext as _

COMPANIES = [
    (1, "Северный Ветер", "Санкт-Петербург"),
    (2, "Волга-Трейд", "Самара"),
    (3, "Балт-Механика", "Калининград"),
    (4, "Сибирь-Пак", "Новосибирск"),
    (5, "Northwind Traders", "Tallinn"),
]
TOKENS = {
    "ground": ("canvas", "surface", "raised", "hover", "selected"),
    "text": ("text", "text-2", "text-3", "accent", "success", "warning", "danger"),
    "fill": ("fill", "success-ground", "warning-ground", "danger-ground", "border", "control"),
    "chart": ("chart-1", "chart-2", "chart-3", "chart-4", "chart-5", "chart-6"),
}


def story() -> dict[str, Any]:
    """Everything the templates of the gallery need."""
    return {
        "tokens": TOKENS,
        "companies": [(number, name) for number, name, _city in COMPANIES],
        "columns": columns(),
        "rows": rows(),
        "stages": stages(),
        "board_columns": board_columns(),
        "conflicts": conflicts(),
        "chip_list": chip_list(),
    }


def columns() -> list[dict[str, str]]:
    return [
        {"label": _("Customer"), "sort": "ascending", "sort_url": "?sort=-name"},
        {"label": _("City"), "sort_url": "?sort=city"},
        {"label": _("Owner")},
        {"label": _("Next step")},
        {"label": _("Amount, ₽"), "align": "end", "sort_url": "?sort=amount"},
    ]


def rows() -> list[dict[str, Any]]:
    owners = ["Соколова Анна", "Орлов Пётр", "Соколова Анна", "", "Ким Вера"]
    steps = [_("Mon 23 Nov, call"), _("Tue 24 Nov, meeting"), "", _("Wed 25 Nov, offer"), ""]
    sums = ["620 000", "1 400 000", "0", "310 000", "48 200"]
    return [
        {
            "id": number,
            "url": "#",
            "drawer": "/ui/layer/?place=drawer",
            "cells": [
                name,
                city,
                owners[number - 1],
                steps[number - 1],
                {"text": sums[number - 1], "edit": "/ui/cell/"},
            ],
        }
        for number, name, city in COMPANIES
    ]


def stages() -> list[dict[str, str]]:
    return [
        {"label": _("Interest"), "state": "done", "who": "Соколова А.", "result": _("request received")},
        {"label": _("Offer"), "state": "now", "who": "Соколова А.", "result": _("an answer, 14 days")},
        {"label": _("Terms"), "state": "ahead", "who": "Орлов П.", "result": _("minutes of agreement")},
        {"label": _("Contract"), "state": "ahead", "who": "Ким В.", "result": _("signed contract")},
        {"label": _("Shipment"), "state": "ahead"},
    ]


def board_columns() -> list[dict[str, Any]]:
    plan = [(1, _("Interest"), "12", "3,1 млн ₽"), (2, _("Offer"), "8", "4,0 млн ₽"), (3, _("Terms"), "0", "0 ₽")]
    cards = {
        1: [card(1, "Сервис 2027", "Нева-Пак", "310 000 ₽", stale=_("9 days on this stage"))],
        2: [
            card(2, "Насосы, партия 3", "Северный Ветер", "620 000 ₽", step=_("Mon 23 Nov, call")),
            card(3, "Линия розлива", "Волга-Трейд", "1,4 млн ₽", step=_("yesterday, meeting"), late=True),
        ],
        3: [],
    }
    return [
        {
            "id": number,
            "label": label,
            "count": count,
            "total": total,
            "who": "Соколова А." if number == 2 else "",
            "result": _("an answer") if number == 2 else "",
            "note": _("no next step: 2") if number == 1 else "",
            "more_url": "#" if number == 1 else "",
            "cards": cards[number],
        }
        for number, label, count, total in plan
    ]


def card(number: int, title: str, about: str, amount: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "url": "#",
        "title": title,
        "about": about,
        "amount": amount,
        "owner": "Соколова Анна",
        "next": more.get("step", ""),
        "next_late": more.get("late", False),
        "stale": more.get("stale", ""),
        "move_url": "/ui/layer/?place=dialog",
        "drawer": "/ui/layer/?place=drawer",
    }


def conflicts() -> list[dict[str, str]]:
    return [
        {
            "name": "amount",
            "label": _("Amount"),
            "mine": "620 000 ₽",
            "theirs": "600 000 ₽",
            "author": "Орлов П.",
            "at": "14:02",
        }
    ]


def chip_list() -> list[dict[str, str]]:
    return [
        {"field": _("Owner"), "operator": "=", "value": _("me"), "remove_url": "?"},
        {"field": _("Deal"), "operator": _("none since"), "value": "01.09.2026", "remove_url": "?"},
    ]
