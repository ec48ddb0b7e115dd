"""What stands in the left menu and under the create button, by the rights of whoever looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from krug.access.models import Reach
from krug.administration.settings_pages import all_pages
from krug.kernel.entity import Entity
from krug.kernel.fields import ReferenceField
from krug.kernel.listing.saved_views import View
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.registry import entities, entity_of
from krug.kernel.screens.door import asker
from krug.kernel.ui.frame import MenuItem
from krug.kernel.visibility import rights_of
from krug.lists.actions.pins import pinned_keys, pinned_views


class Line(NamedTuple):
    """One line of the menu: its words, address, icon, the type whose rights decide, and its keys."""

    label: Any
    url: str
    icon: str
    entity: str
    key: str = ""
    verb: str = ""
    opens: str = ""


ABOUT = ("party", "deal")
MENU = (
    Line(_("My day"), "/", "home", "", "KeyG KeyH"),
    Line(_("Customers"), "/parties/", "people", "party", "KeyG KeyC"),
    Line(_("Contact persons"), "/contacts/", "person", "contact"),
    Line(_("Deals"), "/deals/?view=board", "board", "deal", "KeyG KeyD"),
    Line(_("Tasks"), "/tasks/?saved=in-work", "check", "task", "KeyG KeyT"),
    Line(_("Calls"), "/calls/", "phone", "call"),
    Line(_("Funnel"), "/reports/funnel/", "funnel", "deal", "KeyG KeyR"),
    Line(_("Import"), "/import/", "import", "user", "", "import"),
    Line(_("Settings"), "/settings/", "settings", "user", "KeyG KeyS", "change"),
)
CREATE = (
    Line(_("New customer"), "/parties/quick/", "people", "party", "KeyN"),
    Line(_("New contact person"), "/contacts/new/", "person", "contact"),
    Line(_("New deal"), "/deals/new/", "board", "deal"),
    Line(_("New task"), "/tasks/new/", "check", "task"),
    Line(_("New call"), "/calls/new/", "phone", "call"),
    Line(_("Log an interaction"), "/log/", "phone", "interaction", "KeyL,F9", "", "sheet"),
)


def menu_for(request: HttpRequest) -> list[MenuItem]:
    """The lines of the main menu that this user may open."""
    return list(with_pins(request, list(_lines(request, MENU, "view"))))


def with_pins(request: HttpRequest, lines: list[MenuItem]) -> Iterator[MenuItem]:
    """The lines with the views that the person pinned under the lists they belong to."""
    lists = {entity.url(): entity for entity in entities()}
    user, own = asker(request), {line.url: lists.get(line.url.partition("?")[0]) for line in lines}
    pins = pinned_keys(user, [entity.code for entity in own.values() if entity])
    for line in lines:
        entity = own[line.url]
        views = pinned_views(entity, user, pins[entity.code]) if entity and entity.code in pins else []
        yield replace(line, children=[_pin(request, entity, view) for view in views if entity])


def _pin(request: HttpRequest, entity: Entity, view: View) -> MenuItem:
    url = list_url(entity, ListState(saved=view.key))
    is_here = request.path == entity.url() and request.GET.get("saved") == view.key
    return MenuItem(view.name, url, active=is_here)


def create_for(request: HttpRequest) -> list[MenuItem]:
    """What this user may create from anywhere; on a record's page its context goes along."""
    given = context_of(request)
    return [replace(item, url=f"{item.url}?{given}") if given else item for item in _lines(request, CREATE, "create")]


def context_of(request: HttpRequest) -> str:
    """The record on whose page one stands, as parameters for new records about it."""
    match = request.resolver_match
    pk = match.kwargs.get("pk") if match else None
    if not pk or match is None:
        return ""
    entity = next((each for each in entities() if request.path.startswith(f"/{each.plural_url}/")), None)
    if entity is None or entity.code not in ABOUT:
        return ""
    return urlencode({"party": pk} if entity.code == "party" else {"about": f"{entity.code}:{pk}"})


def section_of(request: HttpRequest) -> str:
    """The page under which the type stands whose records are open: /settings/ for roles, stages, added fields."""
    here = request.path.split("/")[1]
    opened = next((each for each in entities() if each.plural_url == here), None)
    if opened is None:
        return ""
    beside = [opened.fields.get(name) for name in opened.stands_with]
    leading = [entity_of(field.model) for field in beside if isinstance(field, ReferenceField)]
    for entity in filter(None, (opened, *leading)):
        if entity.menu:
            return f"/{entity.menu.partition('/')[0]}/"
    return "/settings/" if any(opened.code in page.covers for page in all_pages()) else ""


def line_above(request: HttpRequest) -> tuple[str, str] | None:
    """The line of the menu under which the page stands, where the line itself is another page."""
    section = section_of(request)
    line = next((line for line in MENU if line.url.partition("?")[0] == section), None)
    return None if line is None or request.path.startswith(section) else (str(line.label), line.url)


def _lines(request: HttpRequest, lines: tuple[Line, ...], verb: str) -> Iterator[MenuItem]:
    rights, section = rights_of(asker(request)), section_of(request)
    for line in lines:
        path = line.url.partition("?")[0]
        wanted = line.verb or verb
        seen = not line.entity or rights.reach(line.entity) != Reach.NONE
        if seen and (wanted == "view" or rights.may(line.entity, wanted)):
            active = request.path == path if path == "/" else request.path.startswith(path) or path == section
            yield MenuItem(str(line.label), line.url, line.icon, active, line.key, opens=line.opens)
