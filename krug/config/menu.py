"""What stands in the left menu and under the create button, by the rights of whoever looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from krug.access.models import Reach
from krug.kernel.ui.frame import MenuItem
from krug.kernel.visibility import rights_of


class Line(NamedTuple):
    """One line of the menu: its words, address, icon, the type whose rights decide, and its keys."""

    label: str
    url: str
    icon: str
    entity: str
    key: str = ""
    verb: str = ""


MENU = (
    Line(_("My day"), "/", "home", "", "KeyG KeyH"),
    Line(_("Customers"), "/parties/", "people", "party", "KeyG KeyC"),
    Line(_("Contact persons"), "/contacts/", "person", "contact"),
    Line(_("Deals"), "/deals/?view=board", "board", "deal", "KeyG KeyD"),
    Line(_("Tasks"), "/tasks/", "check", "task", "KeyG KeyT"),
    Line(_("Funnel"), "/reports/funnel/", "funnel", "deal", "KeyG KeyR"),
    Line(_("Import"), "/import/", "import", "party", "", "import"),
    Line(_("Settings"), "/settings/", "settings", "user", "KeyG KeyS", "change"),
)
CREATE = (
    Line(_("Customer"), "/parties/quick/", "people", "party", "KeyN"),
    Line(_("Contact person"), "/contacts/new/", "person", "contact"),
    Line(_("Deal"), "/deals/new/", "board", "deal"),
    Line(_("Task"), "/tasks/new/", "check", "task"),
    Line(_("Log a contact"), "/log/", "phone", "interaction", "KeyL"),
)


def menu_for(request: HttpRequest) -> list[MenuItem]:
    """The lines of the main menu that this user may open."""
    return list(_lines(request, MENU, "view"))


def create_for(request: HttpRequest) -> list[MenuItem]:
    """What this user may create from anywhere."""
    return list(_lines(request, CREATE, "create"))


def _lines(request: HttpRequest, lines: tuple[Line, ...], verb: str) -> Iterator[MenuItem]:
    rights = rights_of(request.user)  # type: ignore[arg-type]
    for line in lines:
        path = line.url.partition("?")[0]
        wanted = line.verb or verb
        seen = not line.entity or rights.reach(line.entity) != Reach.NONE
        if seen and (wanted == "view" or rights.may(line.entity, wanted)):
            active = request.path == path if path == "/" else request.path.startswith(path)
            yield MenuItem(str(line.label), line.url, line.icon, active, line.key)
