"""The second step that a role asks for, and being sent away, hold at every door and in every job (AUT-09, SES-03)."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from ninja.constants import NOT_SET

from krug.access.models import ApiToken, Passkey, Role, Session, User
from krug.administration.actions.people import deactivate_person
from krug.administration.actions.roles import change_role
from krug.administration.jobs import end_sessions_without_step
from krug.config.serving.events import EventStream, _parameters
from krug.exchange.exporting import lines
from krug.exchange.exporting.files import path_of, work_on_export
from krug.exchange.importing.running import work_on, write_run
from krug.exchange.models import ExportRun, ImportRun
from krug.kernel import doors
from krug.kernel.api.service import caller, service
from krug.kernel.errors import NotAllowed
from krug.kernel.journal.jobs import bulk_run, undo_run
from krug.kernel.journal.runs import begin_undo
from krug.kernel.listing.bulk import Selection
from krug.kernel.live import CHANNEL, SIGNED_OUT
from krug.kernel.models import AuditRecord, ChangeRun, RunAct
from krug.kernel.registry import entities, get_entity
from krug.kernel.testing.cast import make_role, make_user, seller_role
from krug.kernel.testing.contract import routes
from krug.kernel.testing.looping import run_apart
from krug.kernel.tokens import issue
from krug.parties.testing import make_party

pytestmark = [pytest.mark.django_db]
PASSWORD = "krug and nothing else"
NOT_THERE = "987654321"


def demand(person: User, *, days: int = 0) -> None:
    """From that day on one of the person's roles asks for the second step."""
    person.roles.update(factor_from=timezone.localdate() + timedelta(days=days))


def set_up(person: User) -> None:
    Passkey.objects.create(user=person, name="Key", credential=f"{person.pk:02x}", public=b"1")


def program(person: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {issue(person).text}"})


def signed_in(person: User) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"email": person.email, "password": PASSWORD})["Location"] == "/"
    return client


def calls() -> list[str]:
    """The addresses of the API with something in the place of each word in brackets; of all types one is asked."""
    other = {f"api/v1/{entity.plural_url}" for entity in entities() if entity.code != "deal"}
    words = {"uuid": str(UUID(int=7)), "uuidstr": str(UUID(int=7)), "int": NOT_THERE}
    found = {
        re.sub(r"<(\w+):\w+>", lambda word: words.get(word[1], "none"), address)
        for address, view in routes()
        if address.startswith("api/v1/")
        and not address.startswith("api/v1/docs")
        and "/".join(address.split("/")[:3]) not in other
    }
    return sorted(found - {"api/v1/"})


def test_no_call_of_the_api_is_answered_to_a_token_whose_owner_lacks_the_step(gleb):
    client = program(gleb)
    demand(gleb)
    assert len(calls()) > 20
    open_to_him = []
    for address in calls():
        for method in ("get", "post", "patch", "delete"):
            answer = getattr(client, method)(f"/{address}", content_type="application/json")
            told = answer.status_code, answer.json().get("code") if answer.status_code == 403 else ""
            if told not in ((403, "SECOND_STEP"), (405, "")):
                open_to_him.append((method, address, *told))
    assert open_to_him == []
    assert ApiToken.objects.get().last_used_at is None


def test_every_call_of_every_type_asks_the_same_doorkeeper():
    calls_made = [
        call
        for _prefix, router in service()._routers
        for view in router.path_operations.values()
        for call in view.operations
    ]
    assert len(calls_made) > 500
    assert service().auth == [caller]
    assert [call.operation_id for call in calls_made if call.auth_param not in (NOT_SET, [caller])] == []


def test_the_refusal_says_what_to_do_and_once_that_is_done_the_token_works(anna):
    client = program(anna)
    demand(anna)
    answer = client.get("/api/v1/deals/", headers={"Accept-Language": "ru"})
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "второго шага" in answer.json()["detail"]
    set_up(anna)
    assert client.get("/api/v1/deals/").status_code == 200
    assert client.get("/api/v1/changes").status_code == 200


def test_a_token_works_until_the_day_comes_and_where_the_role_is_put_away(anna):
    client = program(anna)
    demand(anna, days=1)
    assert client.get("/api/v1/deals/").status_code == 200
    demand(anna)
    Role.objects.filter(users=anna).update(is_archived=True)
    assert (
        client.get("/api/v1/deals/").status_code != 403 or client.get("/api/v1/deals/").json()["code"] != "SECOND_STEP"
    )


def test_behind_no_door_is_anything_done_in_the_name_of_somebody_who_lacks_the_step(anna, happened):
    party = make_party("Насос", owner=anna)
    before = happened()
    demand(anna)
    person, entity = User.objects.get(pk=anna.pk), get_entity("party")
    attempts = (
        lambda: doors.create_record(entity, {"display_name": "Новая"}, by=person),
        lambda: doors.change_record(entity, party.pk, {"city": "Омск"}, by=person),
        lambda: doors.archive_record(entity, party.pk, by=person),
        lambda: doors.perform(entity, "liquidate", party.pk, by=person),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert happened() == before
    party.refresh_from_db()
    assert (party.city, party.is_archived) == ("", False)


def test_sessions_from_before_end_in_the_moment_in_which_a_role_asks_for_the_step(anna, boris, gleb):
    lacks, has = signed_in(anna), signed_in(boris)
    set_up(boris)
    change_role(seller_role(), {"factor_from": timezone.localdate()}, by=gleb)
    assert (lacks.get("/me/").status_code, has.get("/me/").status_code) == (302, 200)
    assert list(Session.objects.values_list("user", flat=True)) == [boris.pk]


def test_sessions_from_before_end_when_the_day_comes_though_nobody_asks_for_a_page(anna, boris):
    signed_in(anna)
    set_up(boris)
    signed_in_with_step = Session.objects.create(
        session_key="boris", user=boris, expire_date=timezone.now() + timedelta(hours=1)
    )
    demand(anna, days=1)
    end_sessions_without_step(0)
    assert Session.objects.count() == 2
    demand(anna)
    end_sessions_without_step(0)
    assert list(Session.objects.all()) == [signed_in_with_step]


def test_however_many_are_signed_in_the_clock_asks_one_question(anna, boris, vera, gleb, django_assert_num_queries):
    for person in (anna, boris, vera, gleb):
        signed_in(person)
        set_up(person)
    demand(anna)
    with django_assert_num_queries(1):
        end_sessions_without_step(0)
    assert Session.objects.count() == 4


@pytest.mark.parametrize("why", ["without-step", "deactivated"])
def test_a_running_export_stops_where_it_stands_and_leaves_no_file(why, anna, gleb, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    for place in range(4):
        make_party(f"Фирма {place}", owner=anna)
    monkeypatch.setattr(lines, "BATCH", 1)
    told, seen = lines.told, []

    def meanwhile(*given: Any) -> Any:
        seen.append(given)
        if len(seen) == 2:
            demand(anna) if why == "without-step" else deactivate_person(User.objects.get(pk=anna.pk), by=gleb)
        return told(*given)

    monkeypatch.setattr(lines, "told", meanwhile)
    run = ExportRun.objects.create(
        entity="party", format="jsonl", created_by=anna, expires_at=timezone.now() + timedelta(days=1)
    )
    work_on_export(run)
    assert (run.state, len(seen)) == ("failed", 2)
    assert run.trouble
    assert not path_of(run).exists() and list((tmp_path / "exports").iterdir()) == []


@pytest.mark.parametrize("why", ["without-step", "deactivated"])
def test_an_export_that_streams_to_the_browser_breaks_off(why, anna, gleb, client, monkeypatch):
    for place in range(4):
        make_party(f"Фирма {place}", owner=anna)
    monkeypatch.setattr(lines, "BATCH", 1)
    client.force_login(anna)
    stream = iter(client.get("/parties/export/").streaming_content)
    assert "Фирма" in next(line.decode() for line in stream if b";" in line and line[:1].isdigit())
    demand(anna) if why == "without-step" else deactivate_person(User.objects.get(pk=anna.pk), by=gleb)
    with pytest.raises(NotAllowed):
        list(stream)


@pytest.mark.parametrize("why", ["without-step", "deactivated"])
def test_imports_bulk_edits_and_undoing_under_way_are_not_carried_on(why, gleb, happened):
    person = make_user(role=make_role("importer", {"*": ("all", ["*"])}))
    party = make_party("Насос", owner=person)
    doors.change_record(get_entity("party"), party.pk, {"city": "Омск"}, by=person)
    act = party.__class__.objects.get(pk=party.pk) and _last_act()
    bulk = ChangeRun.objects.create(
        kind="edit",
        entity="party",
        created_by=person,
        total=1,
        wanted=Selection((party.pk,)).to_json() | {"values": {"city": "Тверь"}, "verb": "", "last": party.pk},
    )
    done = ChangeRun.objects.create(kind="edit", entity="party", state="done", created_by=person)
    RunAct.objects.create(act=act, run=done)
    back = ChangeRun.objects.create(kind="undo", entity="party", undoes=done, created_by=person, total=1)
    brought = ImportRun.objects.create(preset="maven-crm", created_by=person, state=ImportRun.State.WRITING)
    before = happened()
    demand(person) if why == "without-step" else deactivate_person(User.objects.get(pk=person.pk), by=gleb)
    bulk_run(bulk.pk)
    undo_run(back.pk)
    work_on(ImportRun.objects.select_related("created_by").get(pk=brought.pk), write=True)
    for run in (bulk, back, brought):
        run.refresh_from_db()
    assert [run.state in ("failed", "cancelled") for run in (bulk, brought)] == [True, True]
    assert (back.changed, bulk.changed) == (0, 0)
    assert [event for event in happened() if event not in before] == (
        [] if why == "without-step" else ["PersonDeactivated"]
    )
    party.refresh_from_db()
    assert party.city == "Омск"


def _last_act() -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT act FROM row_change WHERE table_name = 'party' ORDER BY id DESC LIMIT 1")
        found: UUID = cursor.fetchone()[0]
        return found


def test_whoever_is_sent_away_is_out_of_every_page_and_call_at_once(anna, gleb):
    browser, caller = signed_in(anna), program(anna)
    assert (browser.get("/me/").status_code, caller.get("/api/v1/deals/").status_code) == (200, 200)
    deactivate_person(anna, by=gleb)
    assert browser.get("/me/")["Location"].startswith("/sign-in/")
    answer = caller.get("/api/v1/deals/")
    assert (answer.status_code, answer.json()["code"]) == (401, "BAD_TOKEN")
    assert not Session.objects.filter(user=anna).exists()
    assert not ApiToken.objects.filter(user=anna, revoked_at=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("why", ["without-step", "deactivated"])
def test_open_streams_of_events_are_told_in_the_same_moment(why, anna, gleb):
    signed_in(anna)
    with psycopg.connect(**_parameters(), autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        with transaction.atomic():
            if why == "without-step":
                change_role(seller_role(), {"factor_from": timezone.localdate()}, by=gleb)
            else:
                deactivate_person(anna, by=gleb)
            assert list(listening.notifies(timeout=0.05)) == []
        assert [each.payload for each in listening.notifies(timeout=5, stop_after=1)] == [SIGNED_OUT]


@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_as_soon_as_its_session_has(anna, gleb):
    key = signed_in(anna).cookies["session"].value

    async def story() -> bool:
        stream = EventStream()
        queue: asyncio.Queue[str | None] = asyncio.Queue(5)
        stream._clients[queue], stream._sessions[queue] = frozenset({"deals"}), key
        stream.open()
        try:
            await asyncio.sleep(0.3)
            await asyncio.to_thread(_send_away, anna, gleb)
            return await asyncio.wait_for(queue.get(), 5) is None
        finally:
            await stream.close()

    assert run_apart(story())


def _send_away(person: User, by: User) -> None:
    try:
        deactivate_person(person, by=by)
    finally:
        connection.close()


def test_the_session_engine_is_the_one_whose_rows_are_ended():
    assert django_settings.SESSION_ENGINE == "krug.access.session_store"


def test_what_is_done_to_many_records_stands_in_the_audit_record(client):
    person = make_user(role=make_role("importer", {"*": ("all", ["*"])}))
    party = make_party("Насос", owner=person)
    sent = {"act": "change", "values": {"city": "Омск"}, "ids": [party.pk]}
    answer = program(person).post("/api/v1/parties/runs/", sent, content_type="application/json")
    bulk_run(answer.json()["id"])
    begin_undo(ChangeRun.objects.get(pk=answer.json()["id"]), by=person)
    brought = ImportRun.objects.create(preset="maven-crm", created_by=person, state=ImportRun.State.CHECKED, total=3)
    write_run(brought, by=person)
    told = AuditRecord.objects.filter(actor=person).exclude(kind__startswith="key").order_by("id")
    assert [(line.kind, line.object, line.data) for line in told] == [
        ("bulk", "party", {"what": "change", "count": 1}),
        ("bulk.undone", "party", {"count": 1}),
        ("import", f"import:{brought.pk}", {"count": 3}),
    ]
