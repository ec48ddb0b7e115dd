"""Taking back on pages: the message after a deed, the history of a record, the field one asks for."""

from __future__ import annotations

import re

import pytest

from krug.kernel.doors import change_record
from krug.kernel.journal.recording import last_act
from krug.kernel.registry import get_entity
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def party(anna):
    return make_party(owner=anna, employees=5)


@pytest.fixture
def at(client, anna):
    client.force_login(anna)
    return client


def change(party, by, **values):
    change_record(get_entity("party"), party.pk, values, by=by)
    return last_act()


def offered(answer):
    found = re.search(r'action="(/journal/[0-9a-f-]{36}/undo/[^"]*)"', answer.content.decode())
    return found.group(1) if found else ""


def test_a_saved_form_offers_to_undo_and_undoing_offers_to_redo(at, party):
    page = at.post(f"/parties/{party.pk}/edit/", {"version": "1", "employees": "7"}, follow=True)
    answer = at.post(offered(page), follow=True, headers={"referer": f"http://testserver/parties/{party.pk}/"})
    assert Party.objects.get(pk=party.pk).employees == 5
    at.post(offered(answer))
    assert Party.objects.get(pk=party.pk).employees == 7


def test_an_edit_in_place_is_undone_by_the_same_way(at, party):
    page = at.post(f"/parties/{party.pk}/field/employees/", {"version": "1", "employees": "7"}, follow=True)
    at.post(offered(page))
    assert Party.objects.get(pk=party.pk).employees == 5


def test_a_record_made_by_mistake_goes_and_one_returns_to_the_list(at):
    page = at.post(
        "/parties/new/", {"display_name": "Ошибка", "kind": "legal", "once": "one", "quick": "1"}, follow=True
    )
    assert Party.objects.filter(display_name="Ошибка").exists()
    answer = at.post(offered(page))
    assert answer.headers["Location"] == "/parties/"
    assert not Party.objects.filter(display_name="Ошибка").exists()


def test_the_archive_is_left_by_the_message(at, party):
    page = at.post(f"/parties/{party.pk}/archive/", {"version": "1"}, follow=True)
    at.post(offered(page))
    assert not Party.objects.get(pk=party.pk).is_archived


def test_the_history_offers_undo_at_each_act_and_marks_what_is_undone(at, anna, party):
    act = change(party, anna, employees=7)
    page = at.get(f"/parties/{party.pk}/history/").content.decode()
    assert f"/journal/{act}/undo/" in page
    at.post(f"/journal/{act}/undo/")
    page = at.get(f"/parties/{party.pk}/history/").content.decode()
    assert f"/journal/{act}/undo/" not in page
    assert "отменено" in page


def test_the_history_of_one_field_leaves_out_the_others(at, anna, party):
    change(party, anna, employees=7)
    change(party, anna, city="Тотьма")
    page = at.get(f"/parties/{party.pk}/history/?field=employees").content.decode()
    assert "Тотьма" not in page and ">7<" in page


def test_a_stranger_can_not_undo_by_address(client, anna, boris, party):
    act = change(party, anna, employees=7)
    client.force_login(boris)
    assert client.post(f"/journal/{act}/undo/").status_code == 404
    assert Party.objects.get(pk=party.pk).employees == 7


def test_a_refused_undo_says_why_and_changes_nothing(at, anna, gleb, party):
    act = change(party, anna, employees=7)
    change(party, gleb, employees=9)
    answer = at.post(f"/journal/{act}/undo/")
    assert answer.status_code == 422 and "Громов" in answer.content.decode()
    assert Party.objects.get(pk=party.pk).employees == 9
