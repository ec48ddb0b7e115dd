"""Bulk edit on pages: tick in the list, choose fields, look ahead, run, undo from the journal."""

from __future__ import annotations

import re

import pytest

from krug.kernel.journal import jobs
from krug.kernel.models import ChangeRun, RunAct
from krug.kernel.registry import entities
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties(anna):
    return [make_party(owner=anna, employees=number) for number in range(1, 5)]


@pytest.fixture
def at(client, anna):
    anna.language = "en"
    anna.save(update_fields=["language"])
    client.force_login(anna)
    return client


def all_but(parties, left):
    """What the list sends when the page was ticked, all chosen, and one row left out again."""
    return {
        "all": "true",
        "shown": ",".join(str(each.pk) for each in parties),
        "id": [str(each.pk) for each in parties if each is not left],
    }


def hidden(page):
    """What a step sends on: the fields of the form of the next step."""
    form = page.content.decode().split('<form class="form')[-1]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form):
        found.setdefault(name, []).append(value)
    return found


def test_all_but_one_from_the_list_to_the_undo_in_the_journal(at, parties):
    page = at.post("/parties/bulk/", all_but(parties, parties[3]))
    assert "except 1 record" in page.content.decode()
    kept = {"all": "true", "except": str(parties[3].pk)}
    page = at.post("/parties/bulk/", {**kept, "step": "values", "deed": "edit", "pick": ["employees"]})
    assert 'name="employees"' in page.content.decode()
    page = at.post(
        "/parties/bulk/", {**kept, "step": "preview", "deed": "edit", "pick": ["employees"], "employees": "9"}
    )
    text = page.content.decode()
    assert "3 records" in text and ">9<" in text
    assert list(Party.objects.order_by("pk").values_list("employees", flat=True)) == [1, 2, 3, 4]
    sent = hidden(page)
    assert sent["step"] == ["run"] and sent["employees"] == ["9"]
    answer = at.post("/parties/bulk/", sent)
    run = ChangeRun.objects.get()
    assert answer.headers["Location"] == f"/journal/runs/{run.pk}/"
    jobs.bulk_run.func(run.pk)
    assert list(Party.objects.order_by("pk").values_list("employees", flat=True)) == [9, 9, 9, 4]
    assert f"/journal/runs/{run.pk}/undo/" in at.get("/journal/").content.decode()
    answer = at.post(f"/journal/runs/{run.pk}/undo/")
    jobs.undo_run.func(ChangeRun.objects.latest("pk").pk)
    assert list(Party.objects.order_by("pk").values_list("employees", flat=True)) == [1, 2, 3, 4]
    assert "Undone" in at.get(f"/journal/runs/{run.pk}/").content.decode()
    parts = [f"/journal/{act}/undo/" for act in RunAct.objects.values_list("act", flat=True)]
    journal = at.get("/journal/").content.decode()
    assert len(parts) == 2 and not any(part in journal for part in parts)
    assert at.post(parts[-1]).headers["Location"] == f"/journal/runs/{ChangeRun.objects.latest('pk').pk}/"


def test_a_part_of_a_run_leads_to_the_run(at, parties):
    at.post(
        "/parties/bulk/",
        {"id": [str(parties[0].pk)], "step": "run", "deed": "edit", "pick": ["employees"], "employees": "9"},
    )
    run = ChangeRun.objects.get()
    jobs.bulk_run.func(run.pk)
    act = run.acts.get().act
    assert at.post(f"/journal/{act}/undo/").headers["Location"] == f"/journal/runs/{run.pk}/"
    assert f"/journal/runs/{run.pk}/" in at.get(f"/parties/{parties[0].pk}/history/").content.decode()


def test_what_can_not_be_read_stands_at_its_field(at, parties):
    sent = {"id": [str(parties[0].pk)], "step": "preview", "deed": "edit", "pick": ["employees"], "employees": "many"}
    page = at.post("/parties/bulk/", sent)
    assert page.status_code == 422 and 'value="many"' in page.content.decode()
    assert not ChangeRun.objects.exists()


def test_nothing_ticked_says_what_to_do(at, parties):
    assert "Tick the records" in at.post("/parties/bulk/", {"step": "preview"}).content.decode()


def test_another_person_meets_no_such_run(at, client, boris, parties):
    at.post("/parties/bulk/", {"id": [str(parties[0].pk)], "step": "run", "deed": "archive"})
    run = ChangeRun.objects.get()
    client.force_login(boris)
    assert client.get(f"/journal/runs/{run.pk}/").status_code == 404
    assert client.post(f"/journal/runs/{run.pk}/undo/").status_code == 404


def test_who_may_change_nothing_has_no_ticks(client, parties):
    client.force_login(make_user(role=make_role("reader", {"party": ("all", [])})))
    assert "/parties/bulk/" not in client.get("/parties/?saved=all").content.decode()


def test_every_type_that_can_be_changed_offers_its_fields(client, gleb):
    client.force_login(gleb)
    for entity in entities():
        page = client.post(f"{entity.url()}bulk/", {"all": "true"})
        assert page.status_code == 200, entity.code
        for name in entity.editable:
            assert f'value="{name}"' in page.content.decode(), (entity.code, name)


def test_the_journal_tells_my_acts_and_not_those_of_others(at, anna, boris, client, parties):
    from krug.kernel.doors import change_record
    from krug.kernel.registry import get_entity

    change_record(get_entity("party"), parties[0].pk, {"employees": 77}, by=anna)
    other = make_party("Чужая", owner=boris)
    change_record(get_entity("party"), other.pk, {"employees": 77}, by=boris)
    page = at.get("/journal/").content.decode()
    assert parties[0].display_name in page and "Чужая" not in page
