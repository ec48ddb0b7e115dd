"""A person who looks, without a database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation

from krug.access.models import User
from krug.kernel.ui.frame import MenuItem

Ask = Callable[..., HttpRequest]


def menu_for(request: HttpRequest) -> list[MenuItem]:
    """A menu of two lines."""
    return [
        MenuItem("My day", "/", "day", active=True, key="KeyG KeyH"),
        MenuItem("Customers", "/parties/", "people", children=[MenuItem("Mine", "/parties/?view=1")]),
    ]


def create_for(request: HttpRequest) -> list[MenuItem]:
    """One thing to create, in the sheet."""
    return [MenuItem("Interaction", "/log/", "phone", key="KeyL,F9", opens="sheet")]


@pytest.fixture(autouse=True)
def menus(settings: Any) -> None:
    """The frame of these tests has its own menu."""
    settings.KRUG_MENU = f"{__name__}.menu_for"
    settings.KRUG_CREATE_MENU = f"{__name__}.create_for"


@pytest.fixture
def ask() -> Ask:
    """Make a request of a signed-in person: ask("/ui/", language="ru", theme="dark", HX_Request="true")."""

    def made(path: str = "/ui/", *, signed_in: bool = True, data: dict[str, str] | None = None, **headers: str) -> HttpRequest:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        factory = RequestFactory(headers=named)
        request = factory.get(path) if data is None else factory.post(path, data)
        request.session = {}  # type: ignore[assignment]
        if signed_in:
            request.user = User(pk=7, email="anna@krug.test", surname="Соколова", given_name="Анна")
        return request

    return made


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> Any:
    """Each language in turn."""
    with translation.override(request.param):
        yield request.param
