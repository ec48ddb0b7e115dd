"""Years of sales from another system are brought in through the browser and give the same figures everywhere."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from playwright.sync_api import Page, expect

from krug.kernel.testing.shared import shared

FILES = ("accounts.csv", "products.csv", "sales_teams.csv", "sales_pipeline.csv")
COUNTS = {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}
WON = Decimal(10_005_534)
MINUTE = 60_000
WON_ONLY = quote('{"field": "state", "operator": "eq", "value": "won"}')


@dataclass
class Figures:
    """What the files say of one manager or office."""

    deals: int = 0
    won: int = 0
    sum: Decimal = Decimal(0)


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
    rows = page.get_by_role("group", name=table).locator("tbody tr")
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
        page.get_by_role("button", name="Выгрузить").click()
        page.get_by_role("link", name="CSV").click()
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
    _people_and_offices_say(page, token)
    _the_list_of_an_office_says(page)


def _figures_of_the_files() -> tuple[dict[str, Figures], dict[str, Figures]]:
    """Deals and won sums per manager and per office, counted from the files by hand."""
    managers: dict[str, Figures] = defaultdict(Figures)
    offices: dict[str, Figures] = defaultdict(Figures)
    folder = shared("data/crm/sales_opportunities")
    with (folder / "sales_teams.csv").open(encoding="utf-8", newline="") as file:
        sellers = {row["sales_agent"]: row for row in csv.DictReader(file)}
    with (folder / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            seller = sellers[row["sales_agent"]]
            for figures in (managers[seller["manager"]], offices[seller["regional_office"]]):
                figures.deals += 1
                figures.won += row["deal_stage"] == "Won"
                figures.sum += Decimal(row["close_value"] or 0) if row["deal_stage"] == "Won" else 0
    return managers, offices


def _people_and_offices_say(page: Page, token: str) -> None:
    managers, offices = _figures_of_the_files()
    assert (len(managers), len(offices)) == (6, 3)
    for by, files in (("owner__team", managers), ("owner__team__office", offices)):
        for won in (False, True):
            asked = f"/api/v1/deals/totals?by={by}&sum=amount" + (f"&filter={WON_ONLY}" if won else "")
            answer = page.request.get(asked, headers={"Authorization": f"Bearer {token}"})
            told = {line["label"]: line for line in answer.json()["results"] if line["label"] in files}
            expected = {name: figures.won if won else figures.deals for name, figures in files.items()}
            assert {name: line["count"] for name, line in told.items()} == expected
            if won:
                sums = {name: Decimal(line["sum"]) for name, line in told.items()}
                assert sums == {name: figures.sum for name, figures in files.items()}
                assert sum(sums.values()) == WON


def _the_list_of_an_office_says(page: Page) -> None:
    for office, figures in _figures_of_the_files()[1].items():
        tree = json.dumps({"field": "owner__team__office", "operator": "eq", "value": office})
        page.goto(f"/deals/?filter={quote(tree)}&count=exact")
        expect(page.locator(".chip")).to_contain_text(office)
        shown = re.sub(r"\D", "", page.locator("#total").inner_text())
        assert int(shown) == figures.deals
