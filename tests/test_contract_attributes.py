"""Fields that the company has added, of every kind, by programs: defined, written, read, filtered, refused."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from krug.administration.testing import make_attribute
from krug.documents.testing import make_file
from krug.kernel.journal.models import JournalEntry
from krug.kernel.tests.test_api import Program
from krug.parties.testing import make_party
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(gleb):
    return Program(gleb)


def defined(kind, **given):
    added = make_attribute(f"Added {kind}", kind=kind, **given)
    return added.key, {value.name_en: value.pk for value in added.values.all()}


def found(program, key, operator, value=None):
    tree = {"field": key, "operator": operator, **({} if value is None else {"value": value})}
    answer = program.call("GET", f"/parties/?{urlencode({'filter': json.dumps(tree), 'fields': 'id'})}")
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


# kind, what defines it, what is written, what is read, a condition that finds it, one that does not, what is refused
PLAIN = [
    ("text", {}, "Лев", "Лев", ("contains", "ле"), ("eq", "Рак"), "x" * 1001),
    ("number", {"details": {"places": 2}}, "12.50", "12.50", ("gte", "12.5"), ("gt", "12.5"), "много"),
    ("money", {"details": {"currency": "RUB"}}, "99.90", "99.90", ("lt", "100"), ("lt", "99"), "дорого"),
    ("date", {}, "2026-11-21", "2026-11-21", ("gte", "2026-11-21"), ("lt", "2026-11-21"), "вчера-то"),
    ("yes_no", {}, True, True, ("eq", True), ("eq", False), "may be"),
]


@pytest.mark.parametrize(
    ("kind", "given", "sent", "read", "finds", "misses", "wrong"), PLAIN, ids=[p[0] for p in PLAIN]
)
def test_a_plain_kind_is_written_read_found_and_refused(program, gleb, kind, given, sent, read, finds, misses, wrong):
    key, _values = defined(kind, **given)
    party = make_party(owner=gleb)
    made = program.call("POST", "/parties/", {"display_name": "Новая", key: sent})
    assert (made.status_code, made.json()[key]) == (201, read), made.content
    answer = program.call("PATCH", f"/parties/{party.pk}/", {key: sent})
    assert answer.json()[key] == read
    assert party.pk in found(program, key, *finds) and party.pk not in found(program, key, *misses)
    before = JournalEntry.objects.count()
    refused = program.call("PATCH", f"/parties/{party.pk}/", {key: wrong})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, key), refused.content
    assert program.call("GET", f"/parties/{party.pk}/").json()[key] == read
    assert JournalEntry.objects.count() == before
    (change,) = program.call("GET", f"/parties/{party.pk}/history/").json()["results"][0]["changes"]
    assert (change["field"], change["new"]) == (key, read)


def test_values_of_a_list_are_written_by_number_and_strange_ones_refused(program, gleb):
    one, values = defined("choice", values=["Small", "Large"])
    several, many = defined("choices", values=["Red", "Blue", "Green"])
    tree, places = defined("tree", values=["Россия > Тверь", "Россия > Омск"])
    party = make_party(owner=gleb)
    city = next(pk for name, pk in places.items() if "Тверь" in name)
    land = next(pk for name, pk in places.items() if name == "Россия")
    sent = {one: values["Large"], several: [many["Red"], many["Green"]], tree: city}
    told = program.call("PATCH", f"/parties/{party.pk}/", sent).json()
    assert {key: told[key] for key in sent} == {**sent, several: sorted(sent[several])}
    for key, operator, value in (
        (one, "eq", values["Large"]),
        (several, "eq", many["Green"]),
        (several, "in", [many["Red"], many["Blue"]]),
        (tree, "eq", city),
        (tree, "eq", land),  # what stands under it is found too
    ):
        assert found(program, key, operator, value) == [party.pk], (key, operator)
    assert found(program, several, "in", [many["Blue"]]) == found(program, one, "ne", values["Large"]) == []
    for key, wrong in ((one, 999_999), (several, [many["Red"], 999_999]), (tree, 999_999)):
        refused = program.call("PATCH", f"/parties/{party.pk}/", {key: wrong})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, key)


def test_links_to_records_and_people_show_names_and_take_only_what_the_caller_sees(program, gleb, anna, boris):
    record, _values = defined("reference", details={"target": "party"})
    person, _values = defined("person")
    theirs, party = make_party("Чужая", owner=boris), make_party(owner=anna)
    caller = Program(anna)
    for pk, status in ((theirs.pk, 422), (party.pk, 200)):
        assert caller.call("PATCH", f"/parties/{party.pk}/", {record: pk}).status_code == status
    told = program.call("PATCH", f"/parties/{party.pk}/", {record: theirs.pk, person: boris.pk}).json()
    assert (told[record], told[person]["id"]) == ({"id": theirs.pk, "name": "Чужая"}, boris.pk)
    assert caller.call("GET", f"/parties/{party.pk}/").json()[record] == {"id": theirs.pk, "name": None}
    assert found(program, record, "eq", theirs.pk) == found(program, person, "eq", boris.pk) == [party.pk]


def test_a_file_stands_in_its_field_by_its_number(program, gleb, settings, tmp_path):
    settings.DATA = tmp_path
    key, _values = defined("file")
    party = make_party(owner=gleb)
    kept = make_file(owner=gleb)
    told = program.call("PATCH", f"/parties/{party.pk}/", {key: kept.pk})
    assert told.status_code == 200, told.content
    assert told.json()[key]["id"] == kept.pk
    assert found(program, key, "not_empty") == [party.pk]


def test_what_is_worked_out_is_read_sorted_and_found_and_never_written(program, gleb):
    bonus, _values = defined("number", details={"places": 0})
    twice, _values = defined("formula", details={"formula": f"{bonus} * 2"})
    total, _values = defined("roll_up", details={"roll_up": "deal.party.sum.amount"})
    rich, poor = make_party("Богатая", owner=gleb), make_party("Бедная", owner=gleb)
    for amount in ("100.50", "200"):
        make_deal(owner=gleb, party=rich, amount=amount)
    program.call("PATCH", f"/parties/{rich.pk}/", {bonus: "21"})
    told = program.call("GET", f"/parties/{rich.pk}/?fields={twice},{total}").json()
    assert (told[twice], told[total]) == ("42", "300.5")
    assert program.call("GET", f"/parties/{poor.pk}/?fields={twice}").json()[twice] is None
    assert found(program, twice, "eq", "42") == found(program, total, "gt", "300") == [rich.pk]
    assert found(program, total, "gt", "301") == []
    before = JournalEntry.objects.count()
    for key in (twice, total):
        for method, path in (("PATCH", f"/parties/{rich.pk}/"), ("POST", "/parties/")):
            refused = program.call(method, path, {"display_name": "x", key: "1"})
            assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, key)
    assert JournalEntry.objects.count() == before
    schema = program.call("GET", "/schema").json()["paths"]["/api/v1/parties/{pk}/"]
    written = schema["patch"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    shown = schema["get"]["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    assert bonus in written and not {twice, total} & set(written)
    assert {bonus, twice, total} <= set(shown)
