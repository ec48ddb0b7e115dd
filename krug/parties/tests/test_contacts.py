"""Persons and their positions: one person may stand at several parties."""

import pytest

from krug.kernel.doors import change_record, create_record, get_visible, perform
from krug.kernel.errors import Invalid, NotFound, Refusal
from krug.parties.actions.contacts import leave_position
from krug.parties.entities.contacts import CONTACT
from krug.parties.entities.parties import PARTY
from krug.parties.models import Contact, ContactPosition
from krug.parties.testing import make_contact, make_party, make_position


def test_a_name_in_one_line_is_put_into_three_fields(anna, happened):
    contact = create_record(CONTACT, {"full_name": "Фёдорова Анна Сергеевна"}, by=anna)
    assert (contact.surname, contact.given_name, contact.patronymic) == ("Фёдорова", "Анна", "Сергеевна")
    assert contact.short_name == "Фёдорова\u00a0А.\u00a0С."
    assert (contact.owner, happened()) == (anna, ["ContactRegistered"])


def test_three_fields_make_the_line(anna):
    contact = make_contact(surname="Ким", given_name="Олег", owner=anna)
    assert contact.full_name == "Ким Олег"


def test_a_changed_surname_changes_the_line_and_a_changed_line_the_fields(anna):
    contact = make_contact("Фёдорова Анна Сергеевна", owner=anna)
    change_record(CONTACT, contact.pk, {"surname": "Орлова", "full_name": contact.full_name}, by=anna)
    contact.refresh_from_db()
    assert contact.full_name == "Орлова Анна Сергеевна"
    change_record(CONTACT, contact.pk, {"full_name": "Соколова Вера"}, by=anna)
    contact.refresh_from_db()
    assert (contact.surname, contact.given_name, contact.patronymic) == ("Соколова", "Вера", "")


def test_a_person_without_any_name_is_refused(anna, happened):
    with pytest.raises(Refusal) as no:
        create_record(CONTACT, {"full_name": "  "}, by=anna)
    assert no.value.field == "full_name"
    assert (Contact.objects.count(), happened()) == (0, [])


def test_one_person_holds_positions_at_several_parties(anna):
    contact = make_contact(owner=anna)
    first, second = make_party(owner=anna), make_party(owner=anna)
    make_position(contact, first, owner=anna, role="buyer")
    make_position(contact, second, owner=anna, role="decision_maker")
    assert set(contact.positions.values_list("party", "role")) == {
        (first.pk, "buyer"), (second.pk, "decision_maker"),
    }  # fmt: skip


def test_the_same_person_is_not_recorded_twice_at_one_party(anna):
    position = make_position(owner=anna)
    with pytest.raises(Invalid):
        make_position(position.contact, position.party, owner=anna)
    assert ContactPosition.objects.count() == 1


def test_who_left_may_come_back_later(anna, happened):
    position = make_position(owner=anna)
    leave_position(position, by=anna)
    assert happened()[-1] == "PositionLeft"
    with pytest.raises(Refusal):
        leave_position(position, by=anna)
    make_position(position.contact, position.party, owner=anna)
    assert list(ContactPosition.objects.order_by("pk").values_list("is_current", flat=True)) == [False, True]


def test_a_new_person_comes_after_those_already_there(anna):
    party = make_party(owner=anna)
    found = [make_position(make_contact(owner=anna), party, owner=anna).priority for _turn in range(3)]
    assert found == [1, 2, 3]


def test_a_priority_is_from_one_to_nine(anna):
    with pytest.raises(Invalid):
        make_position(owner=anna, priority=10)
    assert not ContactPosition.objects.exists()


def test_a_person_is_added_to_a_party_in_one_go(anna, happened):
    party = make_party(owner=anna)
    before = len(happened())
    asked = {"full_name": "Ким Олег", "position": "инженер", "role": "user", "phone": "8 812 5550142", "email": ""}
    contact = perform(PARTY, "add-person", party.pk, by=anna, **asked)
    assert contact.positions.get().party == party
    assert contact.points.get().normalised == "+78125550142"
    assert happened()[before:] == ["ContactRegistered", "PositionTaken", "RecordCreated"]


def test_a_wrong_e_mail_stops_the_whole(anna, happened):
    party = make_party(owner=anna)
    before = happened()
    with pytest.raises(Refusal):
        perform(PARTY, "add-person", party.pk, by=anna, full_name="Ким Олег", email="kim@")
    assert (Contact.objects.count(), happened()) == (0, before)


def test_people_are_seen_by_whoever_sees_their_party(anna, boris):
    contact = make_contact(owner=boris)
    with pytest.raises(NotFound):
        get_visible(CONTACT, anna, contact.pk)
    make_position(contact, make_party(owner=anna), owner=boris)
    assert get_visible(CONTACT, anna, contact.pk) == contact
    assert CONTACT.rows_for(anna).count() == 1
