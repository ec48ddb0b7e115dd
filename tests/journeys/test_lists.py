"""Lists: the address is the screen, rows are peeked at and edited in place, and the way back is remembered."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.desk import fresh

NARROWED = "/parties/?f.state.eq=approved&sort=-display_name"


def test_the_address_gives_the_same_screen_in_another_browser(sit_down):
    one, other = sit_down("sokolov"), sit_down("sokolov")
    page = one.open("/deals/")
    page.click("[popovertarget=filter-fields]")
    page.get_by_role("menuitem", name="Этап", exact=True).or_(
        page.get_by_role("link", name="Этап", exact=True)
    ).first.click()
    page.locator("#filter-adder").get_by_text("Интерес", exact=True).click()
    page.get_by_role("button", name="Добавить фильтр").click()
    expect(page.locator(".chip")).to_contain_text("Интерес")
    page.locator("thead").get_by_role("link", name="Сумма").click()
    expect(page.locator("th[aria-sort]")).to_contain_text("Сумма")
    copied = other.open(page.url)
    assert copied.locator("table").inner_text() == page.locator("table").inner_text()
    assert copied.locator(".chips").inner_text() == page.locator(".chips").inner_text()


def test_a_row_is_peeked_at_opened_and_left_with_the_focus_where_it_was(andrey):
    page = andrey.open("/parties/")
    for _row in range(3):
        andrey.press("j")
    third = page.locator("tbody tr").nth(2)
    expect(third.locator("[data-open]")).to_be_focused()
    name = third.locator("[data-open]").inner_text()
    andrey.press(" ")
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text(name)
    assert "open=" in page.url
    page.go_back()
    expect(drawer).to_be_hidden()
    expect(third.locator("[data-open]")).to_be_focused()
    andrey.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)
    page.go_back()
    expect(page.locator("tbody tr").nth(2).locator("[data-open]")).to_be_focused()


def test_the_next_record_of_the_list_is_one_key_away(andrey):
    page = andrey.open("/parties/")
    names = page.locator("tbody [data-open]").all_inner_texts()
    page.locator("tbody [data-open]").first.click()
    expect(page.locator("h1")).to_contain_text(names[0])
    andrey.press("j")
    expect(page.locator("h1")).to_contain_text(names[1])


def test_a_cell_is_edited_in_place_undone_and_left_alone_by_escape(andrey):
    name = fresh("Правка на месте")
    andrey.begin_deal(name, amount="500 000")
    page = andrey.open(f"/deals/?q={name}")
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    andrey.press("j")
    row.locator("td[data-edit-url]").filter(has_text="500").click()
    row.locator("td[data-edit-url]").filter(has_text="500").dblclick()
    field = row.locator("[name=amount], [name=value]").first
    expect(field).to_be_focused()
    field.fill("600 000")
    andrey.press("Escape")
    expect(row).to_contain_text("500\N{NO-BREAK SPACE}000")
    row.locator("td[data-edit-url]").filter(has_text="500").dblclick()
    field = row.locator("[name=amount], [name=value]").first
    expect(field).to_be_focused()
    field.fill("700 000")
    andrey.press("Tab")
    expect(row).to_contain_text("700\N{NO-BREAK SPACE}000")
    expect(andrey.toast).to_contain_text("Сохранено")
    andrey.toast.get_by_role("button", name="Отменить").click()
    expect(page.locator("tbody tr")).to_contain_text("500\N{NO-BREAK SPACE}000")


def test_a_cell_is_changed_and_given_back_by_the_keyboard_alone(andrey):
    name = fresh("Только клавиши")
    andrey.begin_deal(name, amount="500 000")
    page = andrey.open(f"/deals/?q={name}&columns=amount&columns=name")
    row = page.locator("tbody tr")
    andrey.press("j")
    andrey.press("e")
    expect(row.locator("[name=amount]")).to_be_focused()
    andrey.type("900 000")
    andrey.press("Escape")
    expect(row).to_contain_text("500\N{NO-BREAK SPACE}000")
    expect(row.locator("[data-open]")).to_be_focused()
    andrey.press("e")
    expect(row.locator("[name=amount]")).to_be_focused()
    andrey.type("700 000")
    andrey.press("Tab")
    expect(row).to_contain_text("700\N{NO-BREAK SPACE}000")
    expect(andrey.toast).to_contain_text("Сохранено")
    andrey.press("z")
    expect(row).to_contain_text("500\N{NO-BREAK SPACE}000")
    page.reload()
    expect(row).to_contain_text("500\N{NO-BREAK SPACE}000")


def test_a_filter_that_finds_nothing_names_itself_and_is_cleared(andrey):
    page = andrey.open("/parties/?q=неттакого")
    expect(page.locator("#main")).to_contain_text("неттакого")
    page.get_by_role("link", name=re.compile("Очистить|Сбросить")).first.click()
    expect(page.locator("tbody tr").first).to_be_visible()


def test_the_list_leaves_as_a_file_with_russian_letters(andrey):
    page = andrey.open("/parties/")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Выгрузить").click()
        page.get_by_role("link", name="CSV").click()
    text = waiting.value.path().read_bytes().decode("utf-8-sig")
    assert "Северный Ветер" in text and ";" in text.splitlines()[0]
