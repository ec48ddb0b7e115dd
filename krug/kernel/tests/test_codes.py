"""Currencies, countries and clocks: stored as codes, chosen and shown by their names."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from krug.access.models import User
from krug.kernel.fields import FieldFault, Reading
from krug.kernel.fields.codes import ZONES, zone_name
from krug.kernel.phrases import new_of, shortened
from krug.kernel.registry import entities, get_entity
from krug.kernel.screens.controls import control

RUSSIAN = Reading(user=User(), today=dt.date(2026, 11, 22), language="ru")


@pytest.mark.parametrize(
    ("name", "code", "russian", "english"),
    [("currency", "RUB", "Российский рубль", "Russian Ruble"), ("country", "RU", "Россия", "Russia")],
)
def test_a_code_is_shown_by_its_name_in_the_language_of_the_reader(name, code, russian, english):
    field = get_entity("party").fields[name]
    with override("ru"):
        assert field.show(code, "ru") == russian
    with override("en"):
        assert field.show(code, "en") == english


def test_a_code_or_a_name_may_be_typed_and_what_does_not_exist_is_refused():
    field = get_entity("party").fields["currency"]
    with override("ru"):
        assert [field.parse(text, RUSSIAN) for text in ("rub", "Российский рубль", "ISK")] == ["RUB", "RUB", "ISK"]
        with pytest.raises(FieldFault):
            field.parse("XQQ", RUSSIAN)


def test_a_clock_is_called_by_its_city_and_how_far_it_is_from_greenwich():
    with override("ru"):
        assert zone_name("Europe/Moscow") == "Москва, UTC+3"
        names = {code: zone_name(code).partition(",")[0] for code in ZONES if code != "UTC"}
        assert (names["Europe/Kyiv"], names["Asia/Kolkata"]) == ("Киев", "Калькутта")
        assert [name for name in names.values() if name.isascii()] == []
    with override("en"):
        assert [zone_name(code) for code in ("Asia/Kolkata", "No/Where")] == ["Kolkata, UTC+5:30", "No/Where"]


def test_a_form_offers_names_and_keeps_a_code_that_is_not_on_the_list():
    field = get_entity("party").fields["currency"]
    with override("ru"):
        made = control(field, RUSSIAN, {"currency": "ISK"})
    assert made.kind == "select"
    assert made.options[0] == ("ISK", "Исландская крона")
    assert ("RUB", "Российский рубль") in made.options


def test_every_type_that_is_made_by_hand_says_whole_what_a_new_one_is_called():
    with override("ru"):
        assert new_of(get_entity("deal")) == "Новая сделка"
        assert new_of(get_entity("party")) == "Новый клиент"
        assert new_of(get_entity("industry")) == "Новая отрасль"
    silent = {"stage-visit", "stage-result", "contact-source", "industry", "loss-reason"}
    assert {entity.code for entity in entities() if entity.form and not entity.new} <= silent


def test_a_long_text_is_shortened_with_a_sign_and_a_short_one_is_not():
    assert shortened("Согласовали цену", 30) == "Согласовали цену"
    assert shortened("а" * 600, 500) == "а" * 499 + "…"


def test_a_person_is_called_in_the_letters_of_the_reader_and_a_firm_keeps_its_name():
    name, firm = get_entity("contact").fields["full_name"], get_entity("requisites").fields["full_name"]
    assert name.show("Фёдорова Анна Сергеевна", "en") == "Anna Fedorova"
    assert name.show("Фёдорова Анна Сергеевна", "ru") == "Фёдорова Анна Сергеевна"
    assert firm.show("ООО «Северный Ветер»", "en") == "ООО «Северный Ветер»"
