"""Imports and merges stand among the large changes of the journal, each taken back as a whole."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.administration.large_changes import large_changes
from krug.duplicates.merging.uniting import merge_at_door
from krug.exchange.importing.running import take_run_back, undo_run
from krug.exchange.tests.test_import_wizard import checked, opened, written
from krug.kernel.journal.large import wholes_behind
from krug.kernel.registry import get_entity
from krug.kernel.tokens import issue
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(gleb, client, settings, tmp_path):
    ensure_shipped_roles()
    settings.DATA = tmp_path
    client.force_login(gleb)
    return client


CONTENT = "Название;Город\nРомашка;Томск\nВасилёк;Омск\n"


def lines(user):
    return [(change.label, change.records, bool(change.undo_url)) for change in large_changes(user)]


def test_an_import_stands_in_the_journal_and_a_check_alone_does_not(desk, gleb, anna):
    run = checked(opened(gleb, "p.csv", CONTENT), gleb)
    assert lines(gleb) == []
    run = written(run, gleb)
    assert [(records, may) for _label, records, may in lines(gleb)] == [(run.done, True)]
    assert "p.csv" in lines(gleb)[0][0]
    assert lines(anna) == []
    page = desk.get("/journal/").content.decode()
    assert f'action="/import/{run.pk}/undo/"' in page
    take_run_back(undo_run(run, by=gleb))
    assert [may for _label, _records, may in lines(gleb)] == [False]
    assert not Party.objects.filter(is_archived=False).exists()


def test_an_act_of_an_import_is_only_taken_back_with_the_whole(desk, gleb, anna):
    run = written(checked(opened(gleb, "p.csv", CONTENT), gleb), gleb)
    act = run.acts[0]
    assert wholes_behind([UUID(act)], gleb) == {UUID(act): f"/import/{run.pk}/"}
    assert wholes_behind([UUID(act)], anna) == {UUID(act): ""}
    assert desk.post(f"/journal/{act}/undo/")["Location"] == f"/import/{run.pk}/"
    made = Party.objects.get(display_name="Ромашка")
    told = desk.get(f"/parties/{made.pk}/history/").content.decode()
    assert f"/import/{run.pk}/" in told and f"/journal/{act}/undo/" not in told
    token = {"Authorization": f"Bearer {issue(gleb).text}"}
    answer = desk.post(f"/api/v1/acts/{act}/undo/", b"", content_type="application/json", headers=token)
    assert (answer.status_code, json.loads(answer.content)["whole"]) == (202, f"/api/v1/imports/{run.pk}/")
    assert Party.objects.filter(is_archived=False).count() == 2


def test_a_merge_stands_in_the_journal_once_and_goes_back_from_there(desk, gleb):
    keeper, loser = make_party("ООО Ромашка", owner=gleb), make_party("Romashka", owner=gleb)
    merge_at_door(get_entity("party"), keeper.pk, [loser.pk], choices={}, by=gleb)
    [change] = large_changes(gleb)
    assert (change.records, change.url) == (2, f"/parties/{keeper.pk}/") and "Ромашка" in change.label
    assert desk.get("/journal/").content.decode().count(f'action="{change.undo_url}"') == 1
    desk.post(change.undo_url)
    loser.refresh_from_db()
    assert not loser.is_archived
