"""One box finds everybody, forgives the typist, and shows nothing that is not one's own to see."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

FEDOROVA = "Фёдорова Анна Сергеевна"


def test_the_box_opens_out_of_a_field_and_gives_the_caret_back(andrey):
    page = andrey.open("/tasks/new/")
    field = page.locator("input[name=name]")
    field.fill("Позвонить Фёдоровой")
    field.evaluate("field => field.setSelectionRange(4, 4)")
    andrey.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    andrey.press("Escape")
    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionStart") == 4


def test_eight_records_opened_last_stand_in_the_empty_box(andrey):
    for number in range(1, 10):
        andrey.page.goto(f"/parties/{number}/")
    page = andrey.open("/tasks/")
    andrey.press("Control+k")
    recent = page.locator("#palette [role=option][data-href$='/parties/9/']")
    expect(recent).to_have_count(1)
    places = page.locator("#palette [role=option]").evaluate_all("lines => lines.map(line => line.dataset.href)")
    assert [place for place in places if re.search(r"/parties/\d+/$", place)] == [
        f"/parties/{number}/" for number in range(9, 1, -1)
    ]


def test_three_letters_and_enter_open_the_dossier(andrey):
    andrey.open("/tasks/")
    expect(andrey.find("сев").first).to_contain_text("Северный Ветер")
    andrey.press("Enter")
    expect(andrey.page.locator("h1")).to_contain_text("Северный Ветер")


@pytest.mark.parametrize("digits", ["0142", "8 (812) 555 01 42"])
def test_digits_of_a_phone_find_the_customer_and_mark_what_matched(andrey, digits):
    andrey.open("/tasks/")
    andrey.find(digits)
    customer = andrey.page.locator("#palette [role=option][data-href='/parties/1/']")
    expect(customer).to_contain_text("Северный Ветер")
    expect(customer.locator("mark")).to_contain_text(re.compile("01-?42"))
    person = andrey.page.locator("#palette [role=option]").filter(has_text=FEDOROVA)
    expect(person.locator("mark")).to_contain_text(re.compile("01-?42"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [("atljhjdf", "в другой раскладке: «федорова»"), ("федорова", ""), ("fedorova", "другим алфавитом: «федорова»")],
)
def test_a_person_is_found_in_a_wrong_layout_without_yo_and_in_latin(andrey, typed, said):
    andrey.open("/tasks/")
    expect(andrey.find(typed).filter(has_text=FEDOROVA)).to_be_visible()
    if said:
        expect(andrey.page.locator("#palette .palette-group").first).to_contain_text(said)


def test_one_wrong_letter_is_forgiven(andrey):
    andrey.open("/tasks/")
    expect(andrey.find("северный втер").first).to_contain_text("Северный Ветер")


def test_nothing_found_offers_to_create_with_the_name_filled(andrey):
    page = andrey.open("/tasks/")
    expect(andrey.find("яяяя").first).to_contain_text("«яяяя»")
    andrey.press("Enter")
    expect(page.locator("input[name=display_name]")).to_have_value("яяяя")


def test_shift_enter_begins_a_record_about_the_customer_without_leaving_the_page(andrey):
    page = andrey.open("/reports/funnel/")
    first = andrey.find("сев").first
    expect(first).to_contain_text("Северный Ветер")
    expect(first.locator("template[data-actions]")).to_have_count(1)  # what was found, not what was there before
    andrey.press("Shift+Enter")
    call = page.locator("#palette a").first
    expect(call).to_have_text(re.compile(r"^Позвонить по номеру \+7\s\(\d{3}\)\s\d{3}-\d{2}-\d{2}"))
    expect(call).to_have_attribute("href", re.compile(r"^tel:\+7\d{10}$"))
    for deed in ("Контакт с клиентом", "Сделка"):
        expect(page.locator("#palette a").filter(has_text=deed)).to_have_count(1)
    page.locator("#palette a", has_text="Контакт с клиентом").click()
    expect(andrey.sheet.locator("[name=party__text]")).to_have_value("Северный Ветер")
    assert page.url.endswith("/reports/funnel/")


def test_a_seller_finds_no_deal_of_another_seller(sit_down):
    boss, seller = sit_down("lebedeva"), sit_down("sokolov")
    for desk in (boss, seller):
        desk.open("/tasks/")
    expect(boss.find("Лабораторный стенд").first).to_contain_text("Лабораторный стенд")
    expect(seller.find("Лабораторный стенд").first).not_to_contain_text("Томск-Прибор")
    expect(seller.page.locator("#palette [role=option]").first).to_contain_text("«Лабораторный стенд»")
