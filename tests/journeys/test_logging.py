"""A contact is written down in two acts from anywhere, with its next step in plain words."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import fresh

DAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
TOGETHER = fresh("Совещание впятером о сервисе на год")
NOW = datetime.now(ZoneInfo("Europe/Moscow"))


def in_days(days: int) -> str:
    day = NOW + timedelta(days=days)
    return f"{DAYS[day.weekday()]}, {day.day} "


def next_friday() -> str:
    return in_days((4 - NOW.weekday()) % 7 or 7) if NOW.weekday() != 4 else "пт, "


def test_a_call_is_logged_on_the_dossier_in_two_acts(andrey):
    page = andrey.open("/parties/2/")
    andrey.begin_log()
    expect(andrey.sheet.locator("[name=party__text]")).to_have_value("Нева-Пак")
    andrey.type("Спросили про сальники, вышлю чертёж")
    andrey.press("Control+Enter")
    expect(andrey.toast).to_contain_text("Нева-Пак")
    expect(andrey.sheet).to_be_hidden()
    newest = page.locator("#timeline .entry")
    expect(newest.filter(has_text="вышлю чертёж").first).to_be_visible()
    assert "вышлю чертёж" in "".join(newest.all_inner_texts()[:2])
    expect(page.locator("#next-step")).to_contain_text("Связаться")


def test_what_we_promised_stands_in_the_ledger_and_on_my_day_with_its_day(andrey):
    promised = fresh("Прислать паспорт насоса")
    page = andrey.open("/parties/2/")
    andrey.begin_log()
    andrey.type("Ждут паспорт насоса")
    andrey.sheet.get_by_text("+ Мы обещали").click()
    line = andrey.sheet.locator("[name=we_promised]")
    line.fill(f"{promised} завтра")
    expect(line.locator("~ output")).to_contain_text(in_days(1))
    andrey.press("Control+Enter")
    expect(andrey.toast).to_contain_text("Нева-Пак")
    expect(page.locator("#obligations")).to_contain_text(promised)
    andrey.open("/")
    row = page.locator(".day-row", has_text=promised)
    expect(row).to_contain_text("Мы обещали")
    row.get_by_role("button", name="Исполнено").click()
    expect(row).to_be_hidden()


def test_a_promise_whose_day_has_passed_is_red_and_says_so(andrey):
    page = andrey.open("/")
    late = page.locator(".day-row.late", has_text="Прислать чертёж рамы")
    expect(late).to_contain_text("просрочено")
    danger = late.locator(".day-when").evaluate("e => getComputedStyle(e).color")
    assert danger != page.locator(".day-row:not(.late) .day-when").last.evaluate("e => getComputedStyle(e).color")
    page = andrey.open("/parties/1/")
    expect(page.locator("#obligations .late")).to_contain_text("просрочено")


def test_f9_takes_the_customer_first_and_leaves_the_report_alone(andrey):
    page = andrey.open("/reports/funnel/")
    before = page.locator("main").inner_text()
    andrey.press("F9")
    customer = andrey.sheet.locator("[name=party__text]")
    expect(customer).to_be_focused()
    andrey.choose(customer, "сев", "Северный Ветер")
    expect(andrey.sheet.locator("[name=text]")).to_be_focused()
    andrey.type("Договорились созвониться")
    andrey.press("Control+Enter")
    expect(andrey.toast).to_contain_text("Северный Ветер")
    assert page.url.endswith("/reports/funnel/")
    assert page.locator("main").inner_text() == before


def test_a_step_planned_on_my_day_stands_there_at_once(andrey):
    page = andrey.open("/")
    andrey.press("F9")
    andrey.choose(andrey.sheet.locator("[name=party__text]"), "сев", "Северный Ветер")
    andrey.type("Просили перезвонить сегодня")
    andrey.sheet.locator("[name=next_step]").fill("Уточнить адрес склада сегодня 23:50")
    andrey.press("Control+Enter")
    expect(page.locator("main .my-day")).to_contain_text("Уточнить адрес склада")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("завтра 10", in_days(1)),
        ("через 2 недели", in_days(14)),
        ("in 3 days", in_days(3)),
        ("пт 15:30", next_friday()),
        ("25.12", "25 декабря"),
    ],
)
def test_a_plain_date_is_shown_with_its_weekday_before_saving(andrey, typed, read):
    andrey.open("/parties/1/")
    andrey.begin_log()
    andrey.sheet.locator("[name=next_step]").fill(typed)
    expect(andrey.sheet.locator("[name=next_step] ~ output")).to_contain_text(read)


def test_a_day_that_does_not_exist_is_refused_and_the_text_stays(andrey):
    andrey.open("/parties/3/")
    andrey.begin_log()
    andrey.sheet.locator("[name=text]").fill("Просят перезвонить")
    andrey.sheet.locator("[name=next_step]").fill("Позвонить 31.02")
    andrey.press("Control+Enter")
    expect(andrey.sheet.locator(".error-summary")).to_be_focused()
    expect(andrey.sheet.locator(".field.wrong")).to_contain_text("31.02")
    expect(andrey.sheet.locator("[name=text]")).to_have_value("Просят перезвонить")


def test_what_was_typed_in_the_sheet_waits_as_a_draft(andrey):
    page = andrey.open("/parties/4/")
    andrey.begin_log()
    andrey.type("Котельная: ждут решения по торгам")
    andrey.press("Escape")
    expect(andrey.sheet).to_be_hidden()
    page.reload()
    andrey.open("/parties/4/")
    andrey.begin_log()
    expect(andrey.sheet.locator("[name=text]")).to_have_value("Котельная: ждут решения по торгам")
    expect(andrey.sheet.locator("[data-draft-note]")).to_contain_text("Черновик")


def test_five_people_stand_on_one_meeting_and_in_their_own_histories(andrey):
    page = andrey.open("/parties/1/")
    sheet, text = andrey.begin_log(), TOGETHER
    andrey.type(text)
    sheet.locator("[name=kind]").select_option(label="Встреча")
    sheet.locator("summary", has_text="Участники").click()
    for surname in ("Фёдорова", "Ким"):
        andrey.choose_one_more(sheet, "contacts", surname)
    for surname in ("Жуков", "Морозова"):
        andrey.choose_one_more(sheet, "colleagues", surname)
    andrey.choose_person(sheet, "curator", "Лебедева")
    andrey.press("Control+Enter")
    expect(andrey.toast).to_contain_text("Северный Ветер")
    entry = page.locator("#timeline .entry").filter(has_text=text).first
    entry.get_by_role("link").first.click()
    for surname in ("Фёдорова", "Ким", "Жуков", "Морозова", "Лебедева"):
        expect(page.locator("#main")).to_contain_text(surname)
    page.goto("/parties/1/")
    for surname in ("Фёдорова", "Ким"):
        page.goto("/parties/1/")
        page.locator("#people a", has_text=surname).first.click()
        expect(page.locator("#timeline")).to_contain_text(text)


def test_the_meeting_stands_on_the_desk_of_the_colleague_who_was_there(sit_down):
    colleague = sit_down("morozova")
    page = colleague.open("/interactions/")
    expect(page.locator("#main")).to_contain_text(TOGETHER)


def test_a_deal_without_a_step_is_marked_on_board_and_my_day_and_gets_one(andrey):
    name = fresh("Без шага")
    address = andrey.begin_deal(name, party=6)
    page = andrey.open("/deals/?view=board")
    card = page.locator(".card").filter(has_text=name)
    expect(card).to_contain_text("нет следующего шага")
    page = andrey.open("/")
    expect(page.locator(".day-row").filter(has_text=name)).to_be_visible()
    page.locator(".day-row").filter(has_text=name).get_by_role("link", name="Назначить шаг").click()
    expect(andrey.sheet.locator("[name=text]")).to_be_focused()
    andrey.type("Обсудили по телефону")
    andrey.sheet.locator("[name=next_step]").fill("Отправить КП завтра 10")
    andrey.press("Control+Enter")
    expect(andrey.sheet).to_be_hidden()
    page = andrey.open("/deals/?view=board")
    expect(page.locator(".card").filter(has_text=name)).to_contain_text("Отправить КП")
    expect(andrey.open(address).locator("#next-step")).to_contain_text("Отправить КП")


def test_deals_without_a_step_are_marked_in_the_list_and_walked_through_one_by_one(sit_down):
    desk = sit_down("karimova")
    names = [fresh(f"По очереди {number}") for number in (1, 2, 3)]
    for name, amount in zip(names, ("93 000 000", "92 000 000", "91 000 000"), strict=True):
        desk.begin_deal(name, party=21, amount=amount)
    page = desk.open("/deals/?q=По очереди")
    for name in names:
        expect(page.locator("tbody tr").filter(has_text=name)).to_contain_text("нет следующего шага")
    page = desk.open("/")
    waiting = page.locator(".panel").filter(has_text="Сделки без следующего шага")
    count = int(re.sub(r"\D", "", waiting.locator(".panel-head .count").inner_text()))
    expect(page.locator(".page-head")).to_contain_text(f"без шага {count}")
    walked: list[str] = []
    page.get_by_role("link", name="Назначить по очереди").click()
    for turn in range(count):
        about = desk.sheet.locator(f"[name=about]:not([value='{walked[-1] if walked else ''}'])")
        walked.append(about.input_value())
        if turn < len(names):
            expect(desk.sheet).to_contain_text(names[turn])
        expect(desk.sheet.locator("[name=text]")).to_be_focused()
        desk.type("Договорились, что позвоню")
        desk.sheet.locator("[name=next_step]").fill("Позвонить завтра 10")
        with page.expect_response(lambda answer: "/steps/" in answer.url):
            desk.press("Control+Enter")
    assert len(set(walked)) == count
    expect(desk.sheet).to_be_hidden()
    expect(waiting).to_have_count(0)
    expect(page.locator(".page-head")).to_contain_text("без шага 0")
    page = desk.open("/deals/?q=По очереди")
    for name in names:
        expect(page.locator("tbody tr").filter(has_text=name)).to_contain_text("10:00 Позвонить")
