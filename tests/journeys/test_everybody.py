"""Everybody can use it: without scripts, on a phone, by keys alone, in both languages, over a thin line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import fresh

SCREENS = (
    "/", "/parties/", "/parties/1/", "/deals/", "/deals/?view=board", "/deals/1/", "/log/", "/parties/quick/",
    "/reports/funnel/", "/tasks/", "/contacts/", "/search/?q=сев", "/me/", "/deals/new/",
)  # fmt: skip


def test_the_daily_work_is_done_without_scripts(sit_down, product):
    desk = sit_down("", java_script_enabled=False)
    page = desk.sign_in("morozova@volna.example", product)
    page.goto("/search/?q=онега")
    page.get_by_role("link", name="Онега-Лес").first.click()
    expect(page.locator("h1")).to_contain_text("Онега-Лес")
    name = fresh("Без сценариев")
    page.goto("/parties/quick/")
    page.locator("[name=display_name]").fill(name)
    page.locator("main [data-submit]").click()
    expect(page.locator("h1")).to_contain_text(name)
    party = re.search(r"/parties/(\d+)/", page.url)
    assert party
    page.goto(f"{page.url}edit/")
    page.locator("[name=city]").fill("Петрозаводск")
    page.locator("main [data-submit]").first.click()
    expect(page.locator("#main")).to_contain_text("Петрозаводск")
    page.goto(f"/log/?party={party[1]}")
    page.locator("[name=text]").fill("Записано без сценариев")
    page.locator("main [data-submit]").click()
    page.goto(f"/parties/{party[1]}/")
    expect(page.locator("#timeline")).to_contain_text("Записано без сценариев")
    page.goto(f"/deals/new/?party={party[1]}")
    page.locator("[name=name]").fill(fresh("Сделка без сценариев"))
    page.locator("main [data-submit]").first.click()
    expect(page.locator("#stages")).to_be_visible()
    page.get_by_role("link", name="Переместить").first.click()
    page.locator("[name=said]").fill("Протокол встречи без сценариев")
    page.locator("main [data-submit]").click()
    expect(page.locator("#stages [aria-current=step]")).to_contain_text("Презентация")


def test_a_day_is_worked_by_the_keyboard_alone(andrey):
    page = andrey.open("/")
    expect(andrey.find("онегл").first).to_be_visible()
    andrey.press("Escape")
    expect(andrey.find("сев").first).to_contain_text("Северный Ветер")
    andrey.press("Enter")
    expect(page.locator("h1")).to_contain_text("Северный Ветер")
    expect(page.locator("html")).to_have_attribute("data-script", "on")
    andrey.begin_log()
    andrey.type(fresh("Клавиатурой"))
    andrey.press("Control+Enter")
    expect(andrey.toast).to_contain_text("Северный Ветер")
    expect(andrey.sheet).to_be_hidden()
    andrey.press("g")
    andrey.press("d")
    page.wait_for_url("**/deals/?view=board")
    expect(page.locator("html")).to_have_attribute("data-script", "on")
    andrey.press("j")
    expect(page.locator(".card [data-open]:focus")).to_be_visible()
    assert andrey.focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
    andrey.press("?")
    expect(page.locator("#keymap")).to_be_visible()


HIDDEN = """e => {
    const box = e.getBoundingClientRect(), x = box.left + Math.min(box.width / 2, 20), y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    return getComputedStyle(e).outlineStyle === 'none' || !(top && (e.contains(top) || top.contains(e)));
}"""


def test_a_customer_is_found_logged_and_its_deal_moved_by_keys_and_the_focus_is_always_seen(andrey):
    name = fresh("Только клавишами")
    andrey.begin_deal(name)
    andrey.open("/")
    expect(andrey.find(name).first).to_contain_text(name)
    andrey.press("Enter")
    page = andrey.page
    expect(page.locator("h1")).to_contain_text(name)
    andrey.begin_log()
    andrey.type("Протокол: показали стенд")
    andrey.press("Control+Enter")
    expect(andrey.sheet).to_be_hidden()
    andrey.press("m")
    expect(andrey.dialog.locator("[name=stage]")).to_be_visible()
    andrey.dialog.locator("[name=said]").focus()
    andrey.type("Встретились, договорились о показе")
    andrey.press("Control+Enter")
    expect(andrey.dialog).to_be_hidden()
    expect(page.locator("#stages [aria-current=step]")).to_contain_text("Презентация")
    expect(andrey.toast).to_have_count(0)  # a message lies over the corner for ten seconds
    for _turn in range(25):
        andrey.press("Tab")
        if page.locator("body:focus-within").count() == 0:
            continue  # the focus has left the page for the frame of the browser
        assert not andrey.focused.evaluate(HIDDEN), andrey.focused.evaluate("e => e.outerHTML.slice(0, 200)")


@pytest.mark.parametrize("address", SCREENS)
def test_nothing_scrolls_sideways_on_a_phone(sit_down, address):
    phone = sit_down("sokolov", width=360, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = phone.open(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, main a.button, .bottombar a, main input[type=checkbox]')]
        .filter(e => e.checkVisibility() && !e.closest('td, th, .visually-hidden'))
        .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
        .filter(([e, box]) => box.height > 0 && box.height < 43.5 && box.width > 0)
        .map(([e, box]) => `${e.className} ${e.textContent.trim().slice(0, 30)} ${Math.round(box.height)}`)"""
    )
    assert small == []


@pytest.mark.parametrize("address", ["/", "/parties/", "/parties/1/", "/deals/?view=board", "/deals/1/"])
def test_the_first_page_is_light_and_comes_from_here_alone(sit_down, product, address):
    desk = sit_down("sokolov")
    session = desk.page.context.new_cdp_session(desk.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    hosts: list[str] = []
    desk.page.on("request", lambda request: hosts.append(request.url) if not request.url.startswith("data:") else None)
    desk.open(address)
    desk.page.wait_for_timeout(500)
    asked = [url for url in hosts if "/events/" not in url]
    assert all(url.startswith(product.url) for url in asked)
    assert len(asked) <= 12
    assert sum(sizes) <= 150 * 1024
