"""The settings: found by their words, grouped, each page telling what it changes and who changed it last."""

from __future__ import annotations

import html
import re

import pytest
from django.utils.translation import override

from krug.administration.actions.company import describe_company, the_company
from krug.administration.settings_pages import all_pages, open_pages, page_at, what_it_changes
from krug.administration.settings_search import find_settings
from krug.administration.testing import make_attribute, make_own_role, make_person
from krug.kernel import doors
from krug.kernel.journal.models import JournalEntry
from krug.kernel.registry import entities, get_entity
from krug.kernel.testing.contract import make
from krug.sales.testing import make_loss_reason

pytestmark = pytest.mark.django_db
PASTLESS = ["/settings/tokens/", "/import/", "/settings/audit/"]
COMPANY = {"name": "Северный ветер", "currency": "RUB", "timezone": "Europe/Moscow", "language": "ru"}


def addresses(query, user):
    return [place.url for place in find_settings(query, user).places]


def foot(client, url):
    page = client.get(url).content.decode()
    return page[page.index('class="about-page"') : page.index("</footer>")] if "about-page" in page else ""


@pytest.mark.parametrize("query", ["роли", "roles", "hjkb", "права", "Комания", "roli"])
def test_a_page_is_found_in_both_languages_in_the_wrong_layout_and_with_a_slip(gleb, query):
    assert ("/settings/company/" if query == "Комания" else "/roles/") in addresses(query, gleb)


def test_a_field_its_values_a_dictionary_a_role_and_a_person_are_found(gleb):
    field = make_attribute("Storeys", name_ru="Этажность", kind="choice", values=["Nine levels"])
    reason = make_loss_reason(name_ru="Дорого", name_en="Too dear")
    role, person = make_own_role("Night watch"), make_person(surname="Перепёлкина")
    assert addresses("этажность", gleb) == addresses("nine levels", gleb) == ["/settings/attributes/party/"]
    assert addresses("too dear", gleb) == addresses("ljhjuj", gleb) == [f"/loss-reasons/{reason.pk}/"]
    assert addresses("night", gleb) == [f"/roles/{role.pk}/"]
    assert addresses("перепелкина", gleb) == [f"/users/{person.pk}/"]
    assert field.entity == "party"


def test_nobody_finds_settings_that_are_not_open_to_him(gleb):
    make_attribute("Storeys")
    assert "/settings/company/" in addresses("company", gleb)
    seller = make_person(roles=("seller",))
    assert addresses("company", seller) == addresses("storeys", seller) == []


def test_the_search_box_finds_settings_for_who_may_change_them(gleb, client):
    make_attribute("Storeys")
    client.force_login(gleb)
    assert "/settings/attributes/party/" in client.get("/search/?palette=1&q=storeys").content.decode()
    client.force_login(make_person(roles=("seller",)))
    assert "/settings/attributes/party/" not in client.get("/search/?palette=1&q=storeys").content.decode()


def test_the_page_of_settings_shows_what_was_found_and_says_when_nothing_was(gleb, client):
    client.force_login(gleb)
    found = client.get("/settings/?q=hjkb").content.decode()
    assert 'href="/roles/"' in found and "роли" in found
    assert "All settings" in client.get("/settings/?q=zzzzzz", headers={"Accept-Language": "en"}).content.decode() or (
        "Все настройки" in client.get("/settings/?q=zzzzzz").content.decode()
    )


def test_every_page_of_the_settings_says_what_it_changes_or_is_a_list_chosen_from():
    silent = {page.url for page in all_pages() if not what_it_changes(page)}
    assert silent == set()


def test_every_dictionary_stands_in_the_settings():
    listed = {page.url for page in all_pages()}
    assert [each.code for each in entities() if each.menu.startswith("settings") and each.url() not in listed] == []


def test_a_dictionary_tells_who_changed_it_last_and_takes_it_back(gleb, client):
    reason = make_loss_reason(name_ru="Дорого", name_en="Too dear")
    doors.change_record(get_entity("loss-reason"), reason.pk, {"name_en": "The price"}, by=gleb)
    act = JournalEntry.objects.order_by("-id").first().act
    client.force_login(gleb)
    client.get("/")
    with override("en"):
        told = foot(client, "/loss-reasons/")
    assert "Too dear → The price" in told and f"/journal/{act}/undo/" in told
    assert f"/journal/{act}/undo/" in foot(client, f"/loss-reasons/{reason.pk}/")
    client.post(f"/journal/{act}/undo/")
    reason.refresh_from_db()
    assert reason.name_en == "Too dear"
    assert "The price → Too dear" in foot(client, "/loss-reasons/")


def test_the_company_page_tells_its_last_change_and_takes_it_back(gleb, client):
    describe_company(COMPANY, by=gleb)
    describe_company(COMPANY | {"name": "Южный ветер"}, by=gleb)
    act = JournalEntry.objects.filter(event="CompanyDescribed").order_by("-id").first().act
    client.force_login(gleb)
    assert f"/journal/{act}/undo/" in foot(client, "/settings/company/")
    client.post(f"/journal/{act}/undo/")
    assert the_company().name == "Северный ветер"
    assert JournalEntry.objects.order_by("-id").first().event == "ChangeUndone"


def test_a_role_is_told_and_taken_back_from_the_foot_of_its_page(gleb, client):
    role = make_own_role("Night watch")
    doors.change_record(get_entity("role"), role.pk, {"name_en": "Day watch"}, by=gleb)
    client.force_login(gleb)
    told = foot(client, f"/roles/{role.pk}/")
    act = JournalEntry.objects.filter(entity="role", subject_id=role.pk).order_by("-id").first().act
    assert "Night watch → Day watch" in told and f"/journal/{act}/undo/" in told
    assert client.post(f"/journal/{act}/undo/").status_code == 303
    role.refresh_from_db()
    assert role.name_en == "Night watch"


def test_pages_that_are_no_settings_have_no_foot(gleb, client):
    client.force_login(gleb)
    assert foot(client, "/deals/") == foot(client, "/") == ""
    assert foot(client, "/loss-reasons/") != ""


def test_every_page_of_the_settings_tells_at_its_foot_what_it_changes_and_who_was_last(gleb, client):
    client.force_login(gleb)
    silent, pastless = [], []
    for page in open_pages(gleb):
        told = foot(client, page.url)
        if what_it_changes(page) not in html.unescape(told):
            silent.append(page.url)
        if not page.covers:
            pastless.append(page.url)
    assert silent == []
    assert pastless == PASTLESS, "these show what is so, and change nothing that could be taken back"


def test_every_list_in_the_settings_takes_its_last_change_back(gleb, client):
    client.force_login(gleb)
    for entity in entities():
        page = page_at(entity.url())
        if page is None or page.url != entity.url() or entity.code not in page.covers:
            continue
        record = make(entity, gleb)
        name = next((each for each in ("name_en", "name", "surname", "label") if each in entity.editable), "")
        if not name:
            continue
        before = getattr(record, name)
        doors.change_record(entity, record.pk, {name: "Other words"}, by=gleb)
        told = foot(client, entity.url())
        undo = re.search(r"/journal/[0-9a-f-]+/undo/", told)
        assert "Other words" in told and undo, entity.code
        assert client.post(undo[0]).status_code == 303, entity.code
        record.refresh_from_db()
        assert getattr(record, name) == before, entity.code
