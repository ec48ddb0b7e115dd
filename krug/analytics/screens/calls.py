"""When the phones ring: a table of hours in which every number opens its calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from krug.access.models import Reach, User
from krug.activities.models import Call
from krug.analytics.measures.calls import HOURS, Load, load_of, open_rows
from krug.analytics.rules.periods import NAMES, Period, period_called
from krug.kernel.dates import today_in, zone_called
from krug.kernel.listing.filters import Condition, all_of
from krug.kernel.listing.state import list_url
from krug.kernel.moment import looking_back
from krug.kernel.registry import get_entity
from krug.kernel.screens.door import asker, door
from krug.kernel.screens.offers import Link
from krug.kernel.ui import formats
from krug.kernel.ui.names import short_name
from krug.kernel.ui.pages import render
from krug.kernel.visibility import rights_of

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

ROWS = {
    "weekday": gettext_lazy("Weekdays"),
    "line": gettext_lazy("Lines"),
    "extension": gettext_lazy("Inner numbers"),
    "employee": gettext_lazy("People"),
}
KINDS = {
    "all": gettext_lazy("All calls"),
    "missed": gettext_lazy("Missed"),
    "answered": gettext_lazy("Answered"),
    "out": gettext_lazy("Outgoing"),
}
INCOMING = Condition("direction", "eq", Call.Direction.IN)
OF_KIND: dict[str, tuple[Condition, ...]] = {
    "all": (),
    "missed": (INCOMING, Condition("result", "in", list(Call.UNANSWERED))),
    "answered": (INCOMING, Condition("result", "eq", Call.Result.ANSWERED)),
    "out": (Condition("direction", "eq", Call.Direction.OUT),),
}
SHADES = 5
OFFICE_HOURS = range(8, 20)


@door("call.view")
@require_safe
def call_load_page(request: HttpRequest) -> HttpResponse:
    """Hours across, weekdays, lines, inner numbers or people down; the darker, the more calls."""
    user = asker(request)
    choice = {
        "by": _chosen(request, "by", open_rows()),
        "which": _chosen(request, "which", list(KINDS)),
        "period": _chosen(request, "period", list(NAMES)),
    }
    zone = zone_called(user.timezone)
    period = period_called(choice["period"], today_in(zone, now=timezone.now()))
    load = load_of(user, period, zone, by=choice["by"], which=choice["which"])
    names = _names(load, user)
    hours, link = _hours_shown(load), partial(_url, choice["which"], period)
    context = {
        "choice": choice,
        "tabs": [(ROWS[by], f"?{urlencode({**choice, 'by': by})}", by == choice["by"]) for by in open_rows()],
        "kinds": list(KINDS.items()),
        "periods": list(NAMES.items()),
        "hours": hours,
        "rows": [{"name": names.get(row) or _("none"), **_row(load, row, hours, link)} for row in load.rows],
        "sums": [(load.of_hour(hour), link(_at(hour))) for hour in hours],
        "total": formats.number(load.total),
        "total_url": link(),
        "summary": _summary(load, names),
        "calls_url": get_entity("call").url(),
    }
    return render(request, "analytics/call_load.html", context)


def load_link(entity: Entity, state: Any, user: User) -> list[Link]:
    """From the list of calls to those that wait, and to the table of hours."""
    if entity.code != "call" or rights_of(user).reach("call") == Reach.NONE or looking_back():
        return []
    waiting = list_url(entity, tree=all_of(*OF_KIND["missed"], Condition("settled_at", "empty")))
    return [
        Link(_("Not called back yet"), waiting, "phone"),
        Link(_("Load by hour"), "/reports/calls/", "reports"),
    ]


def _chosen(request: HttpRequest, name: str, known: list[str]) -> str:
    given = request.GET.get(name, "")
    return given if given in known else known[0]


def _hours_shown(load: Load) -> list[int]:
    """The hours of an office, and whatever else has calls."""
    with_calls = {hour for (_row, hour), count in load.counts.items() if count}
    shown = with_calls | set(OFFICE_HOURS)
    return [hour for hour in HOURS if min(shown) <= hour <= max(shown)]


def _row(load: Load, row: Any, hours: list[int], link: Callable[..., str]) -> dict[str, Any]:
    most = load.busiest[1] if load.busiest else 1
    return {
        "cells": [
            {
                "count": count,
                "shade": -(-SHADES * count // most) if count else 0,
                "url": link(_at(hour), _in_row(load, row)) if count else "",
            }
            for hour in hours
            for count in [load.counts.get((row, hour), 0)]
        ],
        "sum": load.of_row(row),
        "url": link(_in_row(load, row)),
    }


def _names(load: Load, user: User) -> dict[Any, str]:
    if load.by == "weekday":
        return {day.value: str(day.label) for day in Call.Weekday}
    if load.by == "line":
        return {line.pk: str(line) for line in get_entity("phone-line").rows_for(user)}
    if load.by == "employee":
        people = get_entity("user").rows_for(user).filter(pk__in=[row for row in load.rows if row])
        return {one.pk: short_name(one.surname, one.given_name, one.patronymic) for one in people}
    return {row: row for row in load.rows}


def _url(which: str, period: Period, *inside: Condition) -> str:
    """The list of exactly the calls that a number counts."""
    days = (
        Condition("started_at", "gte", period.first.isoformat()),
        Condition("started_at", "lt", period.after.isoformat()),
    )
    return list_url(get_entity("call"), tree=all_of(*days, *OF_KIND[which], *inside))


def _at(hour: int) -> Condition:
    return Condition("hour", "eq", hour)


def _in_row(load: Load, row: Any) -> Condition:
    return Condition(load.by, "empty") if row in (None, "") else Condition(load.by, "eq", row)


def _summary(load: Load, names: dict[Any, str]) -> str:
    if load.busiest is None:
        return ""
    (row, hour), count = load.busiest
    where = {"row": names.get(row) or _("none"), "hour": f"{hour}:00", "count": formats.number(count)}
    return _("Most calls: %(row)s, %(hour)s (%(count)s).") % where
