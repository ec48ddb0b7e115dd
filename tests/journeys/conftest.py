"""Everybody who makes a journey: the product they use and the browsers they sit at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.desk import Desk, signed_in_state
from tests.journeys.product import Product, running_product

FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WINDOW = {"width": 1280, "height": 800}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey is marked; all journeys of one process are made at one product."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser says nothing to anybody but the product."""
    return {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *FLAGS]}


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product as people meet it, with the demo company, for all journeys of this run."""
    with running_product(tmp_path_factory.mktemp("installation")) as running:
        yield running


@pytest.fixture(scope="session")
def states(browser: Browser, product: Product) -> Callable[[str], Any]:
    """The cookies of somebody who has signed in once."""
    known: dict[str, Any] = {}

    def state_of(login: str) -> Any:
        if login not in known:
            known[login] = signed_in_state(browser, product, f"{login}@volna.example")
        return known[login]

    return state_of


@pytest.fixture
def sit_down(browser: Browser, product: Product, states: Callable[[str], Any]) -> Iterator[Callable[..., Desk]]:
    """Open a browser of one's own: sit_down("sokolov", width=360, java_script_enabled=False)."""
    expect.set_options(timeout=30_000)
    open_contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def seated(login: str = "sokolov", *, width: int = 1280, **options: Any) -> Desk:
        context = browser.new_context(
            storage_state=states(login) if login else None,
            viewport={**WINDOW, "width": width},
            **{"base_url": product.url, "locale": "ru-RU", "timezone_id": "Europe/Moscow"} | options,
        )
        context.set_default_timeout(30_000)
        open_contexts.append(context)
        page: Page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        return Desk(page, has_scripts=options.get("java_script_enabled", True))

    yield seated
    for context in open_contexts:
        context.close()
    assert trouble == [], "a script of the page broke"


@pytest.fixture
def andrey(sit_down: Callable[..., Desk]) -> Desk:
    """The seller Соколов Андрей at his desk, in Russian."""
    return sit_down("sokolov")
