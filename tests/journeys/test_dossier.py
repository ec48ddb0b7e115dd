"""The dossier: one page, one scroll, with everybody and everything of one customer."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.sync_api import expect

from tests.journeys.desk import fresh

DOSSIER = "/parties/1/"
CITIES = {
    "Калининград": "Europe/Kaliningrad", "Екатеринбург": "Asia/Yekaterinburg", "Иркутск": "Asia/Irkutsk",
    "Магадан": "Asia/Magadan", "Лондон": "Europe/London", "New York": "America/New_York",
    "Los Angeles": "America/Los_Angeles",
}  # fmt: skip


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


def test_what_is_new_since_the_last_look_ends_at_a_line_and_kind_and_word_narrow_together(sit_down, product):
    reader, writer = sit_down("lebedeva"), sit_down("sokolov")
    reader.open("/parties/3/")
    with psycopg.connect(product.database, autocommit=True) as base:
        base.execute("UPDATE seen SET at = now() - interval '2 minutes' WHERE entity = 'party' AND record_id = 3")
    words = fresh("Новость для читателя")
    writer.open("/parties/3/")
    writer.begin_log()
    writer.type(words)
    writer.press("Control+Enter")
    expect(writer.sheet).to_be_hidden()
    page = reader.open("/parties/3/")
    order = page.locator("#timeline .entry, #timeline .timeline-mark").all_inner_texts()
    line = order.index("Выше — новое с прошлого просмотра")
    assert any(words in text for text in order[:line])
    assert not any(words in text for text in order[line:])
    assert len(order) > line + 1
    page.locator("#timeline-kind").select_option(label="Контакты с клиентами")
    page.locator("#timeline-words").fill(words)
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(page).to_have_url(re.compile("kind=interaction&.*words="))
    expect(page.locator("#timeline .entry")).to_have_count(1)
    page.reload()
    expect(page.locator("#timeline .entry")).to_have_count(1)
    expect(page.locator("#timeline .entry")).to_contain_text(words)
    expect(page.locator("#timeline-words")).to_have_value(words)


def clock_in(page) -> datetime:
    """The time that the dossier shows for the customer, on a day without a name."""
    shown = re.search(r"у клиента (\d\d:\d\d)", page.locator(".dossier-head").inner_text())
    assert shown
    return datetime.strptime(shown[1], "%H:%M")  # noqa: DTZ007  # a clock's face has no zone


def test_a_customer_in_vladivostok_is_seven_hours_ahead_and_late_after_nine_in_the_evening(andrey):
    page = andrey.open("/parties/quick/")
    page.locator("[name=display_name]").fill(fresh("Часы клиента"))
    andrey.press("Control+Enter")
    page.wait_for_url(re.compile(r"/parties/\d+/$"))
    address = page.url
    for city, zone in (("Владивосток", "Asia/Vladivostok"), (city_where_it_is(21, 9)), (city_where_it_is(9, 21))):
        page = andrey.open(f"{address}edit/")
        page.locator("[name=city]").fill(city)
        andrey.press("Control+Enter")
        page.wait_for_url(address)
        there = datetime.now(ZoneInfo(zone))
        gap = (clock_in(page) - there.replace(tzinfo=None, year=1900, month=1, day=1)).total_seconds() % 86400
        assert gap < 60 or gap > 86400 - 120
        if city == "Владивосток":
            ahead = clock_in(page) - datetime.now(ZoneInfo("Europe/Moscow")).replace(tzinfo=None)
            assert round(ahead.total_seconds() / 3600) % 24 == 7
        is_late = not 9 <= clock_in(page).hour < 21
        said = page.locator(".dossier-head").get_by_text("там ещё рано" if clock_in(page).hour < 12 else "поздно там")
        expect(said).to_have_count(1 if is_late else 0)


def city_where_it_is(after: int, before: int) -> tuple[str, str]:
    """A city where the hour now lies between the two, with its zone."""
    for city, zone in CITIES.items():
        hour = datetime.now(ZoneInfo(zone)).hour
        if (hour - after) % 24 < (before - after) % 24:
            return city, zone
    raise AssertionError("it is never the same hour everywhere")
