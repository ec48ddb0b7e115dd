"""Several records become one, and one becomes several again, with all that belongs to them."""

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from krug.activities.testing import make_task
from krug.duplicates.merging.splitting import split_at_door
from krug.duplicates.merging.uniting import fullest_first, merge_at_door, prospect
from krug.kernel.doors import restore_record
from krug.kernel.errors import BadRequest, No, NotAllowed, NotFound, Refusal
from krug.kernel.journal.models import JournalEntry
from krug.kernel.journal.reading import now_within, within
from krug.kernel.journal.recording import begin_act
from krug.kernel.journal.undo import undo_acts
from krug.kernel.models import RecordMerge, SearchDocument
from krug.kernel.registry import entities, get_entity
from krug.parties.actions.relations import add_role
from krug.parties.models import Address, Party, PartyRole
from krug.parties.testing import (
    make_address,
    make_bank_account,
    make_point,
    make_position,
    make_relation,
    make_requisites,
    make_role_of_party,
)
from krug.parties.testing import make_party as a_party
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db
UNTOLD = {"version", "updated_at", "updated_by_id"}


def snapshot() -> dict[tuple[str, int], dict[str, Any]]:
    """Every row of every registered type, but for what each change counts up."""
    found = {}
    with connection.cursor() as cursor:
        for entity in entities():
            table = entity.model._meta.db_table
            cursor.execute(f'SELECT id, to_jsonb(t)::text FROM "{table}" t')
            for number, row in cursor.fetchall():
                found[table, number] = {name: value for name, value in json.loads(row).items() if name not in UNTOLD}
    return found


def party(entity="party"):
    return get_entity(entity)


def merge(keeper, *losers, by, **choices):
    return merge_at_door(party(), keeper.pk, [loser.pk for loser in losers], choices=choices, by=by)


def test_what_belonged_to_the_one_belongs_to_the_other(gleb):
    keeper, loser = a_party("ООО Ромашка", owner=gleb), a_party("Romashka", owner=gleb)
    deal, point = make_deal(party=loser, owner=gleb), make_point("+7 495 123-45-67", party=loser, owner=gleb)
    task = make_task(owner=gleb, about=loser)
    merge(keeper, loser, by=gleb)
    deal.refresh_from_db(), point.refresh_from_db(), task.refresh_from_db(), loser.refresh_from_db()
    assert (deal.party_id, point.party_id, task.about_id) == (keeper.pk, keeper.pk, keeper.pk)
    assert loser.is_archived
    assert now_within(party(), loser.pk) == keeper.pk
    assert within(party(), keeper.pk) == [loser.pk]


def test_the_fuller_values_are_taken_unless_somebody_chooses(gleb):
    keeper = a_party("ООО Ромашка", owner=gleb)
    loser = a_party("Romashka", owner=gleb, city="Казань", note="Второй склад")
    merge(keeper, loser, by=gleb, display_name=loser.pk, note=keeper.pk)
    keeper.refresh_from_db()
    assert (keeper.display_name, keeper.city, keeper.note) == ("Romashka", "Казань", "")
    assert keeper.name_key == "ROMASHKA"


def test_the_same_role_twice_is_kept_once(gleb):
    keeper, loser = a_party(owner=gleb), a_party(owner=gleb)
    for one in (keeper, loser):
        add_role(one, by=gleb, role="customer")
    add_role(loser, by=gleb, role="supplier")
    merge(keeper, loser, by=gleb)
    keeper.refresh_from_db()
    assert sorted(keeper.roles) == ["customer", "supplier"]
    assert PartyRole.objects.filter(party=keeper).count() == 2
    assert PartyRole.objects.filter(party=loser).count() == 1


def test_of_two_main_addresses_one_stays_main(gleb):
    keeper, loser = a_party(owner=gleb), a_party(owner=gleb)
    first, second = make_address(keeper, owner=gleb, is_main=True), make_address(loser, owner=gleb, is_main=True)
    merge(keeper, loser, by=gleb)
    assert {one.pk: one.is_main for one in Address.objects.filter(party=keeper)} == {first.pk: True, second.pk: False}


def test_one_that_hung_on_the_other_hangs_on_itself_no_more(gleb):
    loser = a_party("Голова", owner=gleb)
    keeper = a_party("Дочка", owner=gleb, parent=loser)
    merge(keeper, loser, by=gleb)
    keeper.refresh_from_db()
    assert keeper.parent_id is None


def test_the_merge_is_told_in_one_event_and_found_by_search(gleb, happened):
    keeper, loser = a_party("Ромашка", owner=gleb), a_party("Romashka", owner=gleb)
    merge(keeper, loser, by=gleb)
    assert happened()[-1] == "RecordsMerged"
    known = SearchDocument.objects.filter(entity="party", record_id__in=[keeper.pk, loser.pk])
    assert list(known.values_list("record_id", flat=True)) == [keeper.pk]


def test_merging_twice_changes_nothing(gleb):
    keeper, loser = a_party(owner=gleb), a_party(owner=gleb)
    merge(keeper, loser, by=gleb)
    before = (snapshot(), JournalEntry.objects.count())
    assert merge(keeper, loser, by=gleb).pk == keeper.pk
    assert (snapshot(), JournalEntry.objects.count()) == before


def test_refusals_change_nothing(gleb, anna, boris):
    keeper, loser, other = a_party(owner=anna), a_party(owner=anna), a_party(owner=boris)
    before = snapshot()
    with pytest.raises(NotFound):
        merge(keeper, other, by=anna)
    with pytest.raises(Refusal):
        merge(keeper, keeper, by=anna)
    with pytest.raises(Refusal):
        merge(keeper, by=anna)
    with pytest.raises(BadRequest):
        merge(keeper, loser, by=gleb, state=loser.pk)
    with pytest.raises(BadRequest):
        merge(keeper, loser, by=gleb, city=other.pk)
    with pytest.raises(Refusal):
        merge_at_door(get_entity("user"), anna.pk, [boris.pk], by=gleb)
    with pytest.raises(Refusal):
        split_at_door(party(), keeper.pk, by=gleb)
    assert snapshot() == before


def test_one_who_may_only_read_merges_nothing(anna):
    from krug.access.models import Reach
    from krug.kernel.testing.cast import make_role, make_user

    reader = make_user(role=make_role("reader", {"*": (Reach.ALL, [])}))
    keeper, loser = a_party(owner=anna), a_party(owner=anna)
    before = snapshot()
    with pytest.raises(NotAllowed):
        merge(keeper, loser, by=reader)
    assert snapshot() == before


def test_what_came_later_stays_unless_it_is_chosen(gleb):
    keeper, loser = a_party(owner=gleb), a_party(owner=gleb)
    old = make_deal(party=loser, owner=gleb)
    merge(keeper, loser, by=gleb)
    stays, goes = make_deal(party=keeper, owner=gleb), make_deal(party=keeper, owner=gleb)
    split_at_door(party(), loser.pk, also=[f"deal:{goes.pk}"], by=gleb)
    for deal in (old, stays, goes):
        deal.refresh_from_db()
    assert (old.party_id, stays.party_id, goes.party_id) == (loser.pk, keeper.pk, loser.pk)


def test_what_somebody_changed_since_is_left_as_it_is(gleb):
    keeper, loser, third = (a_party(owner=gleb) for _turn in range(3))
    loser.city = "Казань"
    loser.save(update_fields=["city"])
    deal, other = make_deal(party=loser, owner=gleb), make_deal(party=loser, owner=gleb)
    merge(keeper, loser, by=gleb)
    begin_act(gleb)
    Party.objects.filter(pk=keeper.pk).update(city="Самара")
    type(deal).objects.filter(pk=deal.pk).update(party=third)
    split_at_door(party(), loser.pk, by=gleb)
    for one in (deal, other, keeper, loser):
        one.refresh_from_db()
    assert (deal.party_id, other.party_id) == (third.pk, loser.pk)
    assert (keeper.city, loser.city, loser.is_archived) == ("Самара", "Казань", False)


def test_one_that_went_through_two_merges_comes_out_whole(gleb):
    first, second, third = (a_party(owner=gleb) for _turn in range(3))
    deal = make_deal(party=first, owner=gleb)
    merge(second, first, by=gleb)
    merge(third, second, by=gleb)
    assert now_within(party(), first.pk) == third.pk
    split_at_door(party(), first.pk, by=gleb)
    deal.refresh_from_db()
    assert deal.party_id == first.pk
    split_at_door(party(), second.pk, by=gleb)
    deal.refresh_from_db()
    assert deal.party_id == first.pk


def test_a_number_taken_meanwhile_stands_in_the_way_of_a_split(gleb):
    keeper, loser = a_party(owner=gleb), a_party(owner=gleb)
    make_requisites(keeper, owner=gleb)
    kept = make_requisites(loser, owner=gleb)
    merge(keeper, loser, by=gleb)
    make_requisites(a_party(owner=gleb), owner=gleb, inn=kept.inn)
    before = snapshot()
    with pytest.raises(Refusal) as no:
        split_at_door(party(), loser.pk, by=gleb)
    assert no.value.code == "TAKEN_MEANWHILE"
    assert snapshot() == before


def test_the_preview_counts_what_moves_and_hides_what_is_not_open(gleb, anna, boris):
    keeper, loser = a_party(owner=anna), a_party(owner=anna, city="Казань")
    make_deal(party=loser, owner=anna), make_deal(party=loser, owner=boris, by=gleb)
    shown = prospect(party(), [keeper, loser], anna, language="en")
    assert shown.moving["Deals"] == 1
    assert shown.moving[""] >= 1
    city = next(item for item in shown.differences if item.name == "city")
    assert (city.values, city.chosen) == ([(keeper.pk, ""), (loser.pk, "Казань")], loser.pk)


def test_the_fullest_record_is_suggested_to_stay(gleb):
    bare, full = a_party(owner=gleb), a_party(owner=gleb, city="Казань", note="Склад")
    make_deal(party=full, owner=gleb)
    assert fullest_first(party(), [bare, full]) == [full, bare]


def test_undo_of_the_act_splits_too_and_redo_merges_again(gleb):
    keeper, loser = a_party(owner=gleb), a_party(owner=gleb, city="Казань")
    deal = make_deal(party=loser, owner=gleb)
    begin_act(gleb)
    before = snapshot()
    merge(keeper, loser, by=gleb)
    after = snapshot()
    undone = undo_acts([RecordMerge.objects.get().act], by=gleb)
    deal.refresh_from_db()
    assert deal.party_id == loser.pk
    assert snapshot() == before
    assert not RecordMerge.objects.exists()
    undo_acts([undone.act], by=gleb)
    assert snapshot() == after
    assert now_within(party(), loser.pk) == keeper.pk


def test_what_is_part_of_another_is_not_brought_back_from_the_archive(gleb):
    keeper, loser = a_party(owner=gleb), a_party(owner=gleb)
    merge(keeper, loser, by=gleb)
    with pytest.raises(Refusal) as no:
        restore_record(party(), loser.pk, by=gleb)
    assert no.value.code == "MERGED"
    loser.refresh_from_db()
    assert loser.is_archived


ADDED = ("deal", "point", "main_account", "role", "position", "address", "requisites", "relation", "task", "parent")


def add(kind: str, one: Party, other: Party, by: Any) -> None:
    makers = {
        "deal": lambda: make_deal(party=one, owner=by),
        "point": lambda: make_point("+7 495 123-45-67", party=one, owner=by),
        "main_account": lambda: make_bank_account(one, owner=by, is_main=True),
        "role": lambda: make_role_of_party(one, role="customer", by=by),
        "position": lambda: make_position(party=one, owner=by),
        "address": lambda: make_address(one, owner=by, is_main=True),
        "requisites": lambda: make_requisites(one, owner=by, valid_from=date(2026, 1, 1)),
        "relation": lambda: make_relation(from_party=one, to_party=other, owner=by),
        "task": lambda: make_task(owner=by, about=one),
        "parent": lambda: Party.objects.filter(pk=one.pk, parent=None).exclude(pk=other.parent_id).update(parent=other),
    }
    with suppress(IntegrityError, No), transaction.atomic():
        makers[kind]()


belongings = st.lists(st.tuples(st.sampled_from(ADDED), st.integers(0, 2)), max_size=8, unique=True)
quick = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(belongings, st.permutations([0, 1, 2]))
def test_merging_and_splitting_again_changes_nothing(gleb, belongings, order):
    parties = [a_party(owner=gleb, city=f"Город {turn}", note="" if turn else "Есть") for turn in range(3)]
    for kind, whose in belongings:
        parties[whose].refresh_from_db()
        add(kind, parties[whose], parties[(whose + 1) % 3], gleb)
    before = snapshot()
    keeper, *losers = (parties[place] for place in order)
    merge(keeper, *losers, by=gleb)
    assert snapshot() != before
    for loser in sorted(losers, key=lambda one: one.pk, reverse=True):
        split_at_door(party(), loser.pk, by=gleb)
    after = snapshot()
    assert {key: row for key, row in after.items() if row != before.get(key)} == {}
    assert RecordMerge.objects.count() == 0


@quick
@given(belongings)
def test_the_order_in_which_the_others_are_named_does_not_matter(gleb, belongings):
    parties = [a_party(owner=gleb, city=f"Город {turn}") for turn in range(3)]
    for kind, whose in belongings:
        parties[whose].refresh_from_db()
        add(kind, parties[whose], parties[(whose + 1) % 3], gleb)
    keeper, one, two = parties
    merge(keeper, one, two, by=gleb)
    first = snapshot()
    for loser in (two, one):
        split_at_door(party(), loser.pk, by=gleb)
    merge(keeper, two, one, by=gleb)
    assert snapshot() == first


@pytest.mark.parametrize("code", ["contact", "product", "deal", "task", "industry"])
def test_any_type_is_merged_and_split(code, gleb):
    from krug.kernel.testing.contract import make

    entity = get_entity(code)
    keeper, loser = make(entity, gleb), make(entity, gleb)
    before = snapshot()
    merge_at_door(entity, keeper.pk, [loser.pk], by=gleb)
    loser.refresh_from_db()
    assert loser.is_archived
    split_at_door(entity, loser.pk, by=gleb)
    assert {key: row for key, row in snapshot().items() if row != before.get(key)} == {}
