"""Deals move by drag, by keys and by menu, on evidence, and end as won or lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.desk import Desk, fresh

BOARD = "/deals/?view=board"


def card_of(page: Page, name: str) -> Locator:
    return page.locator(".card").filter(has_text=name)


def column(page: Page, number: int) -> Locator:
    return page.locator(f"[data-column][data-number='{number}']")


def meet(desk: Desk, address: str, text: str) -> None:
    """Log a meeting about the deal, which is the evidence that its first stage asks for."""
    desk.open(address)
    sheet = desk.begin_log()
    sheet.locator("[name=kind]").select_option(label="Встреча")
    sheet.locator("[name=text]").fill(text)
    desk.press("Control+Enter")
    expect(sheet).to_be_hidden()


def count_in(page: Page, number: int) -> int:
    return int(column(page, number).locator(".column-sums span").first.inner_text() or 0)


def test_a_dragged_card_changes_the_sums_at_once_and_stays_after_reload(andrey):
    name = fresh("Тянем карточку")
    meet(andrey, andrey.begin_deal(name), "Протокол: договорились о показе")
    page = andrey.open(BOARD)
    first, second = count_in(page, 1), count_in(page, 2)
    with page.expect_response(re.compile("/deals/move/")):
        card_of(page, name).drag_to(column(page, 2).locator("[data-cards]"), target_position={"x": 60, "y": 20})
    expect(andrey.dialog.locator("[name=evidence]")).to_be_visible()
    andrey.dialog.locator("[data-submit]").click()
    expect(andrey.dialog).to_be_hidden()
    expect(card_of(column(page, 2), name)).to_be_visible()
    expect(column(page, 1).locator(".column-sums span").first).to_have_text(str(first - 1))
    expect(column(page, 2).locator(".column-sums span").first).to_have_text(str(second + 1))
    page.reload()
    expect(card_of(column(page, 2), name)).to_be_visible()


def test_a_dropped_card_is_taken_back_from_the_message(andrey):
    name = fresh("Вернуть карточку")
    meet(andrey, andrey.begin_deal(name), "Протокол: договорились о показе")
    page = andrey.open(BOARD)
    card_of(page, name).drag_to(column(page, 2).locator("[data-cards]"), target_position={"x": 60, "y": 20})
    andrey.dialog.locator("[data-submit]").click()
    expect(andrey.dialog).to_be_hidden()
    expect(card_of(column(page, 2), name)).to_be_visible()
    with page.expect_response(re.compile("/undo/")):
        andrey.toast.get_by_role("button", name="Отменить").click()
    page = andrey.open(BOARD)
    expect(card_of(column(page, 1), name)).to_be_visible()
    expect(card_of(column(page, 2), name)).to_have_count(0)


def test_without_the_network_a_dragged_card_returns_and_a_banner_says_why(andrey):
    name = fresh("Нет связи")
    andrey.begin_deal(name)
    page = andrey.open(BOARD)
    page.route("**/deals/move/**", lambda route: route.abort())
    card_of(page, name).drag_to(column(page, 2).locator("[data-cards]"), target_position={"x": 60, "y": 20})
    expect(page.locator("[data-board-banner] .banner")).to_contain_text("не ответил")
    expect(card_of(column(page, 1), name)).to_be_visible()


def test_a_card_moves_by_two_keys_and_by_its_menu(andrey):
    by_keys, by_menu = fresh("Клавишами"), fresh("Через меню")
    for name in (by_keys, by_menu):
        andrey.begin_deal(name)
    page = andrey.open(BOARD)
    card_of(page, by_keys).locator("[data-open]").focus()
    andrey.press("m")
    andrey.press("2")
    andrey.dialog.locator("[name=said]").fill("Встретились, показали стенд")
    andrey.press("Control+Enter")
    expect(card_of(column(page, 2), by_keys)).to_be_visible()
    card_of(page, by_menu).locator(".card-move").click()
    andrey.dialog.locator("[name=said]").fill("Встретились у заказчика")
    andrey.press("Control+Enter")
    expect(card_of(column(page, 2), by_menu)).to_be_visible()


def test_lost_asks_all_in_one_form_and_escape_puts_the_card_back(andrey):
    name = fresh("Проигрываем")
    address = andrey.begin_deal(name)
    page = andrey.open(BOARD)
    lost = page.locator("[data-column]").last
    card_of(page, name).locator("[data-open]").focus()
    andrey.press("m")
    andrey.press(lost.get_attribute("data-number") or "")
    form = andrey.dialog
    for field in ("loss_reason", "competitor", "amount", "return_on"):
        expect(form.locator(f"[name={field}], [name={field}__text]").last).to_be_visible()
    andrey.press("Escape")
    expect(card_of(column(page, 1), name)).to_be_visible()
    andrey.press("m")
    andrey.press(lost.get_attribute("data-number") or "")
    form.locator("[name=loss_reason]").select_option(label="Выбрали конкурента")
    form.locator("[data-submit]").click()
    expect(form.locator(".error-summary")).to_contain_text("онкурент")
    andrey.choose(form.locator("[name=competitor__text]"), "Гид", "ГидроЮг")
    form.locator("[name=return_on]").fill("через 3 месяца")
    form.locator("[data-submit]").click()
    expect(form).to_be_hidden()
    page = andrey.open(address)
    expect(page.locator("#stages")).to_contain_text("Проиграна")
    expect(page.locator("#main")).to_contain_text("ГидроЮг")


def test_each_stage_shows_who_answers_for_it_and_what_finishes_it(andrey):
    page = andrey.open(BOARD)
    for number, result in ((1, "протокол встречи"), (3, "подписанный документ"), (4, "отгрузка")):
        expect(column(page, number).locator(".column-head")).to_contain_text(result)
    address = andrey.begin_deal(fresh("Кто отвечает"))
    stages = andrey.open(address).locator("#stages")
    expect(stages.locator("[aria-current=step]")).to_contain_text("Соколов А. В.")
    expect(stages.locator("[aria-current=step]")).to_contain_text("протокол встречи")


def test_a_deal_goes_through_five_stages_on_evidence_and_is_won(andrey):
    address = andrey.begin_deal(fresh("До победы"), amount="1 200 000")
    page = andrey.page
    for number, field, words in (
        (2, "said", "Протокол встречи: нужны четыре насоса"),
        (3, "said", "Подтвердили: презентация устроила"),
        (4, "paper", "В-777/26"),
        (5, "paper", "Н-12"),
    ):
        andrey.press("m")
        form = andrey.dialog
        expect(form.locator("[name=stage] option:checked")).to_contain_text(STAGES[number - 1])
        form.locator(f"[name={field}]").fill(words)
        andrey.press("Control+Enter")
        expect(form).to_be_hidden()
        expect(page.locator("#stages [aria-current=step]")).to_contain_text(STAGES[number - 1])
    page.get_by_role("link", name="Выиграть").click()
    andrey.dialog.locator("[name=said]").fill("Обучили смену, акт подписан")
    andrey.press("Control+Enter")
    expect(page.locator("#stages .badge.success").first).to_contain_text("Выиграна")
    assert page.url == address
    page = andrey.open("/parties/13/")
    expect(page.locator("#timeline .entry").filter(has_text="Выиграна, 1 200 000 ₽").first).to_be_visible()


STAGES = ("Интерес", "Презентация", "Условия и договор", "Поставка", "Консультации и обучение")


def test_a_move_without_evidence_is_refused_and_the_card_goes_back(andrey):
    name = fresh("Без доказательств")
    andrey.begin_deal(name)
    page = andrey.open(BOARD)
    card_of(page, name).drag_to(column(page, 2).locator("[data-cards]"), target_position={"x": 60, "y": 20})
    andrey.dialog.locator("[data-submit]").click()
    expect(andrey.dialog.locator(".error-summary")).to_be_visible()
    andrey.press("Escape")
    expect(andrey.dialog).to_be_hidden()
    expect(card_of(column(page, 1), name)).to_be_visible()
    page.reload()
    expect(card_of(column(page, 1), name)).to_be_visible()


def test_two_columns_on_is_too_far_and_the_banner_or_form_says_so(andrey):
    name = fresh("Через этап")
    andrey.begin_deal(name)
    page = andrey.open(BOARD)
    card_of(page, name).locator("[data-open]").focus()
    andrey.press("m")
    andrey.press("4")
    expect(andrey.dialog.locator(".banner")).to_be_visible()
    andrey.press("Escape")
    expect(card_of(column(page, 1), name)).to_be_visible()


@pytest.mark.parametrize("way", ["drag", "keys"])
def test_a_card_that_a_colleague_changed_meanwhile_is_not_moved_and_the_board_shows_it_as_it_is(andrey, sit_down, way):
    name = fresh(f"Изменили раньше {way}")
    address = andrey.begin_deal(name)
    page = andrey.open(BOARD)
    expect(card_of(page, name)).to_contain_text("100")
    colleague = sit_down("lebedeva")
    colleague.open(f"{address}edit/").locator("[name=amount]").fill("777 000")
    colleague.press("Control+Enter")
    colleague.page.wait_for_url(address)
    if way == "drag":
        card_of(page, name).drag_to(column(page, 2).locator("[data-cards]"), target_position={"x": 60, "y": 20})
    else:
        card_of(page, name).locator("[data-open]").focus()
        andrey.press("m")
        andrey.press("2")
    banner = page.locator("[data-board-banner] .banner")
    expect(banner).to_contain_text("Эту запись изменили после того, как она была вам показана")
    expect(banner).to_contain_text("Лебедева")
    expect(card_of(column(page, 1), name)).to_contain_text("777")
    expect(card_of(column(page, 2), name)).to_have_count(0)
    card_of(page, name).drag_to(column(page, 2).locator("[data-cards]"), target_position={"x": 60, "y": 20})
    expect(andrey.dialog.locator("[name=said]")).to_be_visible()


def test_stale_and_stepless_marks_differ_by_words(andrey):
    page = andrey.open(BOARD)
    expect(page.locator(".card").filter(has_text="Градирня, второй контур")).to_contain_text("нет следующего шага")
    expect(page.locator(".card").filter(has_text="Котельная № 2")).to_contain_text("на этапе")


@pytest.mark.parametrize("width", [360])
def test_on_a_phone_the_board_shows_one_stage_and_a_button_to_move(sit_down, width):
    phone = sit_down("sokolov", width=width, has_touch=True, is_mobile=True)
    page = phone.open(BOARD)
    page.locator("[data-pick]").nth(1).click()
    expect(column(page, 2)).to_be_in_viewport()
    expect(column(page, 2).locator(".card-move").first).to_be_visible()
