"""A person who looks, without a database."""

from collections.abc import Callable, Iterator
from importlib import import_module
from threading import Thread
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import translation

from krug.access.models import User
from krug.access.rights import Rights
from krug.kernel.ui.frame import MenuItem, _menus, use_menus

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
def menus() -> Iterator[None]:
    """The frame of these tests has its own menu, whichever of them first loads the addresses, which bring theirs."""
    import_module("krug.config.urls")
    before = dict(_menus)
    use_menus(main=menu_for, create=create_for)
    yield
    use_menus(**before)


@pytest.fixture
def ask() -> Ask:
    """Make a request of a signed-in person: ask("/ui/", language="ru", theme="dark", HX_Request="true")."""

    def made(
        path: str = "/ui/", *, signed_in: bool = True, data: dict[str, str] | None = None, **headers: str
    ) -> HttpRequest:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        factory = RequestFactory(headers=named)
        request = factory.get(path) if data is None else factory.post(path, data)
        request.session = {}  # type: ignore[assignment]  # a stand-in
        if signed_in:
            request.user = User(pk=7, email="anna@krug.test", surname="Соколова", given_name="Анна")
        return request

    return made


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> Any:
    """Each language in turn."""
    with translation.override(request.param):
        yield request.param


class Visitor:
    """Somebody signed in whom no table knows, with the right to see the gallery and no other."""

    is_authenticated = is_active = True
    is_system = False
    pk = None
    email = "sokolova@volna.example"
    timezone = "Europe/Moscow"

    def __init__(self) -> None:
        self._kept = {"rights": Rights({}, {"gallery": frozenset({"open"})})}

    def __str__(self) -> str:
        return "Соколова Анна"


def visited(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every request comes from the visitor."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.user = Visitor()  # type: ignore[assignment]  # a stand-in
        return get_response(request)

    return answer


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the output of the tests readable."""


@pytest.fixture(scope="session")
def gallery_url() -> Iterator[str]:
    """The gallery on a port of its own: the product's pages and policy, without sessions in a database."""
    middleware = [
        "krug.config.serving.headers.security_headers",
        "krug.kernel.ui.submits.told_where",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        f"{__name__}.visited",
    ]
    cookies = "django.contrib.sessions.backends.signed_cookies"
    with override_settings(MIDDLEWARE=middleware, SESSION_ENGINE=cookies):
        handler = StaticFilesHandler(WSGIHandler())
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/ui/"
    server.shutdown()
    server.server_close()
