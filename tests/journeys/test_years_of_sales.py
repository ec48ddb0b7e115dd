"""Years of sales from another system are brought in through the browser and give the same figures everywhere."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from decimal import Decimal

from playwright.sync_api import Page, expect

from krug.kernel.testing.shared import shared

FILES = ("accounts.csv", "products.csv", "sales_teams.csv", "sales_pipeline.csv")
COUNTS = {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}
WON = Decimal(10_005_534)
MINUTE = 60_000


def bring_in(page: Page) -> None:
    """Choose the files, look at the check, write."""
    page.goto("/import/")
    page.locator("[name=preset]").select_option("maven-crm")
    folder = shared("data/crm/sales_opportunities")
    page.locator("[name=files]").set_input_files([folder / name for name in FILES])
    page.locator("main [data-submit]").click()
    page.wait_for_url(re.compile(r"/import/\d+/$"))
    expect(page.get_by_role("button", name="Записать")).to_be_visible(timeout=MINUTE)


def line(page: Page, table: str, *words: str) -> list[str]:
    """The cells of the row that holds the words."""
    rows = page.get_by_role("region", name=table).locator("tbody tr")
    for word in words:
        rows = rows.filter(has_text=word)
    return [re.sub(r"\s", " ", cell) for cell in rows.locator("th, td").all_inner_texts()]


def test_real_files_are_checked_written_and_counted_alike_on_every_surface(sit_down, product):
    desk = sit_down("guseva")
    page = desk.page
    bring_in(page)
    assert line(page, "Записи", "Сделки")[1:] == ["8 800", "8 800", "0", "0"]
    assert line(page, "Записи", "Клиенты")[1:] == ["85", "85", "0", "0"]
    assert line(page, "Записи", "Товары")[1:] == ["7", "7", "0", "0"]
    assert line(page, "Исправления", "GTXPro")[4] == "1 480"
    assert line(page, "Исправления", "technolgy")[4] == "12"
    assert line(page, "Исправления", "без клиента")[4] == "1 425"
    expect(page.locator("#main")).to_contain_text("Ни одна строка не отклонена")
    page.get_by_role("button", name="Записать").click()
    expect(page.locator("h1 ~ .badge, .page-head .badge").first).to_have_text("Записано", timeout=MINUTE)
    _the_board_says(page)
    _the_file_says(page)
    _the_api_says(page, product.password_of("guseva@volna.example"))
    bring_in(page)
    assert line(page, "Записи", "Сделки")[1:] == ["8 800", "0", "0", "8 800"]


def _the_board_says(page: Page) -> None:
    page.goto("/deals/?add=pipeline")
    page.locator("#filter-adder").get_by_text("Maven CRM", exact=True).click()
    page.get_by_role("button", name="Добавить фильтр").click()
    expect(page.locator(".chip")).to_contain_text("Maven CRM")
    expect(page.locator(".pager-total")).to_contain_text(re.compile(r"8.800"))
    page.get_by_role("link", name="Доска").click()
    for name in ("Engaging", "Prospecting"):
        head = page.locator(".column").filter(has=page.get_by_role("heading", name=name))
        shown = head.locator(".column-sums span").first.inner_text()
        assert re.sub(r"\s", "", shown) == str(COUNTS[name])


def _the_file_says(page: Page) -> None:
    page.get_by_role("link", name="Таблица").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Выгрузить").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    rows = [
        {head.casefold(): cell for head, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text), delimiter=";")
    ]
    assert Counter(row["этап"] for row in rows) == COUNTS
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        number = re.sub(r"[^\d,.-]", "", row["сумма"]).replace(",", ".")
        sums[row["этап"]] += Decimal(number or 0)
    assert sums["Won"] == WON


def _the_api_says(page: Page, password: str) -> None:
    page.goto("/me/tokens/")
    page.locator("main [name=name]").fill("Сверка")
    if page.locator("main [name=current]").count():
        page.locator("main [name=current]").fill(password)
    page.locator("main [data-submit]").first.click()
    token = page.locator("code.secret").inner_text()
    answer = page.request.get("/api/v1/deals/totals?by=stage&sum=amount", headers={"Authorization": f"Bearer {token}"})
    told = {line["label"]: line for line in answer.json()["results"]}
    assert {name: told[name]["count"] for name in COUNTS} == COUNTS
    assert Decimal(told["Won"]["sum"]) == WON
