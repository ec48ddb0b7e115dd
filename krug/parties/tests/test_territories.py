"""Territories: a tree, its people, and the reach “territory”, which shows what lies in one's own and below."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from krug.access.models import Grant, Reach, Role, Team, User
from krug.activities.testing import make_call, make_interaction, make_obligation, make_task
from krug.administration.actions.teams import change_team
from krug.documents.testing import make_document
from krug.duplicates.merging.splitting import split_at_door
from krug.duplicates.merging.uniting import merge_at_door
from krug.integrations.following.feed import place_at
from krug.kernel import doors
from krug.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, Repeated
from krug.kernel.journal.models import JournalEntry
from krug.kernel.journal.runs import undo_one
from krug.kernel.registry import get_entity
from krug.kernel.search import finding
from krug.kernel.search.finding import search
from krug.kernel.search.indexing import index_records
from krug.kernel.testing.cast import make_role, make_team, make_user
from krug.kernel.tokens import issue
from krug.parties.actions.arrivals import register_parties
from krug.parties.actions.territories import archive_territory, change_territory, entrust_territory
from krug.parties.models import Party, Territory, TerritoryHolder
from krug.parties.models.territories import types_opened
from krug.parties.testing import make_contact, make_holder, make_party, make_position, make_territory
from krug.sales.models import Deal
from krug.sales.testing import make_deal, make_work

pytestmark = pytest.mark.django_db
TYPES = ("party", "contact", "deal", "work", "interaction", "task", "document", "call", "obligation")


def fresh(person: User) -> User:
    """The person as the next request reads him."""
    return User.objects.get(pk=person.pk)


def sees(person: User, record: Any) -> bool:
    entity = next(each for each in map(get_entity, TYPES) if isinstance(record, each.model))
    return bool(entity.rows_for(fresh(person)).filter(pk=record.pk).exists())


@pytest.fixture
def ivan(db):
    """Ivan works territories; his role shows customers and deals of the territory."""
    role = make_role("regional", {code: (Reach.TERRITORY, ["change", "create", "export"]) for code in TYPES})
    Grant.objects.create(role=role, entity="user", reach=Reach.ALL, verbs=[])
    Grant.objects.create(role=role, entity="territory", reach=Reach.ALL, verbs=["*"])
    Grant.objects.create(role=role, entity="territory-holder", reach=Reach.ALL, verbs=["*"])
    return make_user("ivan@example.org", role=role, team=make_team("Regions"), surname="Волков", given_name="Иван")


@pytest.fixture
def north(gleb):
    return make_territory("Север", by=gleb)


@pytest.fixture
def karelia(north, gleb):
    return make_territory("Карелия", parent=north, by=gleb)


@pytest.fixture
def south(gleb):
    return make_territory("Юг", by=gleb)


def test_the_search_box_finds_what_lies_in_the_territory_beside_ones_own_among_very_many_of_the_same_name(
    ivan, boris, north, gleb, monkeypatch
):
    for number in range(130):
        make_party(f"Ветер {number}", owner=boris)
    there = make_party("Попутный ветер", owner=boris, territory=north)
    index_records(get_entity("party"), list(Party.objects.values_list("pk", flat=True)))
    for words in ("ветер", "попутный вет"):
        assert [hit.id for hit in search(words, fresh(ivan)).hits] == []
    make_holder(north, ivan, by=gleb)
    for words in ("ветер", "вет", "dtnth", "попутный вет"):
        assert [hit.id for hit in search(words, fresh(ivan)).hits] == [there.pk], words
    monkeypatch.setattr(finding, "FEW", 40)
    own = [make_party(f"Ветер {number}", owner=ivan).pk for number in range(8)]
    deal = make_deal("Ветер в парусах", owner=boris, party=there)
    index_records(get_entity("party"), own)
    index_records(get_entity("deal"), [deal.pk])
    found = [hit.id for hit in search("ветер", fresh(ivan)).hits if hit.entity == "party"]
    assert sorted(found) == sorted([*own, there.pk])
    assert [hit.id for hit in search("ветер", fresh(ivan)).hits if hit.entity == "deal"] == [deal.pk]


def test_a_form_offers_the_territory_only_to_whoever_may_set_it(ivan, anna, north, gleb, client):
    own = make_party(owner=ivan)
    make_party(owner=anna)
    for person, is_offered in ((ivan, False), (anna, False), (gleb, True)):
        client.force_login(person)
        forms = [client.get("/parties/new/"), client.get("/territories/")]
        forms += [client.get(f"/parties/{own.pk}/edit/")] if person != anna else []
        assert [answer.status_code for answer in forms] == [200] * len(forms)
        pages = [answer.content.decode() for answer in forms]
        offered = ['name="territory' in pages[0], "/territories/new/" in pages[1]]
        offered += ['name="territory' in page for page in pages[2:]]
        assert set(offered) == {is_offered}, person
    client.force_login(ivan)
    assert client.get(f"/parties/{own.pk}/field/city/").status_code == 200
    assert client.post(f"/parties/{own.pk}/field/territory/", {"territory": north.pk}).status_code == 404


def test_whoever_works_a_territory_sees_what_lies_in_it_and_below_and_nothing_beside_or_above(
    ivan, boris, north, karelia, south, gleb
):
    lies = {each: make_party(owner=boris, territory=each) for each in (north, karelia, south)}
    nowhere = make_party(owner=boris)
    assert [sees(ivan, party) for party in (*lies.values(), nowhere)] == [False] * 4
    make_holder(north, ivan, by=gleb)
    assert [sees(ivan, party) for party in (*lies.values(), nowhere)] == [True, True, False, False]
    TerritoryHolder.objects.update(territory=karelia)
    assert [sees(ivan, party) for party in (*lies.values(), nowhere)] == [False, True, False, False]


def test_own_records_and_those_of_the_team_are_seen_as_well(ivan, boris):
    colleague = make_user(team=ivan.team)
    assert sees(ivan, make_party(owner=ivan)) and sees(ivan, make_party(owner=colleague))
    assert not sees(ivan, make_party(owner=boris))


@pytest.mark.parametrize("code", TYPES)
def test_each_type_opens_by_its_own_reach_alone(code, ivan, boris, north, south, gleb):
    make_holder(north, ivan, by=gleb)
    Grant.objects.filter(role__users=ivan, entity__in=TYPES).exclude(entity=code).update(reach=Reach.OWN)
    for territory, is_seen in ((north, True), (south, False)):
        assert sees(ivan, record_in(territory, code, boris)) is is_seen


def record_in(territory: Territory, code: str, owner: User) -> Any:
    """A record of that type about a customer of the territory, made by somebody else."""
    party = make_party(owner=owner, territory=territory)
    if code == "contact":
        contact = make_contact(owner=owner)
        make_position(contact, party, by=owner)
        return contact
    makes = {
        "party": lambda: party,
        "deal": lambda: make_deal(owner=owner, party=party),
        "work": lambda: make_work(deal=make_deal(owner=owner, party=party), assignee=owner, by=owner),
        "interaction": lambda: make_interaction(by=owner, party=party),
        "task": lambda: make_task(by=owner, assignee=owner, party=party),
        "call": lambda: make_call(owner=owner, party=party),
        "obligation": lambda: make_obligation(owner=owner, party=party),
        "document": lambda: make_document(by=owner, about=make_deal(owner=owner, party=party)),
    }
    return makes[code]()


def test_the_reach_of_the_team_is_not_widened_by_a_territory(ivan, boris, north, gleb):
    make_holder(north, ivan, by=gleb)
    Grant.objects.filter(role__users=ivan, entity="party").update(reach=Reach.TEAM)
    assert not sees(ivan, make_party(owner=boris, territory=north))


@pytest.mark.parametrize("put_away", ["holder", "territory", "above"])
def test_what_was_put_away_opens_nothing(put_away, ivan, boris, north, karelia, gleb):
    holder = make_holder(north, ivan, by=gleb)
    party = make_party(owner=boris, territory=karelia)
    assert sees(ivan, party)
    rows = {
        "holder": TerritoryHolder.objects.filter(pk=holder.pk),
        "territory": Territory.objects.filter(pk=karelia.pk),
    }
    rows.get(put_away, Territory.objects.filter(pk=north.pk)).update(is_archived=True)
    assert not sees(ivan, party)


def test_a_customer_moved_to_another_territory_moves_out_of_sight_with_its_deals(ivan, boris, north, south, gleb):
    make_holder(north, ivan, by=gleb)
    deal = make_deal(owner=boris, party=make_party(owner=boris, territory=north))
    assert sees(ivan, deal) and sees(ivan, deal.party)
    doors.change_record(get_entity("party"), deal.party_id, {"territory": south}, by=gleb)
    assert not sees(ivan, deal) and not sees(ivan, deal.party)
    with pytest.raises(NotFound):
        doors.get_visible(get_entity("deal"), fresh(ivan), deal.pk)


def test_on_pages_in_the_search_and_for_programs_it_is_the_same(ivan, boris, north, south, gleb, client):
    make_holder(north, ivan, by=gleb)
    shown = make_party("Онежский насос", owner=boris, territory=north)
    hidden = make_party("Азовский насос", owner=boris, territory=south)
    index_records(get_entity("party"), [shown.pk, hidden.pk])
    client.force_login(ivan)
    for url in ("/parties/", "/search/?q=насос", "/parties/export/"):
        text = client.get(url).getvalue().decode()
        assert "Онежский" in text and "Азовский" not in text, url
    assert client.get(f"/parties/{shown.pk}/").status_code == 200
    assert client.get(f"/parties/{hidden.pk}/").status_code == 404
    program = Client(headers={"Authorization": f"Bearer {issue(ivan).text}"})
    assert [each["id"] for each in program.get("/api/v1/parties/").json()["results"]] == [shown.pk]
    assert program.get(f"/api/v1/parties/{hidden.pk}/").status_code == 404


def test_why_it_is_seen_is_told_with_the_name_of_the_territory(ivan, boris, north, gleb, client):
    make_holder(north, ivan, by=gleb)
    deal = make_deal(owner=boris, party=make_party(owner=boris, territory=north))
    client.force_login(ivan)
    person = make_contact("Орлова Вера", owner=boris)
    make_position(person, deal.party, by=gleb)
    for url in (f"/deals/{deal.pk}/why/", f"/parties/{deal.party_id}/why/", f"/contacts/{person.pk}/why/"):
        assert "относится к территории «Север»" in client.get(url).content.decode()


def test_every_type_that_a_territory_opens_stands_in_the_guard():
    assert sorted(types_opened()) == sorted(TYPES)


def test_the_matrix_gives_the_reach_and_says_what_it_shows(ivan, gleb, client):
    client.force_login(gleb)
    page = client.get(f"/roles/{Role.objects.get(code='regional').pk}/grants/").content.decode()
    assert "Свои, группы и своей территории" in page


def test_nobody_opens_by_a_territory_what_he_does_not_see_himself(ivan, north, karelia, happened):
    before, person = happened(), fresh(ivan)
    attempts = (
        lambda: doors.create_record(get_entity("territory-holder"), {"territory": north, "person": ivan}, by=person),
        lambda: doors.create_record(get_entity("territory"), {"name": "Моя"}, by=person),
        lambda: doors.change_record(get_entity("territory"), north.pk, {"parent": karelia}, by=person),
        lambda: doors.archive_record(get_entity("territory"), karelia.pk, by=person),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert happened() == before
    assert (Territory.objects.count(), TerritoryHolder.objects.count()) == (2, 0)


def test_a_territory_lies_within_no_ring_and_stands_once_under_its_name(north, karelia, gleb):
    with pytest.raises(Refusal) as no:
        change_territory(north, {"parent": karelia}, by=gleb)
    assert no.value.field == "parent"
    with pytest.raises(Invalid):
        make_territory("карелия", parent=north, by=gleb)
    north.refresh_from_db()
    assert (north.parent, Territory.objects.count()) == (None, 2)


def test_a_territory_in_which_something_lies_is_not_put_away(north, karelia, gleb, boris):
    with pytest.raises(Refusal):
        archive_territory(north, by=gleb)
    party = make_party(owner=boris, territory=karelia)
    with pytest.raises(Refusal):
        archive_territory(karelia, by=gleb)
    type(party).objects.filter(pk=party.pk).update(territory=None)
    archive_territory(karelia, by=gleb)
    archive_territory(Territory.objects.get(pk=north.pk), by=gleb)
    assert Territory.objects.filter(is_archived=False).count() == 0


def test_who_worked_a_territory_before_works_it_again(north, ivan, gleb):
    holder = make_holder(north, ivan, by=gleb)
    doors.archive_record(get_entity("territory-holder"), holder.pk, by=gleb)
    again = entrust_territory(territory=north, person=ivan, by=gleb)
    assert (again.pk, again.is_archived, TerritoryHolder.objects.count()) == (holder.pk, False, 1)


def test_sums_and_totals_count_what_lies_in_the_territory(ivan, boris, north, south, gleb):
    make_holder(north, ivan, by=gleb)
    for territory in (north, south):
        make_deal(owner=boris, party=make_party(owner=boris, territory=territory), amount=100)
    program = Client(headers={"Authorization": f"Bearer {issue(ivan).text}"})
    told = program.get("/api/v1/deals/totals?by=stage&sum=amount").json()
    assert sum(group["count"] for group in told["results"]) == 1
    assert Deal.objects.count() == 2


def with_all_customers(person: User) -> User:
    """He sees and changes all customers, but deals only of his territories; fresh as the next request reads him."""
    Grant.objects.filter(role__users=person, entity="party").update(reach=Reach.ALL, verbs=["*"])
    return fresh(person)


def last_act(record: Any, code: str) -> Any:
    return JournalEntry.objects.filter(entity=code, subject_id=record.pk).latest("id").act


def test_nobody_puts_a_customer_into_a_territory_whose_deals_he_does_not_see(ivan, boris, north, south, gleb, happened):
    make_holder(north, ivan, by=gleb)
    foreign = make_party("Чужой", owner=boris, territory=south)
    deal = make_deal(owner=boris, party=foreign)
    person, before, party = with_all_customers(ivan), happened(), get_entity("party")
    attempts = (
        lambda: doors.change_record(party, foreign.pk, {"territory": north}, by=person),
        lambda: doors.change_record(party, foreign.pk, {"territory": None}, by=person),
        lambda: doors.create_record(party, {"display_name": "Новый", "territory": north}, by=person),
        lambda: register_parties([{"display_name": name, "territory": north} for name in ("А", "Б")], by=person),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert (happened(), Party.objects.count(), sees(ivan, deal)) == (before, 1, False)
    foreign.refresh_from_db()
    assert foreign.territory == south
    same = doors.change_record(party, foreign.pk, {"territory": south, "city": "Азов"}, by=person)
    assert (same.city, same.territory) == ("Азов", south)


def test_nobody_moves_a_customer_between_territories_by_undoing_or_merging(ivan, boris, north, south, gleb, happened):
    make_holder(north, ivan, by=gleb)
    party, one = get_entity("party"), make_party("Один", owner=boris, territory=north)
    two = make_party("Два", owner=boris, territory=north)
    deal = make_deal(owner=boris, party=one)
    person = with_all_customers(ivan)
    doors.change_record(party, one.pk, {"territory": south}, by=gleb)
    before = happened()
    with pytest.raises(NotAllowed):
        undo_one(last_act(one, "party"), by=person)
    with pytest.raises(NotAllowed):
        merge_at_door(party, two.pk, [one.pk], by=person)
    one.refresh_from_db()
    assert (happened(), one.territory, one.is_archived, sees(ivan, deal)) == (before, south, False, False)
    undo_one(last_act(one, "party"), by=gleb)
    one.refresh_from_db()
    assert (one.territory, sees(ivan, deal)) == (north, True)


def test_nobody_moves_a_customer_between_territories_by_splitting(ivan, boris, north, gleb, happened):
    make_holder(north, ivan, by=gleb)
    party, one = get_entity("party"), make_party("Один", owner=boris)
    two = make_party("Два", owner=boris, territory=north)
    merge_at_door(party, one.pk, [two.pk], choices={"territory": two.pk}, by=gleb)
    one.refresh_from_db()
    before = happened()
    with pytest.raises(NotAllowed):
        split_at_door(party, two.pk, by=with_all_customers(ivan))
    assert (happened(), one.territory, Party.objects.filter(pk=two.pk, is_archived=False).exists()) == (
        before,
        north,
        False,
    )
    split_at_door(party, two.pk, by=gleb)
    one.refresh_from_db()
    assert one.territory is None


def test_nobody_regains_a_territory_by_the_archive_by_undoing_or_by_merging(ivan, boris, north, south, gleb, happened):
    holder = make_holder(north, ivan, by=gleb)
    other = make_holder(south, boris, by=gleb)
    entity = get_entity("territory-holder")
    doors.archive_record(entity, holder.pk, by=gleb)
    act, before, person = last_act(holder, "territory-holder"), happened(), fresh(ivan)
    attempts = (
        lambda: doors.restore_record(entity, holder.pk, by=person),
        lambda: undo_one(act, by=person),
        lambda: merge_at_door(entity, other.pk, [holder.pk], choices={"person": holder.pk}, by=person),
        lambda: merge_at_door(get_entity("territory"), north.pk, [south.pk], by=person),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    holder.refresh_from_db()
    south.refresh_from_db()
    assert (happened(), holder.is_archived, south.is_archived) == (before, True, False)
    undo_one(act, by=gleb)
    holder.refresh_from_db()
    assert not holder.is_archived


def test_the_database_itself_lets_no_ring_of_territories_or_teams_come_about(north, karelia, gleb):
    upper = make_team("Upper")
    lower = Team.objects.create(name="Lower", parent=upper)
    for top, below in ((north, karelia), (upper, lower)):
        with pytest.raises(IntegrityError, match="tree_no_ring"), transaction.atomic():
            type(top).objects.filter(pk=top.pk).update(parent=below)
        top.refresh_from_db()
        assert top.parent is None
    with pytest.raises(Refusal):
        change_team(upper, {"parent": lower}, by=gleb)


def test_no_ring_comes_of_taking_back_a_move(north, karelia, south, gleb):
    change_territory(karelia, {"parent": None}, by=gleb)
    act = last_act(karelia, "territory")
    change_territory(Territory.objects.get(pk=north.pk), {"parent": Territory.objects.get(pk=karelia.pk)}, by=gleb)
    with pytest.raises(Refusal):
        undo_one(act, by=gleb)
    assert set(Territory.objects.values_list("pk", "parent_id")) == {
        (north.pk, karelia.pk), (karelia.pk, None), (south.pk, None),
    }  # fmt: skip


def test_whose_territories_changed_reads_the_feed_of_changes_anew(ivan, north, gleb):
    cursor = place_at("", fresh(ivan)).written()
    assert place_at(cursor, fresh(ivan)).written() == cursor
    make_holder(north, ivan, by=gleb)
    with pytest.raises(Repeated) as no:
        place_at(cursor, fresh(ivan))
    assert no.value.code == "CURSOR_OUTDATED"
