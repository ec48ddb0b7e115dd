"""The dossier on one page, the small form for a new customer, and those who may be the same."""

from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from krug.access.models import Reach, User
from krug.kernel.testing.cast import make_role
from krug.parties.actions.contacts import add_person
from krug.parties.actions.parties import verify_party
from krug.parties.belongings import belongings_of
from krug.parties.duplicates import Typed, similar_parties
from krug.parties.models import Contact, Party
from krug.parties.testing import (
    make_address,
    make_bank_account,
    make_contact,
    make_party,
    make_point,
    make_position,
    make_relation,
    make_requisites,
    make_role_of_party,
)
from krug.parties.zones import local_time, zone_of


@pytest.fixture
def known(anna):
    """A customer of whom much is known."""
    party = make_party("Северный Ветер", owner=anna, city="Владивосток")
    make_requisites(party, owner=anna, inn="7707083893", kpp="773601001", valid_from=date(2020, 1, 1))
    verify_party(party, source="Выписка из ЕГРЮЛ", verified_on=date(2026, 11, 2), by=anna)
    make_bank_account(party, owner=anna)
    make_address(party, owner=anna)
    make_role_of_party(party, owner=anna, role="customer")
    add_person(
        party, full_name="Фёдорова Анна Сергеевна", position="закупки", role="buyer",
        phone="+7 812 555-01-42 доб. 3", by=anna,
    )  # fmt: skip
    return party


@pytest.fixture
def seen(client, anna):
    """The text of a page as Anna sees it, in English."""
    anna.language = "en"
    anna.save()
    client.force_login(anna)

    def read(url, **headers):
        response = client.get(url, headers={"Accept-Language": "en", **headers})
        assert response.status_code == 200, response.content[:500]
        return response.content.decode()

    return read


def test_one_page_shows_requisites_people_timeline_and_phones_that_dial(known, seen):
    text = seen(f"/parties/{known.pk}/")
    for words in ("7707083893", "773601001", "confirmed on 2 Nov 2026", "40702810938000012345", "Полярная ул., 1"):
        assert words in text
    assert 'href="tel:+78125550142;ext=3"' in text
    assert "+7 (812) 555-01-42 ext. 3" in text
    assert "Requisites confirmed on 2 Nov 2026: Выписка из ЕГРЮЛ" in text


def test_the_index_jumps_by_digits_to_sections_that_exist(known, seen):
    text = seen(f"/parties/{known.pk}/")
    for key, anchor in (("Digit1", "requisites"), ("Digit2", "people"), ("Digit3", "timeline-panel")):
        assert f'href="#{anchor}" data-key="{key}"' in text
        assert f'id="{anchor}"' in text


def test_a_page_costs_the_same_for_one_person_and_for_twenty(known, seen, anna):
    seen(f"/parties/{known.pk}/")
    with CaptureQueriesContext(connection) as few:
        seen(f"/parties/{known.pk}/")
    for turn in range(19):
        position = make_position(make_contact(owner=anna), known, owner=anna, priority=9)
        make_point(f"+7 812 555-11-{turn:02d}", contact=position.contact, owner=anna)
    with CaptureQueriesContext(connection) as many:
        seen(f"/parties/{known.pk}/")
    assert len(many) == len(few)


def test_everything_that_belongs_is_read_in_one_statement(known, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = belongings_of(known.pk)
    assert [version.inn for version in found.versions] == ["7707083893"]
    assert [(one.surname, one.priority, one.points[0].extension) for one in found.people] == [("Фёдорова", 1, "3")]
    assert set(found.roles) == {"customer"}


def test_a_relation_to_a_party_of_others_is_counted_but_not_named(known, seen, boris):
    other = make_party("Чужой завод", owner=boris)
    make_relation(owner=boris, from_party=other, to_party=known)
    text = seen(f"/parties/{known.pk}/")
    assert "Чужой завод" not in text
    assert "1 more that is not open to you" in text


def test_a_stranger_meets_no_dossier(known, client, boris):
    client.force_login(boris)
    assert client.get(f"/parties/{known.pk}/").status_code == 404
    assert client.get(f"/parties/{known.pk}/add-person/").status_code == 404


def test_the_customers_clock_is_seven_hours_ahead_in_vladivostok_and_late_after_nine_in_the_evening():
    zone = zone_of("Владивосток")
    late = local_time(zone, datetime(2026, 11, 20, 11, 0, tzinfo=UTC))
    assert (late.at.hour, late.is_late) == (21, True)
    good = local_time(zone, datetime(2026, 11, 20, 10, 59, tzinfo=UTC))
    assert (good.at.hour, good.at.minute, good.is_late) == (20, 59, False)
    assert local_time(zone, datetime(2026, 11, 19, 22, 59, tzinfo=UTC)).is_late
    assert local_time("", datetime(2026, 11, 20, tzinfo=UTC)) is None


@pytest.mark.parametrize(("city", "country", "zone"), [
    ("Санкт-Петербург", "RU", "Europe/Moscow"),
    ("г. Орёл", "RU", "Europe/Moscow"),
    ("нижний новгород", "RU", "Europe/Moscow"),
    ("Екатеринбург", "RU", "Asia/Yekaterinburg"),
    ("Минск", "BY", "Europe/Minsk"),
    ("Гомель-2", "BY", "Europe/Minsk"),
    ("Энск", "RU", ""),
])  # fmt: skip
def test_a_city_has_its_zone(city, country, zone):
    assert zone_of(city, country) == zone


@pytest.mark.parametrize(("typed", "reasons"), [
    ({"inn": "7707 083893"}, ["INN: the same"]),
    ({"phone": "8 (812) 555 01 42"}, ["Phone or e-mail: the same"]),
    ({"name": "ООО «СЕВЕРНЫЙ ВЕТЕР»"}, ["Name: the same"]),
    ({"name": "северный ветр"}, ["Name: almost the same"]),
    ({"name": "Северн"}, ["Name: similar"]),
    ({"name": "Северный ветер", "inn": "7707 083893"}, ["Name: the same", "INN: the same"]),
])  # fmt: skip
def test_a_similar_customer_is_shown_while_somebody_types(known, anna, boris, typed, reasons):
    found = similar_parties(Typed(**typed), anna)
    assert [(one.party, one.reasons) for one in found] == [(known, reasons)]
    assert similar_parties(Typed(**typed), boris) == []


def test_a_tax_number_typed_as_the_name_finds_its_customer(known, anna, client):
    client.force_login(anna)
    page = client.get("/parties/duplicates/", {"display_name": "7707083893"}).content.decode()
    assert known.display_name in page
    assert known.display_name not in client.get("/parties/duplicates/", {"display_name": "7707083894"}).content.decode()


def test_a_customer_of_another_city_is_another_one(known, anna):
    Party.objects.filter(pk=known.pk).update(city="Омск")
    assert [one.party for one in similar_parties(Typed(name="Северный ветер", city="Омск"), anna)] == [known]
    assert similar_parties(Typed(name="Северный ветер", city="Владивосток"), anna) == []


def test_nobody_is_similar_by_what_is_closed_to_the_one_who_types(known, anna):
    grants = dict.fromkeys(("party", "contact", "requisites"), (Reach.OWN, ["*"]))
    anna.roles.set([make_role("covered", {**grants, "contact-point": (Reach.OWN, ["change"])})])
    again = User.objects.get(pk=anna.pk)
    assert similar_parties(Typed(phone="8 (812) 555 01 42"), again) == []
    [one] = similar_parties(Typed(name="Северный ветер", phone="8 (812) 555 01 42"), again)
    assert (one.reasons, one.person) == (["Name: the same"], None)


def test_nobody_is_similar_to_nothing(known, anna):
    for typed in (Typed(), Typed(name="ООО"), Typed(name="Балт-Механика"), Typed(phone="0142"), Typed(email="нет")):
        assert similar_parties(typed, anna) == []


def test_the_list_of_similar_ones_opens_them_or_adds_a_person(known, seen):
    text = seen("/parties/duplicates/?phone=88125550142&person=Ким+Олег", **{"HX-Request": "true"})
    assert f'href="/parties/{known.pk}/"' in text
    assert f"/parties/{known.pk}/add-person/?full_name=" in text
    assert "Phone or e-mail: the same · Фёдорова" in text


def test_the_page_of_similar_ones_says_that_there_are_none(seen):
    text = seen("/parties/duplicates/")
    assert "<h1" in text and "Similar customers</h1>" in text
    assert "Nobody similar is known" in text
    assert "Nobody similar is known" not in seen("/parties/duplicates/", **{"HX-Request": "true"})


def test_who_looks_back_is_offered_nothing_to_add(known, seen):
    adding = ("/requisites/new/", "/bank-accounts/new/", "/contact-points/new/", "/addresses/new/", "/add-person/")
    assert all(address in seen(f"/parties/{known.pk}/") for address in adding)
    then = urlencode({"as_of": datetime.now(UTC).isoformat()})
    text = seen(f"/parties/{known.pk}/?{then}")
    assert "You are viewing the past" in text
    assert [address for address in adding if address in text] == []


def test_a_customer_is_met_in_three_fields(client, anna, happened):
    client.force_login(anna)
    sent = {"display_name": "Балт-Механика", "phone": "8 812 5550142", "person": "Ким Олег Петрович", "once": "k1"}
    for _turn in range(2):
        answer = client.post("/parties/quick/", sent)
        assert answer.status_code == 303
    party = Party.objects.get()
    assert answer["Location"] == f"/parties/{party.pk}/"
    contact = Contact.objects.get()
    assert (contact.surname, contact.points.get().normalised) == ("Ким", "+78125550142")
    assert contact.positions.get().party == party


def test_what_comes_filled_in_is_looked_for_among_the_known_at_once(client, anna):
    client.force_login(anna)
    empty = client.get("/parties/quick/").content.decode()
    filled = client.get("/parties/quick/?display_name=Балт-Механика").content.decode()
    assert ("load, input changed" in empty, filled.count("load, input changed")) == (False, 1)


def test_a_phone_without_all_its_digits_is_refused_at_its_field(client, anna):
    client.force_login(anna)
    answer = client.post("/parties/quick/", {"display_name": "Балт-Механика", "phone": "+7 999"})
    assert answer.status_code == 422
    assert "Телефон: Номер телефона неполный: не хватает цифр" in answer.content.decode()
    assert not Party.objects.exists()


def test_an_inn_alone_makes_a_draft(client, anna):
    client.force_login(anna)
    assert client.post("/parties/quick/", {"display_name": "7707083893"}).status_code == 303
    party = Party.objects.get()
    assert (party.state, party.requisites.get().inn) == ("draft", "7707083893")


def test_a_name_too_long_is_told_at_the_field_of_the_person(anna, client):
    client.force_login(anna)
    answer = client.post("/parties/quick/", {"display_name": "Long", "person": "x" * 180})
    assert answer.status_code == 422
    assert 'href="#f-person"' in answer.content.decode()
    assert not Party.objects.filter(display_name="Long").exists()


@pytest.mark.parametrize(("sent", "words"), [
    ({"display_name": ""}, "Fill in this field."),
    ({"display_name": "7707083894"}, "INN 7707083894: check digit does not match"),
    ({"display_name": "Ветер", "phone": "звоните"}, "This is not a phone number"),
    ({"display_name": "Ветер", "email": "a@"}, "This is not an e-mail address"),
])  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_kept_or_lost(client, anna, happened, sent, words):
    anna.language = "en"
    anna.save()
    client.force_login(anna)
    answer = client.post("/parties/quick/", {"person": "Ким Олег", **sent}, headers={"Accept-Language": "en"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "Ким Олег" in text
    assert "<title>Error:" in text
    assert (Party.objects.count(), Contact.objects.count(), happened()) == (0, 0, [])


def test_a_duplicate_is_refused_in_the_form_with_a_link_to_the_first(known, client, anna):
    client.force_login(anna)
    other = make_party(owner=anna)
    sent = {"party": other.pk, "inn": "7707083893", "kpp": "773601001", "valid_from": "2026-01-01"}
    answer = client.post("/requisites/new/", sent)
    assert answer.status_code == 422
    assert f'href="/parties/{known.pk}/"' in answer.content.decode()
    assert not other.requisites.exists()


@pytest.mark.parametrize(
    ("words", "given"),
    [("Яяяя", "display_name"), ("7707083893", "display_name"), ("+7 921 555 01 42", "phone")],
)
def test_what_is_looked_for_in_vain_may_become_a_customer(client, anna, words, given):
    client.force_login(anna)
    page = client.get("/search/", {"q": words}).content.decode()
    assert f"/parties/quick/?{urlencode({given: words})}" in page


def test_a_phone_can_be_edited_beside_its_number_and_a_local_one_says_what_it_lacks(known, seen):
    known.points.create(type="phone", raw="555-01-42", normalised="5550142", is_valid=False)
    text = seen(f"/parties/{known.pk}/")
    point = known.points.get(raw="555-01-42")
    assert f'href="/contact-points/{point.pk}/edit/?next=/parties/{known.pk}/"' in text
    assert "no city code" in text
    assert "does not work" not in text
