"""What every test may rely on: translations are compiled and the network is closed."""

import gc
import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from krug.config.serving import translations
from krug.kernel.attributes import catalogue
from tools.tables import copy_tables, name_of_copy

LONGEST = ("tests/test_contract.py", "tests/journeys/")
pytest_plugins = ["krug.kernel.testing.cast", "tools.costs"]


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations once, before Django reads them; rubbish is looked for seldom, since a run is short."""
    gc.set_threshold(200_000, 50, 100)
    if not hasattr(config, "workerinput"):
        translations.compile_if_changed()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first; journeys keep their order, since each leaves its traces in the product."""
    places = {start: place for place, start in enumerate(LONGEST)}
    items.sort(
        key=lambda item: next((places[start] for start in LONGEST if item.nodeid.startswith(start)), len(places))
    )


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Each process works in a database of its own, copied when its first test needs one."""
    name = name_of_copy()
    with django_db_blocker.unblock():
        connection.close()
        copy_tables(os.environ["DATABASE_URL"], name)
        connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Each test begins in English, whichever language the one before has spoken."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def attributes_afresh(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test knows the attributes of the one before; a test without a database knows only what is declared."""
    catalogue.look_again()
    needs_database = {"db", "transactional_db", "kept", "django_db_setup"} & set(request.fixturenames)
    if needs_database or request.node.get_closest_marker("django_db"):
        yield
        catalogue.look_again()
        return
    with catalogue.declared_only():
        yield


@pytest.fixture(autouse=True)
def forgotten_journal(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """What a test has really committed leaves the journal too, whose tables Django does not know to empty."""
    yield
    marked = request.node.get_closest_marker("django_db")
    if marked and marked.kwargs.get("transaction"):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE journal_entry, journal_mention, row_change")


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only this machine may be reached."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(str(address[0])):  # type: ignore[index]  # addresses of these families are pairs
            raise PermissionError(f"A test tried to reach {address}.")
        return connect(self, address)  # type: ignore[arg-type]  # as above

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The journeys use the machine's own Chromium; where there is none they fail, with words."""
    found = os.environ.get("KRUG_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.fail("There is no Chromium on this machine: journeys in a browser cannot be made.", pytrace=False)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": found, "args": ["--disable-dev-shm-usage", *sandbox]}


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
