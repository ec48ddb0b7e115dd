"""Means of contact, accounts and addresses: kept as typed, compared in one form."""

import pytest
from django.db import IntegrityError, transaction

from krug.kernel.doors import change_record
from krug.kernel.errors import Invalid, Refusal
from krug.language.readings import digits_of
from krug.parties.actions.accounts import add_bank_account
from krug.parties.actions.addresses import add_address
from krug.parties.actions.channels import add_point
from krug.parties.entities.contacts import CONTACT_POINT
from krug.parties.models import Address, BankAccount, ContactPoint
from krug.parties.testing import make_address, make_bank, make_bank_account, make_contact, make_party, make_point

FORMS = ("8 (812) 555-01-42", "+7 812 555 01 42", "88125550142", "8-812-555-01-42 доб. 3", "(812) 5550142")


@pytest.mark.parametrize("asked", [*FORMS, "0142"])
def test_one_phone_typed_in_five_forms_is_found_by_one_search(anna, asked):
    for raw in FORMS:
        make_point(raw, owner=anna)
    make_point("+7 495 123-45-67", owner=anna)
    assert ContactPoint.objects.by_digits(digits_of(asked.split(" доб")[0])).count() == 5
    assert set(ContactPoint.objects.filter(digits="8125550142").values_list("normalised", flat=True)) == {
        "+78125550142"
    }
    assert ContactPoint.objects.get(raw=FORMS[3]).extension == "3"


def test_the_same_phone_is_written_once_for_one_party(anna):
    party = make_party(owner=anna)
    make_point(FORMS[0], party=party, owner=anna)
    with pytest.raises(Invalid):
        make_point(FORMS[1], party=party, owner=anna)
    assert party.points.count() == 1


def test_the_first_of_its_type_is_the_main_one_and_only_one_is(anna):
    party = make_party(owner=anna)
    first = make_point("+7 812 555-01-42", party=party, owner=anna)
    second = make_point("+7 812 555-01-43", party=party, owner=anna)
    assert (first.is_main, second.is_main) == (True, False)
    change_record(CONTACT_POINT, second.pk, {"is_main": True}, by=anna)
    assert list(party.points.order_by("pk").values_list("is_main", flat=True)) == [False, True]


def test_a_phone_typed_anew_is_read_anew(anna):
    point = make_point("+7 812 555-01-42", owner=anna)
    change_record(CONTACT_POINT, point.pk, {"raw": "8 495 123-45-67"}, by=anna)
    point.refresh_from_db()
    assert (point.normalised, point.digits) == ("+74951234567", "4951234567")


def test_a_local_number_without_city_is_kept_but_marked(anna):
    point = make_point("123-45-67", owner=anna)
    assert (point.raw, point.is_valid) == ("123-45-67", False)


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("email", "anna@", "EMAIL_FORMAT"),
        ("phone", "звоните Ане", "PHONE_FORMAT"),
        ("site", "нет сайта", "SITE_FORMAT"),
    ],
)
def test_what_can_not_be_read_is_refused(anna, kind, raw, code):
    party = make_party(owner=anna)
    with pytest.raises(Refusal) as no:
        add_point(party=party, type=kind, raw=raw, by=anna)
    assert (no.value.field, no.value.code) == ("raw", code)
    assert not party.points.exists()


def test_a_point_belongs_to_a_party_or_to_a_person_but_not_to_both(anna):
    party, contact = make_party(owner=anna), make_contact(owner=anna)
    for holder in ({}, {"party": party, "contact": contact}):
        with pytest.raises(Refusal):
            add_point(type="phone", raw="+7 812 555-01-42", by=anna, **holder)
    with pytest.raises(IntegrityError, match="contact_point_of_one"), transaction.atomic():
        ContactPoint.objects.create(raw="1", type="phone")


def test_an_e_mail_is_compared_without_regard_to_case(anna):
    party = make_party(owner=anna)
    make_point("Anna@Example.RU", party=party, type="email", owner=anna)
    with pytest.raises(Invalid):
        make_point("anna@example.ru", party=party, type="email", owner=anna)


def test_an_account_agrees_with_its_bank_and_currency(anna, happened):
    party, bank = make_party(owner=anna), make_bank(bic="044525225")
    before = happened()
    for number, currency, code in (
        ("40702810038000012345", "RUB", "ACC_KEY"),
        ("40702810938000012345", "USD", "ACC_CURRENCY"),
    ):
        with pytest.raises(Invalid) as no:
            add_bank_account(party=party, bank=bank, number=number, currency=currency, by=anna)
        assert no.value.faults[0].code == code
    assert (BankAccount.objects.count(), happened()) == (0, before)
    account = add_bank_account(party=party, bank=bank, number="40702 81093 80000 12345", currency="RUB", by=anna)
    assert (account.number, account.is_main) == ("40702810938000012345", True)
    assert happened()[-1] == "BankAccountAdded"


def test_an_account_in_a_closed_bank_is_refused(anna):
    bank = make_bank(bic="044525225", is_active=False)
    with pytest.raises(Invalid) as no:
        make_bank_account(owner=anna, bank=bank)
    assert no.value.faults[0].code == "BIC_UNKNOWN"


def test_an_address_keeps_what_was_typed_and_checks_its_parts(anna):
    address = make_address(owner=anna)
    assert (address.is_main, str(address)) == (True, "197110, Санкт-Петербург, Полярная ул., 1")
    with pytest.raises(Invalid) as no:
        make_address(owner=anna, postcode="1971")
    assert no.value.faults[0].code == "POSTCODE"
    with pytest.raises(Refusal) as empty:
        add_address(party=make_party(owner=anna), kind="legal", by=anna)
    assert empty.value.code == "ADDRESS_EMPTY"
    assert Address.objects.count() == 1
