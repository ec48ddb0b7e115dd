"""Nothing typed is ever lost: by two editors, a double press, a sign-in that ran out, or a form with faults."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import fresh


def new_customer(desk, name: str) -> str:
    page = desk.open("/parties/quick/")
    page.locator("[name=display_name]").fill(name)
    desk.press("Control+Enter")
    page.wait_for_url(re.compile(r"/parties/\d+/$"))
    return page.url


def test_a_double_press_makes_one_customer(andrey):
    name = fresh("Двойной щелчок")
    page = andrey.open("/parties/quick/")
    page.locator("[name=display_name]").fill(name)
    page.evaluate(
        "const button = document.querySelector('main form [data-submit]');"
        "button.click(); button.click(); button.form.requestSubmit(button)"
    )
    page.wait_for_url(re.compile(r"/parties/\d+/$"))
    page = andrey.open(f"/parties/?q={name}")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_two_editors_of_different_fields_are_both_saved_without_a_question(sit_down):
    one, other = sit_down("sokolov"), sit_down("lebedeva")
    address = new_customer(one, fresh("Двое правят"))
    for desk in (one, other):
        desk.open(f"{address}edit/")
    one.page.locator("[name=city]").fill("Тосно")
    one.press("Control+Enter")
    one.page.wait_for_url(address)
    other.page.locator("[name=employees]").fill("57")
    other.press("Control+Enter")
    other.page.wait_for_url(address)
    expect(other.page.locator("#main")).to_contain_text("Тосно")
    expect(other.page.locator("#main")).to_contain_text("57")


def test_two_editors_of_one_field_see_both_values_and_choose(sit_down):
    one, other = sit_down("sokolov"), sit_down("lebedeva")
    address = new_customer(one, fresh("Одно поле"))
    for desk in (one, other):
        desk.open(f"{address}edit/")
    one.page.locator("[name=city]").fill("Гатчина")
    one.press("Control+Enter")
    one.page.wait_for_url(address)
    other.page.locator("[name=city]").fill("Павловск")
    other.press("Control+Enter")
    conflict = other.page.locator(".conflict")
    expect(conflict).to_contain_text("Гатчина")
    expect(conflict).to_contain_text("Павловск")
    expect(conflict).to_contain_text("Соколов")
    conflict.locator("input[value=mine]").check()
    other.press("Control+Enter")
    other.page.wait_for_url(address)
    expect(other.page.locator("#main")).to_contain_text("Павловск")


def test_a_sign_in_that_ran_out_is_renewed_over_the_page_and_the_same_is_saved_once(sit_down, product):
    desk = sit_down("")
    page = desk.page
    desk.sign_in("orlov@volna.example", product)
    name = fresh("Вход истёк")
    page = desk.open("/parties/quick/")
    page.locator("[name=display_name]").fill(name)
    page.context.clear_cookies(name=re.compile("session"))
    page.evaluate("const b = document.querySelector('main form [data-submit]'); b.click(); b.click()")
    over = page.locator("#sign-in")
    expect(over.locator("[name=password]")).to_be_visible()
    expect(page.locator("main [name=display_name]")).to_have_value(name)
    over.locator("[name=email]").fill("orlov@volna.example")
    over.locator("[name=password]").fill(product.password_of("orlov@volna.example"))
    over.locator("button[type=submit]").click()
    page.wait_for_url(re.compile(r"/parties/\d+/$"))
    expect(page.locator("h1")).to_contain_text(name)
    page = desk.open(f"/parties/?q={name}")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_form_with_three_faults_says_all_and_keeps_all(andrey):
    page = andrey.open("/deals/new/?party=1")
    page.locator("[name=name]").fill("")
    page.locator("[name=amount]").fill("много")
    if page.get_by_role("button", name="Ещё поля").count():
        page.get_by_role("button", name="Ещё поля").click()
    page.locator("[name=expected_on]").fill("31.02.2027")
    andrey.press("Control+Enter")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.locator("a")).to_have_count(3)
    expect(page).to_have_title(re.compile("^Ошибка:"))
    expect(page.locator("[name=amount]")).to_have_value("много")
    expect(page.locator("[name=expected_on]")).to_have_value("31.02.2027")
    summary.locator("a").nth(1).click()
    expect(page.locator("[name=amount]")).to_be_focused()
    page = andrey.open("/deals/new/?party=1")
    expect(page.locator("[name=amount]")).to_have_value("много")
    page.get_by_role("button", name="Начать заново").click()
    expect(page.locator("[name=amount]")).to_have_value("")


def test_a_settings_form_says_its_faults_and_outlives_a_sign_in_that_ran_out(sit_down, product):
    desk = sit_down("")
    desk.sign_in("guseva@volna.example", product)
    page = desk.open("/settings/company/")
    before = page.locator("[name=name]").input_value()
    page.locator("[name=name]").fill(" ")
    page.locator("main form").evaluate("form => { form.noValidate = true }")
    page.locator("main form [type=submit]").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Ошибка:"))
    page.locator("[name=name]").fill(f"{before} и дочери")
    page.context.clear_cookies(name=re.compile("session"))
    page.locator("main form [type=submit]").last.click()
    over = page.locator("#sign-in")
    expect(over.locator("[name=password]")).to_be_visible()
    expect(page.locator("main [name=name]")).to_have_value(f"{before} и дочери")
    over.locator("[name=email]").fill("guseva@volna.example")
    over.locator("[name=password]").fill(product.password_of("guseva@volna.example"))
    over.locator("button[type=submit]").click()
    expect(desk.toast.first).to_be_visible()
    page = desk.open("/settings/company/")
    expect(page.locator("[name=name]")).to_have_value(f"{before} и дочери")
    page.locator("[name=name]").fill(before)
    page.locator("main form [type=submit]").last.click()
    expect(desk.toast.first).to_be_visible()


def test_a_wrong_check_digit_is_named_in_both_languages_and_the_number_stays(sit_down):
    for language, words in (("ru", "контрольн"), ("en", "check digit")):
        desk = sit_down("karimova")
        desk.open("/")
        desk.speak(language)
        page = desk.open("/parties/quick/")
        page.locator("[name=display_name]").fill(fresh(f"Неверный ИНН {language}"))
        if not page.locator("[name=inn]").is_visible():
            page.locator("main summary").click()
        page.locator("[name=inn]").fill("7830002294")
        desk.press("Control+Enter")
        expect(page.locator(".error-summary")).to_contain_text(re.compile(words, re.IGNORECASE))
        expect(page.locator("[name=inn]")).to_have_value("7830002294")
        desk.speak("ru")


@pytest.mark.parametrize(
    ("typed", "shown"), [("1 234,5", "1 234,50 ₽"), ("1234.5", "1 234,50 ₽"), ("1,2 млн", "1 200 000 ₽")]
)
def test_a_sum_is_understood_however_it_is_typed(andrey, typed, shown):
    andrey.begin_deal(fresh(f"Сумма {typed}"), amount=typed)
    expect(andrey.page.locator("#stages")).to_contain_text(shown.replace(" ", "\N{NO-BREAK SPACE}"))


def test_a_phone_and_a_full_name_are_understood_as_they_are_typed(andrey):
    page = andrey.open("/parties/quick/")
    page.locator("[name=display_name]").fill(fresh("Телефон и ФИО"))
    page.locator("[name=phone]").fill("8 812 5550177")
    page.locator("[name=person]").fill("Журавлёва Мария Петровна")
    andrey.press("Control+Enter")
    page.wait_for_url(re.compile(r"/parties/\d+/$"))
    expect(page.locator("#main")).to_contain_text("+7 (812) 555-01-77")
    person = page.locator("#people a").filter(has_text="Журавлёва")
    expect(person).to_have_text("Журавлёва\N{NO-BREAK SPACE}М.\N{NO-BREAK SPACE}П.")


def test_leaving_a_changed_form_asks_once_and_only_while_something_would_be_lost(andrey):
    page = andrey.open("/parties/3/edit/")
    asked = []
    page.on(
        "dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss() if len(asked) < 2 else dialog.accept())
    )
    tasks = page.get_by_role("link", name="Задачи", exact=True)
    tasks.click()
    page.wait_for_url(re.compile("/tasks/"))
    assert asked == []
    page = andrey.open("/parties/3/edit/")
    page.locator("[name=city]").press_sequentially("х")
    tasks.click()
    assert asked == ["beforeunload"]
    expect(page.locator("[name=city]")).to_have_value(re.compile("х"))
    with page.expect_response(re.compile("/drafts/")):
        page.locator("[name=city]").press_sequentially("х")
    expect(page.locator("[data-draft-note]")).to_contain_text("Черновик сохранён")
    tasks.click()
    page.wait_for_url(re.compile("/tasks/"))
    assert asked == ["beforeunload"]
    page = andrey.open("/parties/3/edit/")
    page.get_by_role("button", name="Начать заново").click()


def test_what_was_typed_on_one_device_waits_with_its_time_on_the_other(sit_down):
    first, second = sit_down("orlov"), sit_down("orlov")
    text = fresh("Черновик с первого устройства")
    page = first.open("/tasks/new/")
    with page.expect_response(lambda answer: "/drafts/" in answer.url and answer.request.method == "POST"):
        page.locator("[name=name]").fill(text)
    said = page.locator("[data-draft-note]")
    expect(said).to_have_text(re.compile(r"^Черновик сохранён \d\d:\d\d$"))
    kept_at = said.inner_text()[-5:]
    page.close()
    page = second.open("/tasks/new/")
    expect(page.locator("[name=name]")).to_have_value(text)
    expect(page.locator("main .banner").first).to_contain_text(kept_at)
    page.get_by_role("button", name="Начать заново").click()
    expect(page.locator("[name=name]")).to_have_value("")
