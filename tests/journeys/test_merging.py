"""Two customers become one and are two again, with all their history."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.desk import fresh


def made(desk, name: str, city: str) -> int:
    page = desk.open("/parties/new/")
    page.locator("#f-display_name").fill(name)
    page.locator("#f-city").fill(city)
    page.locator("#record-form").get_by_role("button", name="Создать").click()
    expect(page).to_have_url(re.compile(r"/parties/\d+/$"))
    return int(re.findall(r"/parties/(\d+)/", page.url)[0])


def test_two_customers_are_merged_with_a_look_ahead_and_split_by_undo(andrey):
    name, other_name = fresh("Ромашка Юг"), fresh("Romashka Yug")
    keeper, loser = made(andrey, name, "Казань"), made(andrey, other_name, "Самара")
    page = andrey.open(f"/parties/{keeper}/merge/?with={loser}")
    expect(page.get_by_role("group", name="Какая запись остаётся")).to_be_visible()
    page.locator(f'input[name="stays"][value="{keeper}"]').check()
    page.locator(f'input[name="take__display_name"][value="{keeper}"]').check()
    page.locator(f'input[name="take__city"][value="{loser}"]').check()
    expect(page.locator("#merge")).to_contain_text("Что переходит")
    page.locator("#merge form").get_by_role("button", name="Объединить").click()
    expect(page).to_have_url(re.compile(rf"/parties/{keeper}/$"))
    expect(page.locator("#timeline")).to_contain_text(f"Объединено с: {other_name}")
    expect(andrey.toast.get_by_role("button", name="Отменить")).to_be_visible()
    andrey.open(f"/parties/{loser}/")
    expect(page).to_have_url(re.compile(rf"/parties/{keeper}/$"))
    expect(page.locator("#content, main").first).to_contain_text("Самара")
    andrey.open("/journal/")
    told = page.locator("tr").filter(has_text=f"Объединение: {name}")
    told.get_by_role("button", name="Отменить").first.click()
    expect(page.locator(".toast")).to_contain_text("Отменено")
    andrey.open(f"/parties/{loser}/")
    expect(page).to_have_url(re.compile(rf"/parties/{loser}/$"))
    expect(page.locator("h1")).to_contain_text(other_name)
    andrey.open(f"/parties/{keeper}/")
    expect(page.locator("#content, main").first).to_contain_text("Казань")


def test_a_merge_is_split_from_the_line_that_tells_of_it_and_from_the_menu(andrey):
    name, other_name = fresh("Василёк Юг"), fresh("Vasilyok Yug")
    keeper, loser = made(andrey, name, "Казань"), made(andrey, other_name, "Самара")
    for way in ("timeline", "menu"):
        page = andrey.open(f"/parties/{keeper}/merge/?with={loser}")
        page.locator(f'input[name="stays"][value="{keeper}"]').check()
        page.locator("#merge form").get_by_role("button", name="Объединить").click()
        expect(page).to_have_url(re.compile(rf"/parties/{keeper}/$"))
        if way == "timeline":
            told = page.locator("#timeline .entry").filter(has_text=f"Объединено с: {other_name}")
            told.get_by_role("link", name="Разъединить").click()
        else:
            page.get_by_role("button", name="Другие действия").click()
            page.locator("#record-menu").get_by_role("link", name=f"Разъединить с «{other_name}»").click()
        expect(page).to_have_url(re.compile(rf"/parties/{loser}/split/$"))
        page.locator("#split form").get_by_role("button", name="Разъединить").click()
        expect(page).to_have_url(re.compile(rf"/parties/{loser}/$"))
        expect(page.locator("h1")).to_contain_text(other_name)
        andrey.open(f"/parties/{keeper}/")
        expect(page.locator("main").get_by_role("link", name="Разъединить")).to_have_count(0)
