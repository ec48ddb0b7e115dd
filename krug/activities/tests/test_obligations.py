"""Obligations: what both sides promised, kept, broken, postponed and called off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from krug.access.models import Reach
from krug.activities.actions.interactions import withdraw_interaction
from krug.activities.actions.obligations import (
    break_obligation,
    cancel_obligation,
    keep_obligation,
    postpone_obligation,
    reopen_obligation,
)
from krug.activities.models import Interaction, Obligation
from krug.activities.testing import make_obligation
from krug.kernel.dates import today_in, zone_called
from krug.kernel.errors import Invalid, Refusal
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(anna):
    client = Client()
    client.force_login(anna)
    return client


def test_the_sheet_notes_what_both_sides_promised_with_days_in_plain_words(desk, anna, happened):
    party, today = make_party("Северный Ветер", owner=anna), today_in(zone_called(anna.timezone))
    sent = {
        "party": party.pk,
        "text": "Обсудили раму",
        "next_step": "",
        "we_promised": "Прислать чертёж завтра",
        "they_promised": "Подписать договор через 2 недели",
    }
    assert desk.post("/log/", sent).status_code == 302
    made = Interaction.objects.get()
    told = [(row.side, row.name, row.due_on, row.owner, row.party, row.interaction) for row in Obligation.objects.all()]
    assert told == [
        ("ours", "Прислать чертёж", today + timedelta(days=1), anna, party, made),
        ("theirs", "Подписать договор", today + timedelta(days=14), anna, party, made),
    ]
    assert happened()[-2:] == ["ObligationGiven", "ObligationGiven"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Прислать чертёж 31.02", "f-we_promised"), ("завтра", "f-we_promised"), ("Прислать вчера", "f-we_promised")],
)
def test_a_promise_that_cannot_be_read_writes_nothing_and_keeps_the_words(desk, anna, typed, code):
    sent = {"party": make_party(owner=anna).pk, "text": "Обсудили раму", "we_promised": typed}
    page = desk.post("/log/", sent)
    body = page.content.decode()
    assert page.status_code == 422
    assert f'id="{code}-error"' in body
    assert f'value="{typed}"' in body
    assert not Interaction.objects.exists()
    assert not Obligation.objects.exists()


def test_the_ledger_stands_on_the_dossier_overdue_first_and_in_words(desk, anna):
    party, today = make_party(owner=anna), today_in(zone_called(anna.timezone))
    make_obligation("Sign the contract", owner=anna, party=party, side="theirs", due_on=today)
    make_obligation("Bring the seal", owner=anna, party=party, due_on=today + timedelta(days=2))
    make_obligation("Send the drawings", owner=anna, party=party, due_on=today - timedelta(days=1))
    ledger = desk.get(f"/parties/{party.pk}/").content.decode().partition('id="obligations"')[2]
    ledger = ledger.partition("</section>")[0]
    places = [ledger.index(words) for words in ("Send the drawings", "Bring the seal", "Sign the contract")]
    assert places == sorted(places)
    assert ledger.count("overdue") + ledger.count("просрочено") == 1


def test_my_day_shows_the_promises_of_the_week_to_their_owner_only(desk, anna, boris):
    today = today_in(zone_called(anna.timezone))
    make_obligation("Late one", owner=anna, due_on=today - timedelta(days=3))
    make_obligation("In a week", owner=anna, due_on=today + timedelta(days=7))
    make_obligation("In eight days", owner=anna, due_on=today + timedelta(days=8))
    make_obligation("Of a colleague", owner=boris, due_on=today)
    kept = make_obligation("Kept already", owner=anna, due_on=today)
    keep_obligation(kept, by=anna)
    page = desk.get("/").content.decode()
    names = ("Late one", "In a week", "In eight days", "Of a colleague", "Kept already")
    assert [name in page for name in names] == [True, True, False, False, False]


def test_a_promise_is_kept_broken_or_called_off_once(anna, happened):
    for act, state in (
        (lambda row: keep_obligation(row, by=anna, outcome="Letter 15"), "kept"),
        (lambda row: break_obligation(row, by=anna, reason="No stock"), "broken"),
        (lambda row: cancel_obligation(row, by=anna, reason="Not needed"), "cancelled"),
    ):
        row = act(make_obligation(owner=anna))
        row.refresh_from_db()
        assert (row.state, row.is_open, row.closed_at is None) == (state, False, False)
        before = happened()
        with pytest.raises(Refusal) as no:
            act(row)
        assert (no.value.code, happened()) == ("WRONG_STATE", before)
        assert reopen_obligation(row, by=anna).is_open


@pytest.mark.parametrize("act", [break_obligation, cancel_obligation])
def test_what_is_not_kept_says_why(anna, act):
    row = make_obligation(owner=anna)
    with pytest.raises(Refusal) as no:
        act(row, by=anna, reason=" ")
    row.refresh_from_db()
    assert (no.value.code, row.state) == ("REASON_REQUIRED", "open")


def test_each_other_day_is_counted_and_none_lies_in_the_past(anna):
    row, later = make_obligation(owner=anna, due_on=date(2999, 11, 20)), date(2999, 11, 27)
    postpone_obligation(row, by=anna, due_on=later, reason="Asked for a week")
    postpone_obligation(row, by=anna, due_on=later)
    with pytest.raises(Refusal) as no:
        postpone_obligation(row, by=anna, due_on=date(2020, 1, 1))
    row.refresh_from_db()
    assert (no.value.code, row.due_on, row.postponed_times) == ("ASSIGN_DUE_PAST", later, 1)


def test_withdrawing_the_contact_calls_its_promises_off(desk, anna):
    sent = {"party": make_party(owner=anna).pk, "text": "By mistake", "we_promised": "Прислать чертёж завтра"}
    desk.post("/log/", sent)
    withdraw_interaction(Interaction.objects.get(), by=anna)
    assert Obligation.objects.get().state == "cancelled"


def test_whoever_sees_the_customer_sees_what_was_promised_and_others_do_not(anna):
    own = {"party": (Reach.OWN, ()), "obligation": (Reach.OWN, ("keep",))}
    olga = make_user("olga@example.org", role=make_role("seller-of-own", own))
    foreign = make_obligation("To a stranger", owner=anna, party=make_party(owner=anna))
    mine = make_obligation("To my customer", owner=anna, party=make_party(owner=olga))
    seen = get_entity("obligation").rows_for(olga).values_list("pk", flat=True)
    assert set(seen) == {mine.pk}
    client = Client()
    client.force_login(olga)
    assert client.get(f"/obligations/{foreign.pk}/").status_code == 404
    assert client.post(f"/obligations/{foreign.pk}/keep/", {"version": foreign.version}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "open"


def test_no_promise_stands_without_an_owner(anna):
    row = make_obligation(owner=anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        Obligation.objects.filter(pk=row.pk).update(owner=None)


def test_promises_are_offered_and_taken_only_by_right(anna):
    role = make_role("logs-only", {"party": (Reach.ALL, ()), "interaction": (Reach.OWN, ("create",))})
    client = Client()
    client.force_login(make_user("olga@example.org", role=role))
    assert "we_promised" not in client.get("/log/").content.decode()
    sent = {"party": make_party(owner=anna).pk, "text": "Обсудили", "we_promised": "Прислать завтра"}
    assert client.post("/log/", sent).status_code == 422
    assert not Obligation.objects.exists() and not Interaction.objects.exists()


def test_a_long_reason_is_refused_whole_and_an_owner_is_asked_for_in_words(desk, anna):
    row = make_obligation(owner=anna)
    with pytest.raises(Invalid):
        break_obligation(row, by=anna, reason="x" * 301)
    row.refresh_from_db()
    assert row.state == "open"
    page = desk.post(
        f"/obligations/{row.pk}/edit/", {"owner": "", "name": row.name, "side": "ours", "party": row.party_id}
    )
    assert page.status_code == 422
    assert "Выберите, кто отвечает за обязательство." in page.content.decode()
