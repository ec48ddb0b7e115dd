"""A field of the company's own: added from a form, it stands everywhere at once (UX check 56)."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Page, expect

from krug.kernel.testing.patience import stretched
from tests.journeys.desk import Desk, fresh


def test_a_field_is_added_from_the_form_in_six_actions_and_stands_everywhere_at_once(sit_down, product):
    olga = sit_down("guseva")
    label = fresh("Этажность")
    page = olga.open("/parties/13/edit/")
    page.locator("[name=note]").fill("Набрано до поля")
    began = time.monotonic()
    page.get_by_role("button", name="Поле", exact=True).click()  # 1
    page.locator("[name=name]").fill(label)  # 2
    page.locator("[name=kind]").select_option(label="Число")  # 3
    page.get_by_role("button", name="Сохранить").click()  # 4
    control = page.get_by_label(label)
    expect(control).to_be_visible()
    assert time.monotonic() - began < stretched(30)
    expect(page.locator("[name=note]")).to_have_value("Набрано до поля")
    control.fill("1 234,5")
    key = control.get_attribute("name")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#main")).to_contain_text(label)
    expect(page.locator("#main")).to_contain_text("1\N{NO-BREAK SPACE}234,5")
    page = olga.open(f"/parties/?saved=all&columns=display_name&columns={key}")
    expect(page.locator("thead")).to_contain_text(label)
    page.click("[popovertarget=filter-fields]")
    page.locator("#filter-fields").get_by_text("Другие поля").click()
    page.get_by_role("menuitem", name=label).or_(page.get_by_role("link", name=label)).first.click()
    page.locator("#f-operator").select_option(label="больше")
    page.locator("#filter-adder [name=value]").fill("1000")
    page.get_by_role("button", name="Добавить фильтр").click()
    expect(page.locator(".chip")).to_contain_text(label)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("1\N{NO-BREAK SPACE}234,5")
    it_stands_in_a_tree(olga, label, key)
    it_is_taken_in_from_a_file(olga, label)
    it_stands_in_a_file(olga, label, key)
    assert as_a_program_reads_it(olga, product.password_of("guseva@volna.example"))[key] == "1234.50"
    expect(olga.open("/parties/13/history/").locator("tbody")).to_contain_text(label)
    put_away(olga.open("/settings/attributes/party/"), label)
    expect(olga.open("/parties/13/edit/").get_by_label(label)).to_have_count(0)


def it_stands_in_a_tree(desk: Desk, label: str, key: str) -> None:
    """A level of a tree is made by the field, and its nodes add up to the whole."""
    page = desk.open("/trees/parties/")
    page.fill("[name=name]", f"Дерево: {label}")
    page.select_option("[name=level1]", key)
    page.locator(".form-actions button[value=save]").click()
    tree = page.locator("[role=tree]")
    expect(tree).to_contain_text("1\N{NO-BREAK SPACE}234,5")
    expect(tree).to_contain_text("Без значения")


def it_is_taken_in_from_a_file(desk: Desk, label: str) -> None:
    """A column that is called like the field is led to it by itself."""
    page = desk.open("/import/")
    rows = "\r\n".join(f"{fresh('Завод')} {number};{number},5;Омск" for number in range(1, 6))
    content = f"Название;{label};Город\r\n{rows}\r\n".encode("cp1251")
    page.locator("input[type=file]").set_input_files({"name": "поля.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Открыть файлы").click()
    expect(page.locator("select[name=t0c1-target] option:checked")).to_have_text(label)
    page.get_by_role("button", name="Проверить каждую строку").click()
    expect(page.get_by_role("button", name="Записать")).to_be_visible(timeout=60_000)


def it_stands_in_a_file(desk: Desk, label: str, key: str) -> None:
    """The file of the list holds the column."""
    page = desk.open("/parties/?saved=all")
    text = page.evaluate(f"fetch('/parties/export/?format=csv&columns=display_name,{key}').then(it => it.text())")
    assert label in text and "1234,5" in text.replace("\N{NO-BREAK SPACE}", "").replace("1234.5", "1234,5")


def as_a_program_reads_it(desk: Desk, password: str) -> Any:
    """The record as the API tells it to a token of one's own."""
    page = desk.open("/me/tokens/")
    page.locator("main [name=name]").fill(fresh("Поля"))
    if page.locator("main [name=current]").count():
        page.locator("main [name=current]").fill(password)
    page.locator("main [data-submit]").first.click()
    token = page.locator("code.secret").inner_text()
    return page.request.get("/api/v1/parties/13/", headers={"Authorization": f"Bearer {token}"}).json()


def test_a_name_that_is_there_already_in_other_words_is_warned_of(sit_down):
    page = sit_down("guseva", java_script_enabled=False).open("/settings/attributes/party/new/")
    page.locator("[name=name]").fill("Примечания")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#main")).to_contain_text("Похожее поле уже есть")
    page.get_by_role("link", name="Отмена").click()
    expect(page).to_have_url(re.compile("/settings/attributes/party/$"))


def test_a_classifier_is_made_chosen_and_merged_on_a_phone(sit_down):
    olga = sit_down("guseva", width=360)
    label = fresh("Область сбыта")
    page = olga.open("/settings/attributes/product/new/")
    page.locator("[name=name]").fill(label)
    page.locator("[name=kind]").select_option(label="Классификатор (дерево)")
    page.get_by_role("button", name="Сохранить").click()
    page.locator("[name=values]").fill("Россия > Москва\nРоссия > Тверь\nРоссия > Тверь город")
    page.get_by_role("button", name="Сохранить").click()
    row = page.locator("tbody tr", has_text=label)
    row.get_by_role("link", name="Значения").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    page.locator("tbody tr", has_text="Тверь город").get_by_role("link", name="Объединить").click()
    page.locator("[name=into]").select_option(label="— Тверь")
    page.get_by_role("button", name="Показать, что изменится").click()
    expect(page.locator("#main")).to_contain_text("Записей, в которых вместо")
    page.get_by_role("button", name="Объединить").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= 360")
    put_away(olga.open("/settings/attributes/product/"), label)


def put_away(page: Page, label: str) -> None:
    """Take the field out of use, so that the next run finds the same product."""
    page.locator("tbody tr", has_text=label).get_by_role("button", name="В архив").click()
    expect(page.locator("#put-away")).to_contain_text(label)
