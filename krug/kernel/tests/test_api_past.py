"""Programs look at the past and take acts back, by the same rules as people."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from krug.kernel.doors import change_record
from krug.kernel.journal.recording import last_act
from krug.kernel.registry import entities, get_entity
from krug.kernel.tests.test_api import Program
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


def moment():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0].isoformat().replace("+00:00", "Z")


@pytest.fixture
def party(anna):
    return make_party("Прежнее имя", owner=anna, employees=5)


def change(party, by, **values):
    change_record(get_entity("party"), party.pk, values, by=by)
    return last_act()


def test_lists_counts_totals_and_records_are_read_as_of_a_moment(anna, party):
    program, then = Program(anna), moment()
    change(party, anna, employees=7)
    found = program.call("GET", f"/parties/?as_of={then}&fields=display_name,employees").json()["results"]
    assert [(each["id"], each["employees"]) for each in found] == [(party.pk, 5)]
    tree = '{"field":"employees","operator":"eq","value":5}'
    assert program.call("GET", f"/parties/count?as_of={then}&filter={tree}").json()["count"] == 1
    assert program.call("GET", f"/parties/count?filter={tree}").json()["count"] == 0
    assert program.call("GET", f"/parties/{party.pk}/?as_of={then}").json()["employees"] == 5
    assert program.call("GET", f"/parties/{party.pk}/").json()["employees"] == 7
    assert program.call("GET", f"/parties/totals?by=city&as_of={then}").status_code == 200


def test_every_type_answers_as_of_a_moment_and_people_say_that_they_have_no_past(gleb, client):
    program, then = Program(gleb), moment()
    make_party(owner=gleb)
    pastless = []
    client.force_login(gleb)
    for entity in entities():
        answer = program.call("GET", f"/{entity.plural_url}/?as_of={then}")
        assert answer.status_code in (200, 400), (entity.code, answer.content)
        if answer.status_code == 400:
            assert answer.json()["code"] == "NO_PAST"
            pastless.append(entity.code)
            page = client.get(f"{entity.url()}?as_of={then}")
            assert page.status_code == 400 and str(entity.plural) in page.content.decode()
    assert sorted(pastless) == ["role", "team", "user"]


@pytest.mark.parametrize(("text", "code"), [("2999-01-01", "IN_FUTURE"), ("1999-01-01", "BEFORE_HISTORY")])
def test_a_moment_that_is_not_kept_is_a_problem_with_a_code(anna, text, code):
    answer = Program(anna).call("GET", f"/parties/?as_of={text}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_an_act_is_undone_and_the_undoing_too(anna, party):
    program = Program(anna)
    answer = program.call("POST", f"/acts/{change(party, anna, employees=7)}/undo/")
    assert (answer.status_code, answer.json()["rows"], answer.json()["left"]) == (200, 1, 0)
    assert Party.objects.get(pk=party.pk).employees == 5
    assert program.call("POST", f"/acts/{answer.json()['act']}/undo/").status_code == 200
    assert Party.objects.get(pk=party.pk).employees == 7


def test_undoing_once_by_the_same_key_changes_nothing_the_second_time(anna, party):
    program, act = Program(anna), change(party, anna, employees=7)
    first = program.call("POST", f"/acts/{act}/undo/", **{"Idempotency-Key": "one"})
    second = program.call("POST", f"/acts/{act}/undo/", **{"Idempotency-Key": "one"})
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()


def test_what_was_changed_since_is_a_problem_and_stays(anna, gleb, party):
    act = change(party, anna, employees=7)
    change(party, gleb, employees=9)
    answer = Program(anna).call("POST", f"/acts/{act}/undo/")
    assert (answer.status_code, answer.json()["code"]) == (422, "NOTHING_TO_UNDO")
    assert Party.objects.get(pk=party.pk).employees == 9


def test_a_strangers_act_and_no_act_at_all_are_not_found(anna, boris, party):
    act = change(party, anna, employees=7)
    assert Program(boris).call("POST", f"/acts/{act}/undo/").status_code == 404
    assert Program(anna).call("POST", f"/acts/{uuid4()}/undo/").status_code == 404
    assert Party.objects.get(pk=party.pk).employees == 7
