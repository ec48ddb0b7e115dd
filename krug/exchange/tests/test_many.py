"""Many records by one call: a fate for each row, a run for a filter, one act to take back, rights row by row."""

from __future__ import annotations

import json

import pytest

from krug.access.models import Grant, Reach
from krug.kernel.journal import jobs
from krug.kernel.journal.models import OncePerformed
from krug.kernel.listing.bulk import carry_out
from krug.kernel.models import ChangeRun, SearchDocument
from krug.kernel.registry import entities
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.tests.test_api import Program
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(anna):
    return Program(anna)


def carried_out(answer):
    """The run that was begun, after its job."""
    assert answer.status_code == 202, answer.content
    carry_out(ChangeRun.objects.get(pk=answer.json()["id"]))
    return answer.json()["id"]


def test_rows_are_made_and_changed_each_with_its_fate_and_undone_together(program, anna, boris):
    known, strange = make_party("Известная", owner=anna), make_party(owner=boris)
    rows = [
        {"display_name": "Новая", "city": "Самара"},
        {"id": known.pk, "version": known.version, "city": "Казань"},
        {"id": known.pk, "version": 1_000, "city": "Омск"},
        {"id": strange.pk, "city": "Омск"},
        {"display_name": ""},
        {"display_name": "X", "colour": "red"},
        {"id": "x", "city": "Омск"},
    ]
    answer = program.call("POST", "/parties/rows/", {"rows": rows})
    assert answer.status_code == 200, answer.content
    fates = answer.json()["results"]
    assert [fate["status"] for fate in fates] == [201, 200, 409, 404, 422, 400, 404]
    assert fates[4]["problem"]["errors"][0]["field"] == "display_name"
    assert fates[5]["problem"]["code"] == "UNKNOWN_FIELD"
    assert (Party.objects.get(pk=fates[0]["id"]).city, Party.objects.get(pk=known.pk).city) == ("Самара", "Казань")
    undone = program.call("POST", f"/acts/{answer.json()['act']}/undo/")
    assert undone.status_code == 200, undone.content
    known.refresh_from_db()
    assert known.city == ""
    assert not Party.objects.filter(pk=fates[0]["id"], is_archived=False).exists()


def test_a_key_makes_the_same_rows_once(program):
    sent = {"rows": [{"display_name": "Один раз"}, {"display_name": "И эта"}]}
    first = program.call("POST", "/parties/rows/", sent, **{"Idempotency-Key": "rows-1"})
    second = program.call("POST", "/parties/rows/", sent, **{"Idempotency-Key": "rows-1"})
    assert first.json() == second.json() and second["Idempotent-Replay"] == "true"
    assert Party.objects.count() == 2 and OncePerformed.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"rows": []}, {"rows": "x"}, {"rows": [{}] * 201}, {"row": [{}]}])
def test_what_are_no_rows_is_refused(program, sent):
    answer = program.call("POST", "/parties/rows/", sent)
    assert answer.status_code == 400, answer.content
    assert not Party.objects.exists()


def test_a_row_that_is_no_object_is_named_and_nothing_is_written(program):
    for alien in ("x", None, 7, ["display_name"]):
        answer = program.call("POST", "/parties/rows/", {"rows": [{"display_name": "Первая"}, alien]})
        assert (answer.status_code, answer.json()["code"]) == (422, "ROW_NOT_AN_OBJECT")
        assert answer.json()["detail"].startswith("Row 2 is not an object")
    assert Party.objects.count() == 0


def test_all_that_a_filter_finds_is_changed_by_a_run_that_is_read_and_undone(program, anna, boris):
    for owner in (anna, anna, boris):
        make_party(owner=owner, city="Самара")
    tree = {"all": [{"field": "city", "operator": "eq", "value": "Самара"}]}
    sent = {"act": "change", "values": {"city": "Казань"}, "filter": tree}
    number = carried_out(program.call("POST", "/parties/runs/", sent, **{"Idempotency-Key": "run-1"}))
    told = program.call("GET", f"/runs/{number}/").json()
    assert (told["state"], told["total"], told["done"], told["changed"], told["skipped"]) == ("done", 2, 2, 2, [])
    assert sorted(Party.objects.values_list("city", flat=True)) == ["Казань", "Казань", "Самара"]
    undoing = program.call("POST", f"/runs/{number}/undo/")
    assert (undoing.status_code, undoing.json()["kind"]) == (200, "undo")
    jobs.undo_run.func(undoing.json()["id"])
    assert sorted(Party.objects.values_list("city", flat=True)) == ["Самара"] * 3
    told = program.call("GET", f"/runs/{undoing.json()['id']}/").json()
    assert (told["state"], told["changed"]) == ("done", 2)
    assert program.call("POST", f"/runs/{number}/cancel/").status_code == 200


def test_named_records_are_put_away_and_the_others_told_with_their_reason(program, anna):
    first, second = make_party(owner=anna), make_party(owner=anna)
    Party.objects.filter(pk=second.pk).update(is_archived=True)
    number = carried_out(program.call("POST", "/parties/runs/", {"act": "archive", "ids": [first.pk, second.pk]}))
    told = program.call("GET", f"/runs/{number}/").json()
    assert (told["changed"], told["skipped"][0]["count"]) == (1, 1)
    assert Party.objects.filter(is_archived=True).count() == 2


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "change", "values": {"city": "x"}},
        {"act": "change", "values": {"city": "x"}, "ids": [1], "filter": {"all": []}},
        {"act": "change", "values": {"city": "x"}, "filter": {}},
        {"act": "change", "values": {"city": "x"}, "ids": ["x"]},
        {"act": "change", "values": {"colour": "x"}, "ids": [1]},
        {"act": "no-such-act", "ids": [1]},
        {"act": 1, "ids": [1]},
        {"act": "change", "values": [], "ids": [1]},
        {"act": "archive", "ids": [1], "everything": True},
        {"act": "archive", "filter": {"field": "password", "operator": "eq", "value": 1}},
        {"act": "archive", "filter": "x"},
        {"act": "archive", "filter": {"all": [{"any": []}]}},
        {"act": "archive", "filter": {"any": [{"all": [{"all": []}]}, {"any": []}]}},
        {"act": "archive", "filter": {"not": {"any": []}}},
        {"act": "archive", "q": "   "},
    ],
)
def test_what_is_no_wish_is_refused_and_no_run_begins(program, anna, sent):
    make_party(owner=anna)
    answer = program.call("POST", "/parties/runs/", sent)
    assert answer.status_code == 400, answer.content
    assert not ChangeRun.objects.exists()


def test_a_run_of_another_does_not_exist(program, anna, boris):
    make_party(owner=anna)
    number = program.call(
        "POST", "/parties/runs/", {"act": "archive", "q": "", "ids": [Party.objects.get().pk]}
    ).json()["id"]
    for tail, method in (("", "GET"), ("cancel/", "POST"), ("undo/", "POST")):
        assert Program(boris).call(method, f"/runs/{number}/{tail}").status_code == 404


def test_a_token_without_the_right_begins_nothing(anna):
    party = make_party(owner=anna)
    weak = Program(anna, "party:view")
    assert weak.call("POST", "/parties/runs/", {"act": "archive", "ids": [party.pk]}).status_code == 403
    assert weak.call("POST", "/parties/rows/", {"rows": [{"display_name": "X"}]}).status_code == 403
    assert weak.call("POST", "/parties/rows/", {"rows": [{"id": party.pk, "city": "X"}]}).status_code == 403
    assert not ChangeRun.objects.exists() and Party.objects.count() == 1


def test_every_type_takes_rows_and_runs(gleb):
    program = Program(gleb)
    for entity in entities():
        rows = program.call("POST", f"/{entity.plural_url}/rows/", {"rows": [{"no_such_field": 1}]})
        assert (rows.status_code, rows.json()["results"][0]["status"]) == (200, 400), (entity.code, rows.content)
        tree = {"field": "id", "operator": "eq", "value": 999_999_999}
        run = program.call(
            "POST", f"/{entity.plural_url}/runs/", {"act": "archive", "filter": json.loads(json.dumps(tree))}
        )
        assert run.status_code in (400, 422), (entity.code, run.content)


def test_rows_of_somebody_with_closed_fields_are_found_by_the_words_of_these_as_before(gleb):
    role = make_role("narrow", {"party": (Reach.ALL, ["*"]), "token": (Reach.OWN, ["*"])})
    Grant.objects.filter(role=role, entity="party").update(fields={"*": "edit", "where it is": "hidden"})
    program, party = Program(make_user(role=role)), make_party("Ромашка", owner=gleb, city="Казань")
    row = {"id": party.pk, "display_name": "Лютик"}
    for wrong in ({"city": "Омск"}, {}):
        told = program.call("POST", "/parties/rows/", {"rows": [{**row, **wrong}]}).json()["results"][0]
        assert told["status"] == (400 if wrong else 200), told
    party.refresh_from_db()
    assert (party.display_name, party.city) == ("Лютик", "Казань")
    assert "казань" in SearchDocument.objects.get(entity="party", record_id=party.pk).text
