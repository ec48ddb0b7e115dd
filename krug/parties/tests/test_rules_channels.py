"""Phones, e-mail, sites and messengers are stored in one form whatever was typed."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from krug.parties.rules.channels import normalise_email, normalise_messenger, normalise_site, read_channel
from krug.parties.rules.phones import normalise_phone, phone_digits, show_phone

FIVE_FORMS = ("+7 812 555-01-42", "8 (812) 555 01 42", "88125550142", "8125550142", "7(812)5550142")


@pytest.mark.parametrize(
    ("typed", "e164", "extension", "region"),
    [
        ("8 (495) 123-45-67", "+74951234567", "", "RU"),
        ("8-800-555-35-35 доб. 123", "+78005553535", "123", "RU"),
        ("+7 701 234 56 78", "+77012345678", "", "KZ"),
        ("тел.: (812) 555-01-42 (доб. 3)", "+78125550142", "3", "RU"),
        ("8 812 5550142", "+78125550142", "", "RU"),
        ("8-10-7-812-555-01-42", "+78125550142", "", "RU"),
        ("+44 20 7946 0958", "+442079460958", "", "GB"),
        ("+1 416-810-9897x752", "+14168109897", "752", "CA"),
        ("8 912 345-67-89, вн. 12", "+79123456789", "12", "RU"),
    ],
)
def test_a_phone_is_stored_in_international_form(typed, e164, extension, region):
    phone = normalise_phone(typed)
    assert (phone.e164, phone.extension, phone.region, phone.valid) == (e164, extension, region, True)
    assert phone.raw == typed


def test_the_same_phone_in_five_forms_is_one_phone_with_the_same_digits():
    assert {normalise_phone(form).e164 for form in FIVE_FORMS} == {"+78125550142"}
    assert {phone_digits(form) for form in FIVE_FORMS} == {"8125550142"}
    assert phone_digits("8 (812) 555-01-42 доб. 3") == "8125550142"


def test_a_local_number_needs_the_code_of_the_city():
    alone = normalise_phone("123-45-67")
    assert (alone.valid, alone.e164, alone.fault.code) == (False, "1234567", "PHONE_CITY_CODE")
    assert normalise_phone("123-45-67", city_code="495").e164 == "+74951234567"


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", "PHONE_FORMAT"),
        ("звонить Анне", "PHONE_FORMAT"),
        ("+7 999", "PHONE_INCOMPLETE"),
        ("8 000 000 00 00", "PHONE_INVALID"),
    ],
)
def test_what_can_not_be_called_is_kept_but_marked(typed, refusal):
    phone = normalise_phone(typed)
    assert not phone.valid
    assert (phone.fault.code, phone.fault.field, phone.raw) == (refusal, "raw", typed)


def test_a_phone_is_shown_by_the_custom_of_the_country():
    assert show_phone("+78125550142", "3", "ru") == "+7 (812) 555-01-42 доб. 3"
    assert show_phone("+78125550142", "3", "en") == "+7 (812) 555-01-42 ext. 3"


@given(st.integers(9_000_000_000, 9_999_999_999))
def test_a_shown_phone_is_read_back(number):
    e164 = f"+7{number}"
    again = normalise_phone(show_phone(e164, "", "ru"))
    assert not again.valid or again.e164 == e164


def test_the_domain_of_an_address_is_lowered_and_the_name_kept():
    address = normalise_email("Anna.F@Example.COM")
    assert (address.normalised, address.key) == ("Anna.F@example.com", "anna.f@example.com")


def test_a_russian_domain_is_shown_in_russian_and_compared_in_ascii():
    address = normalise_email("info@Пример.рф")
    assert (address.normalised, address.key) == ("info@пример.рф", "info@xn--e1afmkfd.xn--p1ai")
    assert normalise_email("INFO@xn--e1afmkfd.xn--p1ai").key == address.key


def test_an_address_copied_with_a_name_is_taken_out():
    assert normalise_email("Анна Фёдорова <anna@example.com>").normalised == "anna@example.com"


@pytest.mark.parametrize("typed", ["", "anna@", "anna", "a b@c.ru", "@c.ru", "anna@localhost"])
def test_what_is_no_address_is_marked(typed):
    assert normalise_email(typed).fault.code == "EMAIL_FORMAT"


@pytest.mark.parametrize(
    ("typed", "normalised", "key"),
    [
        ("Пример.рф/о-нас", "https://пример.рф/о-нас", "xn--e1afmkfd.xn--p1ai/о-нас"),
        ("www.Example.com/", "https://www.example.com", "example.com"),
        ("http://example.com:8080/a?b=1", "http://example.com:8080/a?b=1", "example.com:8080/a?b=1"),
    ],
)
def test_sites(typed, normalised, key):
    site = normalise_site(typed)
    assert (site.normalised, site.key, site.valid) == (normalised, key, True)


@pytest.mark.parametrize(
    "typed", ["", "not a site", "ftp://x.ru", "javascript:alert(1)", "anna@example.com", "http://["]
)
def test_what_is_no_site_is_marked(typed):
    assert normalise_site(typed).fault.code == "SITE_FORMAT"


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("@ivanov", "telegram:ivanov"),
        ("https://t.me/ivanov", "telegram:ivanov"),
        ("телеграм ivanov", "telegram:ivanov"),
        ("WhatsApp 8 912 345-67-89", "whatsapp:+79123456789"),
        ("https://wa.me/79123456789", "whatsapp:+79123456789"),
        ("vk.com/id1", "vk:id1"),
    ],
)
def test_messengers(typed, normalised):
    assert normalise_messenger(typed).normalised == normalised


def test_an_unnamed_messenger_is_marked():
    assert normalise_messenger("что-то").fault.code == "MESSENGER_UNKNOWN"


def test_every_kind_is_read_by_its_own_rules():
    assert read_channel("phone", "8 (812) 555-01-42 доб. 3").normalised == "+78125550142"
    assert read_channel("fax", "555-01-42", city_code="812").valid
    assert read_channel("email", "A@B.ru").key == "a@b.ru"
    assert read_channel("site", "b.ru").normalised == "https://b.ru"
    assert read_channel("messenger", "@anna").service == "telegram"


def test_the_message_speaks_both_languages():
    fault = normalise_phone("123-45-67").fault
    with translation.override("ru"):
        assert str(fault.message) == "Добавьте к номеру код города: без него не дозвониться"
    with translation.override("en"):
        assert str(fault.message) == "Add the city code to the number: without it nobody can call"


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text):
    for kind in ("phone", "email", "site", "messenger"):
        assert read_channel(kind, text).raw == text
