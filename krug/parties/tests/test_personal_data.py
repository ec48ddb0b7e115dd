"""Phones, mailboxes and birthdays are covered for those without the right to personal data, wherever they stand."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from krug.access.models import Reach, User
from krug.kernel.registry import entities, get_entity
from krug.kernel.search.finding import search
from krug.kernel.search.indexing import index_records
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.tokens import issue
from krug.language.masks import mask
from krug.parties.testing import make_contact, make_party, make_point, make_position

pytestmark = pytest.mark.django_db
PHONE, MAIL = "+78125556677", "m.kolosova@rassvet.ru"
BORN = date(1984, 3, 5)
VERBS = ["create", "change", "archive", "export", "import"]


@pytest.fixture
def shy(db: Any) -> User:
    """Somebody who sees and does everything but personal data."""
    role = make_role("shy", {each.code: (Reach.ALL, VERBS) for each in entities()})
    return make_user("shy@example.org", role=role, surname="Скромная", given_name="Инна")


@pytest.fixture
def maria(gleb: User) -> Any:
    """A contact person with a phone, a mailbox and a birthday at a customer."""
    party = make_party("Рассвет", owner=gleb)
    contact = make_contact("Колосова Мария Ивановна", owner=gleb, birthday=BORN)
    make_position(contact, party, by=gleb, position="Директор")
    make_point(PHONE, contact=contact, by=gleb)
    make_point(MAIL, type="email", contact=contact, by=gleb)
    make_point(PHONE[:-1] + "8", party=party, by=gleb)
    index_records(get_entity("contact"), [contact.pk])
    index_records(get_entity("party"), [party.pk])
    return contact


def told(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    text: str = answer.getvalue().decode()
    return text


def bare(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def addresses(contact: Any) -> list[str]:
    party = contact.positions.get().party
    one = [f"/contacts/{contact.pk}/", f"/contacts/{contact.pk}/history/", f"/parties/{party.pk}/", "/contacts/"]
    points = [
        f"/contact-points/{point.pk}/{tail}" for point in contact.points.all() for tail in ("", "history/", "edit/")
    ]
    return [*one, *points, "/contact-points/", "/contact-points/export/", "/contact-points/export/?format=jsonl",
            "/contacts/export/?columns=full_name,birthday", "/contact-points/options/?q=812",
            f"/contacts/?{urlencode({'columns': 'full_name,birthday'})}"]  # fmt: skip


def test_a_mask_leaves_enough_to_tell_two_apart_and_nothing_to_use():
    assert [mask(text) for text in (PHONE, "8 (812) 555-66-77", MAIL, "Иванова", "12-34")] == [
        "+•••••••••77", "• (•••) •••-••-77", "m•••@rassvet.ru", "•••", "•••",
    ]  # fmt: skip
    assert mask(mask(PHONE)) == mask(PHONE)
    assert mask(mask(MAIL)) == mask(MAIL)


def test_without_the_right_no_page_and_no_file_shows_a_phone_a_mailbox_or_a_birthday(maria, shy, client):
    client.force_login(shy)
    for url in addresses(maria):
        text = told(client, url)
        assert "55566" not in bare(text), (url, text[text.find("555") - 300 : text.find("555") + 100])
        assert MAIL not in text, url
        assert not {"05.03.1984", "1984-03-05"} & {word.strip('",;<>/') for word in text.split()}, url
        assert "5 марта 1984" not in text


def test_with_the_right_all_of_it_is_there(maria, gleb, client):
    client.force_login(gleb)
    page = told(client, f"/parties/{maria.positions.get().party_id}/")
    assert "+7 (812) 555-66-77" in page.replace("\xa0", " ")
    assert MAIL in page
    assert "05.03.1984" in page


def test_programs_get_the_covered_value_and_no_other(maria, shy):
    client = Client(headers={"Authorization": f"Bearer {issue(shy).text}"})
    point = maria.points.get(type="phone")
    said = client.get(f"/api/v1/contact-points/{point.pk}/").json()
    assert (said["raw"], said["normalised"]) == ("+•••••••••77", "+•••••••••77")
    assert client.get(f"/api/v1/contacts/{maria.pk}/").json()["birthday"] == "•••"
    for url in (
        f"/api/v1/contact-points/{point.pk}/history/",
        "/api/v1/changes",
        "/api/v1/contact-points/?expand=contact",
    ):
        text = client.get(url).content.decode()
        assert "5556677" not in text
        assert "1984-03-05" not in text


@pytest.mark.parametrize("query", ["5556677", "8125556677", MAIL])
def test_whoever_may_not_see_a_phone_does_not_find_its_owner_by_it(query, maria, shy, gleb, client):
    assert [hit.id for hit in search(query, shy).hits] == []
    client.force_login(shy)
    assert f"/contacts/{maria.pk}/" not in told(client, f"/contacts/?q={quote(query)}")
    assert f"/contacts/{maria.pk}/" not in told(client, f"/search/?q={quote(query)}")


def test_whoever_may_see_it_does(maria, gleb):
    assert maria.pk in [hit.id for hit in search("5556677", gleb).hits if hit.entity == "contact"]


def test_a_covered_field_is_neither_filtered_sorted_nor_grouped_by(maria, shy):
    client = Client(headers={"Authorization": f"Bearer {issue(shy).text}"})
    condition = {"field": "birthday", "operator": "eq", "value": "1984-03-05"}
    for url in (
        f"/api/v1/contacts/?{urlencode({'filter': json.dumps(condition)})}",
        "/api/v1/contacts/?sort=birthday",
        "/api/v1/contacts/totals?by=birthday",
        f"/api/v1/contact-positions/?{urlencode({'filter': json.dumps({**condition, 'field': 'contact__birthday'})})}",
    ):
        assert client.get(url).status_code == 400, url
    known = {"field": "birthday", "operator": "not_empty"}
    answer = client.get(f"/api/v1/contacts/?{urlencode({'filter': json.dumps(known)})}")
    assert [row["birthday"] for row in answer.json()["results"]] == ["•••"]


def test_nobody_writes_what_he_may_not_see(maria, shy, client, happened):
    api = Client(headers={"Authorization": f"Bearer {issue(shy).text}"})
    before = happened()
    sent = api.patch(f"/api/v1/contacts/{maria.pk}/", {"birthday": "1990-01-01"}, content_type="application/json")
    assert (sent.status_code, sent.json()["errors"][0]["field"]) == (422, "birthday")
    assert sent.json()["errors"][0]["code"] == "READ_ONLY_FIELD"
    client.force_login(shy)
    assert client.get("/contact-points/new/").status_code == 403
    maria.refresh_from_db()
    assert (maria.birthday, happened()) == (BORN, before)


def test_a_search_result_calls_whom_may_be_called_and_tells_no_covered_phone(shy, gleb, maria, client):
    party = maria.positions.get().party
    make_point("+78120000001", contact=maria, by=gleb, do_not_contact=True)
    client.force_login(gleb)
    text = told(client, f"/search/?{urlencode({'q': 'Рассвет', 'palette': 1})}")
    # The customer's own phone first, then those of its people; never the one that is not to be called.
    assert [f'href="tel:{number}"' in text for number in (PHONE[:-1] + "8", PHONE, "+78120000001")] == [
        True,
        True,
        False,
    ]
    assert text.index(PHONE[:-1] + "8") < text.index(f"tel:{PHONE}")
    assert f"/parties/{party.pk}/" in text
    client.force_login(shy)
    assert "tel:" not in told(client, f"/search/?{urlencode({'q': 'Рассвет', 'palette': 1})}")
