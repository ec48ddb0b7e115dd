"""What goes wrong is said in the reader's language, and nothing that was typed or chosen is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk, fresh

MINUTE = 60_000


@dataclass
class Speaker:
    """Somebody at a desk who reads one of the two languages."""

    desk: Desk
    language: str
    email: str
    other: Desk = field(repr=False)

    def says(self, russian: str, english: str) -> re.Pattern[str]:
        """The words that are expected in the language of the reader."""
        return re.compile(russian if self.language == "ru" else english)


@pytest.fixture(params=["ru", "en"])
def speaker(request, sit_down) -> Iterator[Speaker]:
    """The administrator in each language, with a colleague beside."""
    desk = sit_down("guseva")
    desk.open("/")
    desk.speak(request.param)
    yield Speaker(desk, request.param, "guseva@volna.example", sit_down("lebedeva"))
    desk.open("/")
    desk.speak("ru")


def new_customer(desk: Desk, name: str) -> str:
    page = desk.open("/parties/quick/")
    page.locator("[name=display_name]").fill(name)
    desk.press("Control+Enter")
    page.wait_for_url(re.compile(r"/parties/\d+/$"))
    return page.url


def bring(page: Page, name: str, content: bytes, preset: str = "") -> None:
    """Choose a file on the page of imports and send it."""
    page.goto("/import/")
    if preset:
        page.locator("[name=preset]").select_option(preset)
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.locator("main [data-submit]").first.click()


def test_a_wrong_check_digit_is_told_and_everything_typed_stays(speaker):
    page = speaker.desk.open("/parties/quick/")
    name = fresh("Опечатка в ИНН")
    page.locator("[name=display_name]").fill(name)
    if not page.locator("[name=inn]").is_visible():
        page.locator("main summary").click()
    page.locator("[name=inn]").fill("7707083894")
    page.locator("[name=city]").fill("Омск")
    speaker.desk.press("Control+Enter")
    told = speaker.says("ИНН 7707083894: не сходится контрольная цифра", "INN 7707083894: check digit does not match")
    expect(page.locator(".error-summary")).to_contain_text(told)
    expect(page.locator("#f-inn-error")).to_contain_text(told)
    for name_of_field, typed in (("display_name", name), ("inn", "7707083894"), ("city", "Омск")):
        expect(page.locator(f"[name={name_of_field}]")).to_have_value(typed)
    page = speaker.desk.open("/parties/quick/")
    expect(page.locator("[name=display_name]")).to_have_value(name)
    page.locator("main form[action^='/drafts/'] button").click()
    expect(page.locator("[name=display_name]")).to_have_value("")


@pytest.mark.parametrize(
    ("content", "russian", "english"),
    [
        (b"\x00\x01\x02PK\x03\x04" * 50, "не текст|не таблица", "not a text table"),
        (b'name,city\nx,y\n"' + b"z" * 1_200_000 + b"\n", "длиннее 1.000.000", "longer than 1.000.000"),
        (b"", "пуст", "empty"),
    ],
    ids=["no encoding", "endless line", "empty"],
)
def test_a_file_that_can_not_be_read_is_told_on_the_page_of_imports(speaker, content, russian, english):
    page = speaker.desk.page
    bring(page, "клиенты.csv", content)
    expect(page.locator("main")).to_contain_text(speaker.says(russian, english))
    expect(page.locator("main")).to_contain_text("клиенты.csv")


def test_a_missing_column_is_named_with_its_file(speaker):
    page = speaker.desk.page
    page.goto("/import/")
    page.locator("[name=preset]").select_option("maven-crm")
    tables = {
        "accounts.csv": "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n",
        "products.csv": "product,series\nGTX Pro,GTX\n",
        "sales_teams.csv": "sales_agent,manager,regional_office\n",
        "sales_pipeline.csv": "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,"
        "close_value\n",
    }
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in tables.items()]
    )
    page.locator("main [data-submit]").first.click()
    told = page.locator("main")
    expect(told).to_contain_text("sales_price", timeout=MINUTE)
    expect(told).to_contain_text("products.csv")
    expect(told).to_contain_text(speaker.says("[Сс]толб", "[Cc]olumn"))


def test_an_unknown_owner_and_a_formula_in_a_cell_are_told_row_by_row(speaker):
    page, word = speaker.desk.page, fresh(f"Строки {speaker.language}")
    head = "Название,Ответственный" if speaker.language == "ru" else "Name,Owner"
    rows = [f"{word} 1,Никтоев Некто", f'"=HYPERLINK(1) {word}",', f"{word} 3,"]
    bring(page, "owners.csv", "\n".join([head, *rows]).encode())
    page.locator("select[name=t0c0-target]").select_option("display_name")
    page.locator("select[name=t0c1-target]").select_option("owner")
    page.locator("main button[name=act][value=check]").first.click()
    write = page.locator("main form[action$='/write/'] button")
    expect(write).to_be_visible(timeout=MINUTE)
    page.locator("td a").last.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("Никтоев Некто")
    page.go_back()
    write.click()
    expect(page.locator("main form[action$='/undo/'] button").first).to_be_visible(timeout=MINUTE)
    page.goto(f"/parties/?saved=all&q={word}")
    expect(page.locator("#list tbody tr")).to_have_count(2)
    expect(page.locator("#list tbody")).to_contain_text(f"=HYPERLINK(1) {word}")
    answer = page.request.get("/parties/export/", params={"q": word, "columns": "display_name"})
    assert f"'=HYPERLINK(1) {word}" in answer.body().decode("utf-8-sig")


def test_a_day_that_does_not_exist_is_told_and_the_form_stays(speaker):
    page = speaker.desk.open("/tasks/new/")
    name = fresh("Тридцать первое февраля")
    page.locator("[name=name]").fill(name)
    page.locator("[name=due_on]").fill("31.02.2027")
    speaker.desk.press("Control+Enter")
    expect(page.locator("#f-due_on-error")).to_contain_text("31.02.2027")
    expect(page.locator("#f-due_on-error")).to_contain_text(speaker.says("[а-я]{4}", "[a-z]{4}"))
    expect(page.locator("[name=name]")).to_have_value(name)
    expect(page.locator("[name=due_on]")).to_have_value("31.02.2027")


def test_two_who_edit_one_field_see_both_values_and_nothing_is_dropped(speaker):
    address = new_customer(speaker.other, fresh(f"Двое {speaker.language}"))
    page = speaker.desk.open(f"{address}edit/")
    other = speaker.other.open(f"{address}edit/")
    other.locator("[name=city]").fill("Гатчина")
    speaker.other.press("Control+Enter")
    other.wait_for_url(address)
    page.locator("[name=city]").fill("Павловск")
    page.locator("[name=employees]").fill("57")
    speaker.desk.press("Control+Enter")
    conflict = page.locator(".conflict")
    for words in ("Гатчина", "Павловск", speaker.says("Лебедева", "Lebedeva|Лебедева")):
        expect(conflict).to_contain_text(words)
    expect(page.locator("[name=employees]")).to_have_value("57")
    conflict.locator("input[value=mine]").check()
    speaker.desk.press("Control+Enter")
    page.wait_for_url(address)
    for words in ("Павловск", "57"):
        expect(page.locator("#main")).to_contain_text(words)


def test_a_sign_in_that_ran_out_is_renewed_over_the_form_and_one_record_is_made_of_two_presses(speaker, product):
    page, name = speaker.desk.open("/parties/quick/"), fresh(f"Вход истёк {speaker.language}")
    page.locator("[name=display_name]").fill(name)
    kept = page.context.cookies()
    page.context.clear_cookies(name=re.compile("session"))
    page.evaluate("const b = document.querySelector('main form [data-submit]'); b.click(); b.click()")
    over = page.locator("#sign-in")
    expect(over.locator("[name=password]")).to_be_visible()
    expect(over).to_contain_text(speaker.says("[Вв]ой", "[Ss]ign in"))
    expect(page.locator("main [name=display_name]")).to_have_value(name)
    over.locator("[name=email]").fill(speaker.email)
    over.locator("[name=password]").fill(product.password_of(speaker.email))
    over.locator("button[type=submit]").click()
    page.wait_for_url(re.compile(r"/parties/\d+/$"))
    page = speaker.desk.open(f"/parties/?saved=all&q={name}")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert kept
