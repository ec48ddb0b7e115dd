"""Contacts with customers: written down with everybody who took part, and taken back."""

from __future__ import annotations

from datetime import date

import pytest

from krug.activities.actions.interactions import Said, log_interaction, withdraw_interaction
from krug.activities.actions.tasks import NextStep
from krug.activities.models import Interaction, Task
from krug.activities.testing import make_interaction
from krug.kernel.errors import Refusal
from krug.kernel.journal.models import JournalMention
from krug.kernel.testing.cast import make_user
from krug.parties.testing import make_party, make_position

pytestmark = pytest.mark.django_db


def test_a_contact_stands_in_the_histories_of_all_five_who_took_part(anna, boris, happened):
    party = make_party(owner=anna)
    theirs = [make_position(party=party, by=anna).contact, make_position(party=party, by=anna).contact]
    ours = [boris, make_user()]
    made = log_interaction(party, Said(text="Agreed on the terms", contacts=theirs, colleagues=ours), by=anna)
    mentioned = set(JournalMention.objects.filter(entry_id__gt=0).values_list("entity", "record_id"))
    assert {("contact", each.pk) for each in theirs} <= mentioned
    assert {("user", each.pk) for each in [*ours, anna]} <= mentioned
    assert ("party", party.pk) in mentioned
    assert ("interaction", made.pk) in mentioned
    assert made.curator == anna
    assert happened()[-1] == "InteractionLogged"


def test_a_next_step_becomes_a_task_with_its_day(anna):
    made = make_interaction(owner=anna, next_step=NextStep(name="Call back", due_on=date(2026, 12, 1)))
    task = Task.objects.get(interaction=made)
    assert (task.name, task.due_on, task.assignee, task.party) == ("Call back", date(2026, 12, 1), anna, made.party)


def test_nothing_is_written_without_words(anna, happened):
    party = make_party(owner=anna)
    before = happened()
    with pytest.raises(Refusal) as no:
        log_interaction(party, Said(text="   "), by=anna)
    assert no.value.field == "text"
    assert happened() == before
    assert not Interaction.objects.exists()


def test_what_was_not_held_needs_a_reason(anna):
    with pytest.raises(Refusal) as no:
        log_interaction(make_party(owner=anna), Said(text="Meeting", state="not_held"), by=anna)
    assert no.value.field == "reason"
    assert not Interaction.objects.exists()


def test_taking_a_contact_back_drops_its_next_step(anna, happened):
    made = make_interaction(owner=anna, next_step=NextStep(name="Call back", due_on=date(2026, 12, 1)))
    withdraw_interaction(made, by=anna)
    made.refresh_from_db()
    assert made.is_archived
    assert Task.objects.get(interaction=made).state == "cancelled"
    assert happened()[-1] == "InteractionWithdrawn"


def test_only_the_author_or_the_curator_takes_a_contact_back(anna, boris):
    made = make_interaction(owner=anna)
    with pytest.raises(Refusal):
        withdraw_interaction(made, by=boris)
    made.refresh_from_db()
    assert not made.is_archived
