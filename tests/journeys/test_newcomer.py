"""What somebody met in the first hour: nothing that is done comes back, and one press is enough."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import fresh


def test_a_draft_on_its_way_reaches_the_server_before_the_form_and_does_not_outlive_it(andrey):
    page = andrey.open("/tasks/new/")
    held, sent = [], []
    page.route(
        "**/drafts/**", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    name = fresh("Черновик в пути")
    with page.expect_request(lambda asked: "/drafts/" in asked.url and asked.method == "POST"):
        page.locator("[name=name]").fill(name)
    andrey.press("Control+Enter")
    page.wait_for_timeout(500)
    assert [url for url in sent if "/tasks/new/" in url] == []
    held[0].continue_()
    page.wait_for_url(re.compile(r"/tasks/\d+/$"))
    page.unroute("**/drafts/**")
    page = andrey.open("/tasks/new/")
    expect(page.locator("[name=name]")).to_have_value("")
    expect(page.locator("main .banner")).to_have_count(0)


def test_no_draft_is_sent_once_the_form_is_on_its_way(andrey):
    page = andrey.open("/tasks/new/")
    held, drafts = [], []
    page.route(
        "**/tasks/new/", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    page.on(
        "request", lambda asked: drafts.append(asked) if "/drafts/" in asked.url and asked.method == "POST" else None
    )
    page.locator("[name=name]").fill(fresh("Сохранено сразу"))
    with page.expect_request(lambda asked: asked.url.endswith("/tasks/new/") and asked.method == "POST"):
        andrey.press("Control+Enter")
    page.wait_for_timeout(2_500)
    held[0].continue_()
    page.wait_for_url(re.compile(r"/tasks/\d+/$"))
    assert drafts == []
    page.unroute("**/tasks/new/")
    page = andrey.open("/tasks/new/")
    expect(page.locator("[name=name]")).to_have_value("")
    expect(page.locator("main .banner")).to_have_count(0)


@pytest.mark.parametrize("words", ["", "сев", "яяяя"])
def test_one_escape_closes_the_palette_whatever_was_typed(andrey, words):
    page = andrey.open("/reports/funnel/")
    andrey.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    andrey.type(words)
    andrey.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_the_customer_of_a_contact_is_found_by_the_last_digits_of_a_phone(sit_down):
    desk = sit_down("lebedeva")
    desk.open("/reports/funnel/")
    desk.press("F9")
    customer = desk.sheet.locator("[name=party__text]")
    expect(customer).to_be_visible()
    customer.fill("")
    desk.choose(customer, "0142", "Северный Ветер")
    expect(customer).to_have_value("Северный Ветер")


def test_the_message_of_a_merge_goes_when_the_merge_is_undone(andrey):
    numbers = []
    for name in (fresh("Исчезающий первый"), fresh("Исчезающий второй")):
        page = andrey.open("/parties/quick/")
        page.locator("[name=display_name]").fill(name)
        andrey.press("Control+Enter")
        page.wait_for_url(re.compile(r"/parties/\d+/$"))
        numbers.append(re.findall(r"\d+", page.url)[-1])
    page = andrey.open(f"/parties/{numbers[0]}/merge/?with={numbers[1]}")
    page.locator("#merge form").get_by_role("button", name="Объединить").click()
    merged = andrey.toast.filter(has_text="Объединено")
    merged.get_by_role("button", name="Отменить").click()
    expect(andrey.toast.filter(has_text="Отменено")).to_be_visible()
    expect(merged).to_have_count(0)


def test_a_word_that_is_no_day_keeps_the_list_and_stays_in_its_field(andrey):
    page = andrey.open("/parties/?q=Северный&as_of=вчерашний снег")
    expect(page.locator("tbody tr").filter(has_text="Северный Ветер")).to_be_visible()
    again = page.locator("#as-of-again")
    expect(again).to_have_value("вчерашний снег")
    expect(page.locator("#as-of-again-error")).to_contain_text("вчерашний снег")
    again.fill("сегодня")
    again.press("Enter")
    expect(page.locator("#as-of").get_by_role("link")).to_have_attribute("href", re.compile("^/parties/\\?q="))
    expect(page.locator("tbody tr").filter(has_text="Северный Ветер")).to_be_visible()
