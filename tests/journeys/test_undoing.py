"""Many records are changed from the list, looked at ahead, and all of it is taken back from the journal."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.desk import fresh


def values(page) -> list[str]:
    return [text.strip() for text in page.locator("tbody td[data-label='Сумма']").all_inner_texts()]


def finished(page):
    """The page of a run refreshes itself until the work is done."""
    page.wait_for_url(re.compile(r"/journal/runs/\d+/$"))
    expect(page.locator("h1 ~ *, .page-head").get_by_text("Выполнено").first).to_be_visible(timeout=30_000)


def test_all_found_but_one_are_changed_and_taken_back_from_the_journal(andrey):
    name = fresh("Пачка")
    for number in range(1, 9):
        andrey.begin_deal(f"{name} {number}", amount=f"{number}00 000")
    page = andrey.open(f"/deals/?q={name}&sort=name&columns=name&columns=amount")
    before = values(page)
    assert len(before) == 8
    page.locator("[data-select-all]").check()
    bar = page.locator(".selection-bar")
    bar.locator("[name=all]").check()
    page.locator("[data-select]").nth(2).uncheck()
    bar.get_by_role("button", name="Изменить").click()
    expect(page.locator("#bulk")).to_contain_text("кроме")
    page.locator("[name=pick][value=amount]").check()
    page.get_by_role("button", name="Далее").click()
    page.locator("[name=amount]").fill("800 000")
    page.get_by_role("button", name="Предпросмотр").click()
    preview = page.locator("#bulk")
    expect(preview).to_contain_text("7 записей")
    expect(preview.locator("table").first.locator("tbody tr")).to_have_count(5)
    expect(preview).to_contain_text("Уже так")
    page.get_by_role("button", name="Внести изменения", exact=True).click()
    finished(page)
    run = page.url
    page = andrey.open(f"/deals/?q={name}&sort=name&columns=name&columns=amount")
    changed = values(page)
    assert changed[2] == before[2] and changed.count(before[7]) == 7
    page = andrey.open("/journal/")
    row = page.locator("tbody tr", has=page.locator(f"a[href='{run[run.index('/journal') :]}']"))
    row.get_by_role("button", name="Отменить").click()
    finished(page)
    page = andrey.open(f"/deals/?q={name}&sort=name&columns=name&columns=amount")
    assert values(page) == before


def test_the_list_and_the_record_are_seen_as_they_stood(andrey):
    name = fresh("Было иначе")
    address = andrey.begin_deal(name, amount="100 000")
    page = andrey.open(f"{address}history/")
    first = page.locator("tbody th a").last.get_attribute("href")
    andrey.open(f"{address}edit/")
    page.locator("[name=amount]").fill("900 000")
    andrey.press("Control+Enter")
    page.wait_for_url(address)
    page = andrey.open(first)
    expect(page.locator("#as-of")).to_contain_text("Вы смотрите в прошлое")
    expect(page.locator("#main")).not_to_contain_text("900\N{NO-BREAK SPACE}000")
    page.locator("#as-of").get_by_role("link", name="Вернуться к сегодня").click()
    expect(page.locator("#main")).to_contain_text("900\N{NO-BREAK SPACE}000")
