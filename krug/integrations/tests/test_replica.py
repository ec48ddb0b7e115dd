"""Whoever replays the feed from its beginning holds what the lists show, whatever was done in between."""

from __future__ import annotations

import random

import pytest

from krug.activities.testing import make_task
from krug.duplicates.merging.splitting import split_at_door
from krug.duplicates.merging.uniting import merge_at_door
from krug.integrations.tests.test_changes import Copy, truth
from krug.kernel import doors
from krug.kernel.errors import No
from krug.kernel.journal.models import RowChange
from krug.kernel.journal.runs import undo_one
from krug.kernel.models import RecordMerge
from krug.kernel.registry import entities, get_entity
from krug.parties.models import Contact, Party
from krug.parties.testing import make_contact, make_party
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db
STEPS = 40


def step(chance, gleb, owners):
    """One act of somebody, whatever it is; what a rule refuses is not done."""
    entity, parties = get_entity("party"), list(Party.objects.values_list("pk", flat=True))
    pk = chance.choice(parties)
    kind = chance.choice(("make", "edit", "owner", "archive", "restore", "merge", "split", "undo", "contact", "deal"))
    if kind == "make":
        make_party(owner=chance.choice(owners))
    elif kind == "edit":
        doors.change_record(entity, pk, {"city": chance.choice(("Омск", "Тверь", "Самара"))}, by=gleb)
    elif kind == "owner":
        doors.change_record(entity, pk, {"owner": chance.choice(owners)}, by=gleb)
    elif kind == "archive":
        doors.archive_record(entity, pk, by=gleb)
    elif kind == "restore":
        doors.restore_record(entity, pk, by=gleb)
    elif kind == "merge":
        merge_at_door(entity, pk, [chance.choice(parties)], by=gleb)
    elif kind == "split":
        merges = list(RecordMerge.objects.filter(entity="party").values_list("loser_id", flat=True))
        split_at_door(entity, chance.choice(merges or [pk]), by=gleb)
    elif kind == "undo":
        acts = list(RowChange.objects.exclude(act=None).values_list("act", flat=True).distinct())
        undo_one(chance.choice(acts), by=gleb)
    elif kind == "contact":
        make_contact(owner=chance.choice(owners))
        people = list(Contact.objects.values_list("pk", flat=True))
        doors.archive_record(get_entity("contact"), chance.choice(people), by=gleb)
    else:
        chance.choice((make_deal, make_task))(owner=chance.choice(owners))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_feed_replayed_from_zero_gives_what_the_lists_show(seed, anna, boris, gleb):
    chance, codes = random.Random(seed), [entity.code for entity in entities()]
    for owner in (anna, boris, gleb):
        make_party(owner=owner)
    live, done = Copy(gleb), 0
    for number in range(STEPS):
        try:
            step(chance, gleb, [anna, boris, gleb])
            done += 1
        except No:
            pass
        if number % 7 == 0:
            live.read(limit=chance.randrange(1, 50))
    live.read_to_the_end()
    late = Copy(gleb)
    while late.read(limit=200):
        pass
    shown = truth(gleb, codes)
    assert done > STEPS / 2
    assert live.records == late.records == shown
    parties = {number: record for (code, number), record in late.records.items() if code == "party"}
    listed, following = {}, "/parties/?limit=200&fields=city,owner"
    while following:
        page = live.program.call("GET", following.partition("/api/v1")[2] or following).json()
        listed |= {row["id"]: (row["city"], row["owner"]["id"]) for row in page["results"]}
        following = page["next"]
    kept = {number: (one["city"], one["owner"]["id"]) for number, one in parties.items()}
    assert {number: kept[number] for number in listed} == listed
    merged = {change["id"]: change["merged_into"] for change in late.told if change["entity"] == "party"}
    told = dict(RecordMerge.objects.filter(entity="party").values_list("loser_id", "keeper_id"))
    assert {number: keeper for number, keeper in merged.items() if keeper} == told
