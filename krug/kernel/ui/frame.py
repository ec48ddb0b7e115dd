"""What stands around every page: the person, the menu, the look they chose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

from krug.kernel.ui.names import full_name
from krug.kernel.ui.toasts import Toast, take_toasts
from krug.language.calendar_words import speech

CHOICES: dict[str, tuple[str, ...]] = {
    "language": ("ru", "en"),
    "theme": ("system", "light", "dark"),
    "density": ("compact", "normal", "touch"),
    "keys": ("on", "off"),
    "nav": ("wide", "folded"),
}


@dataclass(frozen=True)
class MenuItem:
    """One line of a menu; `children` are the pinned views under it, `opens` is sheet or dialog or empty."""

    label: str
    url: str
    icon: str = ""
    active: bool = False
    key: str = ""
    children: Sequence[MenuItem] = ()
    opens: str = ""


@dataclass(frozen=True)
class Frame:
    """The frame of one page, ready to print."""

    user: Any
    path: str
    full_path: str
    language: str
    theme: str
    density: str
    keys: str
    nav: str
    csrf: str
    nonce: str
    target: str
    menu: Sequence[MenuItem] = ()
    create: Sequence[MenuItem] = ()
    toasts: Sequence[Toast] = ()
    addresses: dict[str, str] = field(default_factory=dict)
    about: Any = None
    above: tuple[str, str] | None = None
    notice: str = ""

    @property
    def signed_in(self) -> bool:
        return bool(self.user and self.user.is_authenticated)

    @property
    def inside(self) -> str:
        """Where a fragment will stand: drawer, sheet, dialog, cell, or empty for the page itself."""
        return self.target if self.target in {"drawer", "sheet", "dialog", "cell"} else ""

    @property
    def name(self) -> str:
        known = self.user if self.signed_in else None
        if known is None or not getattr(known, "surname", ""):
            return str(known or "")
        return full_name(known.surname, known.given_name, known.patronymic)


def frame_of(request: HttpRequest, *, menus: bool = True, toasts: bool = True) -> Frame:
    """Gather the frame for this request; strangers get no menu, and waiting messages are taken once."""
    user = getattr(request, "user", None)
    menus = menus and bool(user and user.is_authenticated)
    return Frame(
        user=user,
        path=request.path,
        full_path=request.get_full_path(),
        language=speech(),
        theme=chosen(request, "theme", "system"),
        density=chosen(request, "density", "normal"),
        keys=chosen(request, "keys", "on"),
        nav=chosen(request, "nav", "wide"),
        csrf=get_token(request),
        nonce=getattr(request, "csp_nonce", ""),
        target=request.headers.get("HX-Target", ""),
        menu=_menus["main"](request) if menus else (),
        create=_menus["create"](request) if menus else (),
        toasts=take_toasts(request) if toasts else (),
        addresses=ADDRESSES,
        about=_about[0](request) if menus else None,
        above=_above[0](request) if user and user.is_authenticated else None,
        notice=getattr(request, "notice", ""),
    )


ADDRESSES = {
    "home": "/",
    "search": "/search/",
    "sign_in": "/sign-in/",
    "sign_out": "/sign-out/",
    "preferences": "/me/preferences/",
    "sessions": "/me/sessions/",
    "help": "/help/",
    "read_date": "/dates/read/",
}


def chosen(request: HttpRequest, name: str, usual: str) -> str:
    """The person's choice of look: kept with the user, else in this browser."""
    user = getattr(request, "user", None)
    kept = getattr(user, "has_shortcuts", None) if name == "keys" else getattr(user, name, None)
    value = {True: "on", False: "off"}.get(kept, kept) if kept is not None else request.COOKIES.get(name)
    return value if value in CHOICES[name] else usual


Menu = Callable[[HttpRequest], Sequence[MenuItem]]
_menus: dict[str, Menu] = {"main": lambda request: (), "create": lambda request: ()}


def use_menus(*, main: Menu, create: Menu) -> None:
    """The house says what stands in its menus; the frame only prints them."""
    _menus.update(main=main, create=create)


_above: list[Callable[[HttpRequest], tuple[str, str] | None]] = [lambda request: None]


def use_above(told: Callable[[HttpRequest], tuple[str, str] | None]) -> None:
    """The house says under which line of the menu a page stands that is no page of that line itself."""
    _above[0] = told


_about: list[Callable[[HttpRequest], Any]] = [lambda request: None]


def use_about(told: Callable[[HttpRequest], Any]) -> None:
    """The house says what stands at the foot of some pages: what they change, and who changed it last."""
    _about[0] = told


def choice_labels() -> dict[str, list[tuple[str, str]]]:
    """The choices of look in the person's language."""
    return {
        "language": [("ru", "Русский"), ("en", "English")],
        "theme": [("system", _("As on the device")), ("light", _("Light")), ("dark", _("Dark"))],
        "density": [("compact", _("Compact")), ("normal", _("Normal")), ("touch", _("For touch"))],
        "keys": [("on", _("On")), ("off", _("Off"))],
    }


def script_words() -> dict[str, str]:
    """The few phrases that scripts say by themselves."""
    return {
        "no_passkey": _("The browser gave no passkey. Try again or sign in another way."),
        "not_sent": _("The server did not answer."),
        "not_sent_help": _("What you typed is still here. Press the button again in a moment: nothing is saved twice."),
        "not_reached": _("The server did not answer."),
        "recent": _("Opened recently"),
        "commands": _("On this page"),
        "moved": _("Moved to %(column)s.") % {"column": "{column}"},
        "too_long": _("The text is too long: %(length)s characters, %(limit)s are allowed.")
        % {"length": "{length}", "limit": "{limit}"},
        "press_number": _("Press the number of the column."),
    }
