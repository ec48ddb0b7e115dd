"""An empty company begins by language, company, demo data and invitation, and is rid of the demo data (check 59)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from krug.kernel.testing.patience import stretched
from tests.journeys.product import PROJECT


@pytest.fixture
def empty_house(tmp_path: Path) -> Iterator[str]:
    """The link of a new installation with a database of its own, as `bin/serve` prints it."""
    strange = ("DJANGO_", "KRUG_", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    with (tmp_path / "errors.log").open("w") as errors:
        server = subprocess.Popen(
            [sys.executable, "-m", "krug.config.cli", "--data", str(tmp_path / "data"), "serve", "--port", "0"],
            cwd=PROJECT, env=environment | {"PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
        try:
            assert server.stdout
            said = [server.stdout.readline() for _line in range(3)]
            assert "/welcome/" in said[-1], (said, (tmp_path / "errors.log").read_text())
            yield said[-1].strip()
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=60)


def until(page: Page, address: str, there: bool) -> None:
    """Look at the page of the demo data until it is told, or gone."""
    began = time.monotonic()
    while time.monotonic() - began < stretched(120):
        page.goto(address)
        if bool(page.locator("[name=sure]").count()) is there:
            return
        time.sleep(1)
    pytest.fail("the demo data did not come or go in time")


def test_an_empty_company_begins_with_the_demo_data_and_is_rid_of_it(empty_house, browser):
    context = browser.new_context(locale="ru-RU", timezone_id="Europe/Moscow")
    page, home = context.new_page(), empty_house.split("/welcome/")[0]
    page.goto(empty_house)
    page.get_by_role("main").get_by_role("button", name="Русский").click()
    page.locator("[name=name]").fill("Северный ветер")
    page.locator("[name=person]").fill("Громов Глеб Андреевич")
    page.locator("[name=email]").fill("gleb@example.org")
    page.locator("[name=password]").fill("восемь синих слонов")
    page.locator("[name=beginning][value=demo]").check()
    page.get_by_role("button", name="Начать").click()
    page.wait_for_url(re.compile("/settings/invite/"))
    page.locator("[name=person]").fill("Новикова Нина Петровна")
    page.locator("[name=email]").fill("nina@example.org")
    page.locator("[name=role]").select_option(index=1)
    page.get_by_role("button", name="Пригласить").click()
    expect(page.locator("#invitation")).to_contain_text("/join/")
    page.get_by_role("link", name="Продолжить").click()
    expect(page.locator(".first-step")).to_have_count(4)
    expect(page.locator(".first-step.done")).to_have_text("Пригласите коллегу")
    until(page, f"{home}/settings/demo/", there=True)
    page.goto(f"{home}/parties/?saved=all")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.goto(f"{home}/settings/demo/")
    page.locator("[name=sure]").check()
    page.get_by_role("button", name="Удалить демонстрационные данные").click()
    until(page, f"{home}/settings/demo/", there=False)
    expect(page.locator("#main")).to_contain_text("Демонстрационных данных здесь нет")
    for plural in ("parties", "contacts", "deals", "tasks", "interactions", "products", "teams"):
        page.goto(f"{home}/{plural}/?saved=all")
        expect(page.locator("tbody tr")).to_have_count(0)
    page.goto(f"{home}/users/?saved=all")
    expect(page.locator("tbody tr")).to_have_count(2)
    context.close()
