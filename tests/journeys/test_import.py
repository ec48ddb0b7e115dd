"""Ten thousand foreign rows come in: seen row by row first, stopped, gone on with, taken back (UX 57, 29)."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.journeys.desk import fresh

ROWS, BAD, DOUBLES = 10_000, 200, 300
MINUTES = 240_000


@pytest.fixture(scope="module")
def firms() -> str:
    """The first word of the firms of this run."""
    return fresh("Загрузка").replace(" ", "")


def table(firms: str) -> bytes:
    """A file as an old accounting program writes it."""
    lines = ["Название;Сотрудников;Город;Примечание"]
    for number in range(ROWS):
        name = f"{firms} {9_000 + number - (ROWS - DOUBLES) if number >= ROWS - DOUBLES else number}"
        staff = "много" if number < 45 * BAD and number % 45 == 7 else str(number % 90)
        lines.append(f"{name};{staff};Омск;строка {number}")
    return "\r\n".join(lines).encode("cp1251")


def test_a_big_old_file_is_seen_row_by_row_written_and_taken_back(sit_down, firms):
    desk = sit_down("guseva")
    page = desk.open("/import/")
    page.locator("input[type=file]").set_input_files(
        {"name": "клиенты.csv", "mimeType": "text/csv", "buffer": table(firms)}
    )
    page.get_by_role("button", name="Открыть файлы").click()
    expect(page.get_by_role("heading", name="Куда идут столбцы")).to_be_visible()
    expect(page.locator("select[name=t0-entity]")).to_have_value("party")
    expect(page.locator("select[name=t0c0-target]")).to_have_value("display_name")
    page.get_by_role("button", name="Проверить каждую строку").click()
    expect(page.get_by_role("button", name="Записать")).to_be_visible(timeout=MINUTES)
    counts = page.locator("tbody tr").first.locator("td").all_inner_texts()
    figures = [int(re.sub(r"\D", "", text)) for text in counts]
    assert figures == [ROWS - BAD - DOUBLES, 0, 0, DOUBLES, 0, BAD]
    page.locator("td a").last.click()
    expect(page.locator("tbody tr").first).to_contain_text("Сотрудников")
    page.go_back()
    page.locator("td a").nth(-2).click()
    expect(page.locator("h1")).to_contain_text("Пропущено")
    expect(page.locator("tbody tr")).to_have_count(50)
    double = page.locator("tbody tr").first
    expect(double).to_contain_text(f"{ROWS - DOUBLES + 2}")
    expect(double).to_contain_text(f"{firms} 9000")
    page.get_by_role("link", name="Следующие строки").click()
    expect(page.locator("tbody tr").first).to_contain_text(f"{ROWS - DOUBLES + 52}")
    page.go_back()
    page.go_back()
    page.get_by_role("button", name="Записать").click()
    stop = page.get_by_role("button", name="Отмена", exact=True)
    stop.first.click(timeout=MINUTES)
    expect(page.get_by_role("button", name="Продолжить")).to_be_visible(timeout=MINUTES)
    page.get_by_role("button", name="Продолжить").click()
    expect(page.locator(".badge", has_text="Записано").first).to_be_visible(timeout=MINUTES)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Все отклонённые строки").click()
    refused = taken.value.path().read_bytes().decode("cp1251").splitlines()
    assert len(refused) == BAD + 1
    assert refused[0].endswith(";Причина")
    page.goto(f"/parties/?saved=all&q={firms}")
    expect(page.locator("tbody tr").first).to_contain_text(firms)
    page.go_back()
    page.get_by_role("button", name="Отменить загрузку").click()
    expect(page.locator(".badge", has_text="Отменено").first).to_be_visible(timeout=MINUTES)
    page.goto(f"/parties/?saved=all&q={firms}")
    expect(page.locator("#list tbody tr")).to_have_count(0)


def test_a_list_leaves_as_a_workbook_with_real_days_and_sums(sit_down):
    desk = sit_down("guseva")
    page = desk.open("/deals/?view=table&saved=all")
    page.get_by_role("button", name="Выгрузить").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="XLSX").click()
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken.value.path().read_bytes()))
    rows = book.get_sheet_by_index(0).to_python()
    amounts = [row[rows[0].index("Сумма")] for row in rows[1:]]
    assert all(isinstance(amount, (int, float)) or amount == "" for amount in amounts)
    about = {line[0]: line[1] for line in book.get_sheet_by_index(1).to_python()}
    assert "Гусева" in about["Кто выгрузил"]
