"""Parties: registering, handing over, verifying, liquidating, and what the database never lets through."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from krug.kernel.doors import change_record, create_record, get_visible, perform
from krug.kernel.errors import Invalid, NotFound, Refusal
from krug.parties.actions.parties import (
    assign_owner,
    change_party,
    liquidate_party,
    outdate_verifications,
    register_party,
    verify_party,
)
from krug.parties.actions.relations import give_role
from krug.parties.actions.requisites import add_requisites
from krug.parties.entities.parties import PARTY, roles_left
from krug.parties.models import Party, PartyRelation
from krug.parties.testing import make_party, make_relation, make_requisites, make_role_of_party


def test_whoever_registers_a_party_answers_for_it(anna, happened):
    party = register_party(display_name="  ООО  «Северный   Ветер» ", city="Владивосток", by=anna)
    party.refresh_from_db()
    assert (party.display_name, party.owner, party.created_by) == ("ООО «Северный Ветер»", anna, anna)
    assert (party.name_key, party.timezone, party.state) == ("СЕВЕРНЫЙ ВЕТЕР", "Asia/Vladivostok", "draft")
    assert happened() == ["PartyRegistered"]


def test_the_list_puts_yo_right_after_ye(anna):
    for name in ("Жук", "Ёлка", "Ель", "Елка", "Еда"):
        make_party(name, owner=anna)
    assert list(Party.objects.order_by("sort_key").values_list("display_name", flat=True)) == [
        "Еда", "Елка", "Ель", "Ёлка", "Жук",
    ]  # fmt: skip


def test_a_party_needs_a_name(anna, happened):
    with pytest.raises(Invalid) as no:
        create_record(PARTY, {"display_name": ""}, by=anna)
    assert no.value.faults[0].field == "display_name"
    assert (Party.objects.count(), happened()) == (0, [])


def test_a_branch_must_name_its_head(anna, happened):
    with pytest.raises(Invalid) as no:
        register_party(display_name="Филиал в Самаре", kind="branch", by=anna)
    assert no.value.faults[0].code == "PARENT_REQUIRED"
    assert (Party.objects.count(), happened()) == (0, [])


def test_the_database_itself_refuses_a_branch_without_head(anna):
    party = make_party(owner=anna)
    with pytest.raises(IntegrityError, match="party_branch_has_parent"), transaction.atomic():
        Party.objects.filter(pk=party.pk).update(kind="branch")


def test_heads_never_form_a_circle(anna, happened):
    top = make_party("Завод", owner=anna)
    middle = make_party("Дочка", owner=anna, parent=top)
    bottom = make_party("Внучка", owner=anna, parent=middle)
    before = happened()
    with pytest.raises(Refusal) as no:
        change_party(top, {"parent": bottom}, by=anna)
    assert (no.value.code, no.value.field) == ("PARENT_CYCLE", "parent")
    top.refresh_from_db()
    assert (top.parent, happened()) == (None, before)
    with pytest.raises(IntegrityError, match="party_no_cycle"), transaction.atomic():
        Party.objects.filter(pk=top.pk).update(parent=bottom)


def test_a_new_city_brings_its_clock(anna):
    party = make_party(owner=anna, city="Москва")
    change_party(party, {"city": "Владивосток"}, by=anna)
    party.refresh_from_db()
    assert party.timezone == "Asia/Vladivostok"


def test_a_clock_that_does_not_exist_is_refused(anna):
    party = make_party(owner=anna, city="Москва")
    with pytest.raises(Refusal) as no:
        change_party(party, {"timezone": "Europe/Mosow"}, by=anna)
    assert (no.value.field, no.value.code) == ("timezone", "TIMEZONE")


def test_renaming_renews_the_keys(anna):
    party = make_party("Ёлка", owner=anna)
    change_party(party, {"display_name": "АО Берёза"}, by=anna)
    party.refresh_from_db()
    assert party.name_key == "БЕРЕЗА"


def test_handing_over_writes_down_both_owners(anna, boris, happened):
    party = make_party(owner=anna)
    before = len(happened())
    assign_owner(party, owner=boris, by=anna)
    party.refresh_from_db()
    assert party.owner == boris
    assert happened()[before:] == ["OwnerChanged"]


def test_a_new_owner_in_the_form_is_a_hand_over_too(anna, gleb, happened):
    party = make_party(owner=anna)
    before = len(happened())
    change_record(PARTY, party.pk, {"owner": gleb}, by=anna)
    assert happened()[before:] == ["RecordChanged", "OwnerChanged"]


def test_a_party_is_not_handed_to_a_leaver_or_to_its_owner(anna, boris, happened):
    party = make_party(owner=anna)
    before = happened()
    boris.is_active = False
    boris.save()
    for owner in (anna, boris):
        with pytest.raises(Refusal):
            assign_owner(party, owner=owner, by=anna)
    party.refresh_from_db()
    assert (party.owner, happened()) == (anna, before)


def test_only_checked_requisites_can_be_confirmed(anna, happened):
    party = make_party(owner=anna)
    with pytest.raises(Refusal) as no:
        verify_party(party, source="Выписка из ЕГРЮЛ", by=anna)
    assert no.value.code == "NOT_CHECKED"
    make_requisites(party, owner=anna)
    verify_party(party, source="Выписка из ЕГРЮЛ", verified_on=date(2026, 11, 20), by=anna)
    party.refresh_from_db()
    assert (party.state, party.verified_on, party.verified_source) == (
        "verified", date(2026, 11, 20), "Выписка из ЕГРЮЛ",
    )  # fmt: skip
    assert happened()[-1] == "PartyVerified"


def test_a_verification_older_than_half_a_year_is_outdated(anna, gleb, happened):
    today = date(2026, 11, 21)
    fresh, old = make_party(owner=anna), make_party(owner=anna)
    Party.objects.filter(pk=fresh.pk).update(state="verified", verified_on=today - timedelta(days=180))
    Party.objects.filter(pk=old.pk).update(state="verified", verified_on=today - timedelta(days=181))
    assert outdate_verifications(today=today, by=gleb) == 1
    assert set(Party.objects.values_list("pk", "state")) == {(fresh.pk, "verified"), (old.pk, "outdated")}
    assert happened()[-1] == "VerificationOutdated"


def test_a_party_is_liquidated_once(anna, happened):
    party = liquidate_party(make_party(owner=anna), by=anna)
    assert (party.state, party.is_active) == ("liquidated", False)
    with pytest.raises(Refusal):
        liquidate_party(party, by=anna)
    assert happened().count("PartyLiquidated") == 1


def test_a_party_has_several_roles_and_lists_filter_by_them(anna):
    party = make_party(owner=anna)
    for role in ("customer", "dealer"):
        make_role_of_party(party, owner=anna, role=role)
    party.refresh_from_db()
    assert party.roles == ["customer", "dealer"]
    assert PARTY.fields["roles"].show(party.roles, "en") == "Customer, Dealer"
    condition = PARTY.fields["roles"].compare("eq", "dealer")
    assert list(Party.objects.filter(condition)) == [party]


def test_a_role_is_given_once_and_comes_back_when_it_was_taken(anna):
    row = make_role_of_party(owner=anna, role="dealer")
    with pytest.raises(Refusal) as no:
        give_role(party=row.party, role="dealer", by=anna)
    assert no.value.code == "ROLE_ONCE"
    row.is_archived = True
    row.save(update_fields=["is_archived"])
    row.party.refresh_from_db()
    assert row.party.roles == []
    give_role(party=row.party, role="dealer", by=anna)
    row.party.refresh_from_db()
    assert row.party.roles == ["dealer"]


def test_a_relation_leads_to_another_party_and_is_recorded_once(anna):
    relation = make_relation(owner=anna)
    with pytest.raises(Invalid):
        make_relation(owner=anna, from_party=relation.from_party, to_party=relation.to_party)
    with pytest.raises(Invalid) as no:
        make_relation(owner=anna, from_party=relation.from_party, to_party=relation.from_party)
    assert no.value.faults[0].code == "RELATION_TO_ITSELF"
    assert PartyRelation.objects.count() == 1


def test_a_stranger_meets_no_such_party(anna, boris, vera):
    party = make_party(owner=anna)
    assert get_visible(PARTY, vera, party.pk) == party
    with pytest.raises(NotFound):
        get_visible(PARTY, boris, party.pk)
    with pytest.raises(NotFound):
        perform(PARTY, "assign", party.pk, by=boris, owner=boris)
    party.refresh_from_db()
    assert party.owner == anna


def test_only_roles_that_a_party_has_not_yet_are_offered(anna):
    party = make_party(owner=anna)
    give_role(party=party, role="dealer", by=anna)
    party.refresh_from_db()
    role, _since = roles_left(party, anna, {})
    assert {value for value, _label in role.choices} == set(Party.Role.values) - set(party.roles)
    again, _since = roles_left(party, anna, {"role": "dealer"})
    assert "dealer" in dict(again.choices)


def test_requisites_are_found_in_their_list_by_the_figures_of_the_tax_number(anna, client):
    party = make_party(owner=anna)
    add_requisites(party, inn="7707083893", kpp="770701001", ogrn="1027700132195", short_name="ПАО", by=anna)
    client.force_login(anna)
    assert "7707083893" in client.get("/requisites/?q=7083893").content.decode()
    assert "7707083893" not in client.get("/requisites/?q=1111").content.decode()
