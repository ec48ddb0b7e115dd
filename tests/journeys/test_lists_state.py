"""The address of a list is all of its state; rows are ticked by keys; every list has its board, customers their map."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.journeys.desk import fresh


def told(page):
    """What a list shows: its rows in order, its chips, its sorted head, the node and the size of the page."""
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_have_count(1)
    return {
        "rows": page.locator("tbody [data-open]").all_inner_texts(),
        "chips": page.locator(".chips").inner_text(),
        "sort": page.locator("th[aria-sort]").inner_text(),
        "node": page.locator("[role=treeitem][aria-selected=true]").inner_text(),
        "size": page.locator(".pager-size [aria-current]").inner_text(),
    }


def test_view_filter_sort_node_drawer_and_size_survive_reload_back_and_sharing(sit_down):
    one = sit_down("guseva")
    page = one.open("/trees/parties/")
    page.fill("[name=name]", fresh("Всё в адресе"))
    page.select_option("[name=level1]", "region")
    page.locator(".form-actions button[value=save]").click()
    page.locator("[role=treeitem][aria-level='1']").nth(1).click()
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_have_count(1)
    page = one.open(f"{page.url}&limit=100")
    expect(page.locator(".pager-size [aria-current]")).to_have_text("100")
    page.locator("thead").get_by_role("link", name=re.compile("Название|Краткое")).first.click()
    expect(page.locator("th[aria-sort]")).to_have_count(1)
    before, address = told(page), page.url
    assert {"tree", "filter", "limit", "sort"} <= set(parse_qs(urlsplit(address).query))
    one.press("j")
    name = page.locator("tbody [data-open]").first.inner_text()
    one.press(" ")
    expect(page.locator("#drawer")).to_contain_text(name)
    opened = page.url
    page.reload()
    expect(page.locator("#drawer")).to_contain_text(name)
    assert told(page) == before and page.url == opened
    shared = sit_down("guseva").open(opened)
    expect(shared.locator("#drawer")).to_contain_text(name)
    assert told(shared) == before
    shared.goto("/deals/")
    shared.go_back()
    expect(shared.locator("#drawer")).to_contain_text(name)
    assert told(shared) == before
    one.open("/deals/")
    page = one.open(address)
    expect(page.locator("#drawer")).to_be_hidden()
    assert told(page) == before


def test_rows_are_ticked_one_by_one_in_a_range_and_all_by_keys(andrey):
    page = andrey.open("/parties/?saved=all")
    bar, ticked = page.locator(".selection-bar"), page.locator("[data-select]:checked")
    andrey.press("j")
    andrey.press("x")
    expect(bar).to_contain_text("1")
    expect(ticked).to_have_count(1)
    for _row in range(3):
        andrey.press("j")
    andrey.press("Shift+X")
    expect(ticked).to_have_count(4)
    andrey.press("Control+a")
    expect(ticked).to_have_count(page.locator("[data-select]").count())
    andrey.press("k")
    andrey.press("x")
    expect(ticked).to_have_count(page.locator("[data-select]").count() - 1)


def test_customers_have_a_board_whose_cards_change_a_field_and_are_taken_back(andrey):
    page = andrey.open("/parties/?view=board")
    page.get_by_role("button", name=re.compile("Столбцы")).click()
    page.locator("#board-fields").get_by_role("link", name="Отрасль", exact=True).click()
    expect(page).to_have_url(re.compile("by=industry"))
    card = page.locator("[data-card]").first
    number = card.get_attribute("data-card")
    home = page.locator(f"[data-column]:has([data-card='{number}'])").get_attribute("data-column")
    place = page.locator("[data-column]").nth(
        1 if home != page.locator("[data-column]").nth(1).get_attribute("data-column") else 2
    )
    target = place.get_attribute("data-column")
    card.locator("[data-open]").focus()
    andrey.press("m")
    andrey.press(place.get_attribute("data-number"))
    expect(andrey.toast).to_contain_text("Сохранено")
    page.reload()
    expect(page.locator(f"[data-column='{target}'] [data-card='{number}']")).to_be_visible()
    page = andrey.open(f"/parties/{number}/history/")
    expect(page.locator("tbody tr").first).to_contain_text("Отрасль")
    page = andrey.open("/parties/?view=board&by=industry")
    page.locator(f"[data-card='{number}'] [data-open]").focus()
    andrey.press("ArrowDown")
    page.locator(f"[data-card='{number}'] .card-move").click()
    andrey.dialog.locator("[name=column]").select_option(home)
    andrey.dialog.get_by_role("button", name="Переместить").click()
    expect(page.locator(f"[data-column='{home}'] [data-card='{number}']")).to_be_visible()


def test_the_map_comes_nearer_and_opens_a_customer_without_scripts(sit_down):
    one = sit_down("sokolov", java_script_enabled=False)
    page = one.open("/parties/?view=map&saved=all")
    marks = page.locator("svg.map a")
    assert marks.count() > 10 and page.locator(".map-land").get_attribute("d").startswith("M")
    several = page.locator("svg.map a:has(+ .map-count)").first
    many = int(page.locator("svg.map .map-count").first.text_content())
    page.goto(several.get_attribute("href"))
    counted = page.locator("svg.map a").evaluate_all(
        "all => all.map(a => +(a.nextElementSibling?.matches('.map-count') ? a.nextElementSibling.textContent : 1))"
    )
    assert sum(counted) == many and "view=map" in page.url
    page = one.open("/parties/?view=map&saved=all")
    alone = page.locator("svg.map a:not(:has(+ .map-count))").first
    name = alone.get_attribute("aria-label")
    page.goto(alone.get_attribute("href"))
    expect(page.locator("h1")).to_contain_text(name.partition(", ")[0])


def test_a_condition_that_can_not_be_read_is_told_and_corrected_in_place(andrey):
    bad = '{"all":[{"field":"amount","operator":"gte","value":"много"}]}'
    page = andrey.open(f"/deals/?view=table&sort=-amount&filter={bad}")
    chip = page.locator(".chip.left-out")
    expect(chip).to_contain_text("Не учтено")
    expect(page.locator("tbody tr").first).to_be_visible()
    chip.get_by_role("link", name="Исправить").click()
    field = page.locator("#filter-adder [name=value]")
    expect(field).to_have_value("много")
    field.fill("100 000")
    page.get_by_role("button", name="Добавить фильтр").click()
    expect(page.locator(".chip")).to_contain_text("100\N{NO-BREAK SPACE}000")
    expect(page.locator(".chip.left-out")).to_have_count(0)
    assert "sort=-amount" in page.url
