"""The dossier: one page, one scroll, with everybody and everything of one customer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

DOSSIER = "/parties/1/"


def test_one_scroll_shows_requisites_people_timeline_deals_and_documents(andrey):
    page = andrey.open(DOSSIER)
    expect(page.locator("h1")).to_contain_text("Северный Ветер")
    expect(page.locator("#requisites")).to_contain_text("ООО «Северный Ветер»")
    for label in ("ИНН", "КПП", "ОГРН"):
        expect(page.locator("#requisites")).to_contain_text(label)
    expect(page.locator("#people")).to_contain_text("Фёдорова")
    expect(page.locator("#people")).to_contain_text("Решает")
    expect(page.locator("#reaches")).to_contain_text("+7 (812) 555-01-42")
    expect(page.locator("#timeline .entry").first).to_be_visible()
    expect(page.locator("#main")).to_contain_text("Насосы, партия 3")
    expect(page.locator("#main")).to_contain_text("Договор поставки")
    expect(page.locator("#next-step")).to_be_visible()


def test_digits_jump_to_the_sections(andrey):
    page = andrey.open(DOSSIER)
    places = page.locator(".dossier-index a")
    for number in (2, 4):
        target = places.nth(number - 1).get_attribute("href") or ""
        andrey.press(str(number))
        expect(page.locator(target)).to_be_in_viewport()
        assert page.url.endswith(target)


def test_the_timeline_is_narrowed_by_kind_and_word_and_reload_keeps_it(andrey):
    page = andrey.open(DOSSIER)
    page.locator("#timeline-words").fill("муфт")
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(page.locator("#timeline .entry").filter(has_text="муфт").first).to_be_visible()
    expect(page.locator("#timeline .entry").filter(has_text="Не взял трубку")).to_have_count(0)
    assert "words=" in page.url
    page.reload()
    expect(page.locator("#timeline .entry").filter(has_text="Не взял трубку")).to_have_count(0)
    expect(page.locator("#timeline .entry").filter(has_text="муфт").first).to_be_visible()


def test_the_time_at_the_customer_stands_beside_its_name(andrey):
    page = andrey.open(DOSSIER)
    expect(page.locator(".dossier-head")).to_contain_text(re.compile(r"у клиента \d\d:\d\d"))


def test_a_person_with_two_positions_stands_at_both_customers(andrey):
    for number in (1, 4):
        page = andrey.open(f"/parties/{number}/")
        expect(page.locator("#people")).to_contain_text("Ким")


def test_a_relation_stands_on_both_sides(andrey):
    page = andrey.open("/parties/4/")
    expect(page.locator("#relations")).to_contain_text("Водоканал Подмосковья")
    page.locator("#relations a", has_text="Водоканал Подмосковья").click()
    expect(page.locator("#relations")).to_contain_text("Ладога-Тепло")


@pytest.mark.parametrize("number", [1])
def test_a_stranger_meets_no_such_customer(sit_down, number):
    stranger = sit_down("badmaev")
    answer = stranger.page.goto(f"/parties/{number}/")
    assert answer is not None and answer.status == 404
    expect(stranger.page.locator("body")).not_to_contain_text("Северный Ветер")
