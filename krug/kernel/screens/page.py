"""The page of a record as a list of panels, so that a domain may add one of its own and leave the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from markupsafe import Markup

from krug.kernel.fields import Cell
from krug.kernel.fields.build import SHOWN_BY_ALL
from krug.kernel.journal.timeline import Wanted, timeline_of
from krug.kernel.listing.concealing import rows_told
from krug.kernel.moment import looking_back
from krug.kernel.screens.as_of import moment_context
from krug.kernel.screens.controls import sentence
from krug.kernel.screens.door import asker
from krug.kernel.screens.history import history_of
from krug.kernel.screens.offers import Link, links_at
from krug.kernel.screens.related import related_panels
from krug.kernel.screens.seen import look
from krug.kernel.screens.timeline import timeline_context
from krug.kernel.screens.verb import Act, acts_on
from krug.kernel.screens.walk import neighbours
from krug.kernel.ui.environment import pages
from krug.kernel.ui.frame import frame_of
from krug.kernel.ui.pages import page_context, render
from krug.kernel.visibility import may
from krug.language.calendar_words import speech

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity

ASIDE = {"related"}
Contribution = Callable[[Any, "User"], "Mapping[str, Any] | None"]
_panels: dict[str, tuple[str, Contribution]] = {}
_contributed: dict[str, dict[str, None]] = {}


def contribute(name: str, template: str, function: Contribution, *, to: tuple[Entity, ...]) -> None:
    """A domain puts a panel on the pages of types below it, which need not know; a type above names it in `page`."""
    _panels[name] = (template, function)
    for entity in to:
        _contributed.setdefault(entity.code, {})[name] = None


@dataclass(frozen=True)
class Panel:
    """One part of the page: a template and what it shows."""

    name: str
    template: str
    context: Mapping[str, Any]
    is_aside: bool = False


@dataclass
class Page:
    """A record with its panels and its verbs."""

    entity: Entity
    record: Any
    user: User
    title: str
    panels: list[Panel] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    status: str = ""

    @property
    def may_change(self) -> bool:
        """Whether the form of the record stands open to this person."""
        return bool(self.entity.editable) and not self.status and may(self.user, self.entity.code, "change")

    @property
    def links(self) -> list[Link]:
        """What higher rungs offer to do with the record."""
        return links_at("record", self)

    @property
    def may_archive(self) -> bool:
        """Whether this person may put the record away or bring it back."""
        return hasattr(self.record, "is_archived") and may(self.user, self.entity.code, "archive")

    def add(
        self,
        name: str,
        context: Mapping[str, Any],
        *,
        before: str = "",
        template: str = "",
        is_aside: bool | None = None,
    ) -> None:
        """Put one panel more on the page; its template is `<domain>/_<name>.html` unless another is named."""
        places = [panel.name for panel in self.panels]
        at = places.index(before) if before in places else len(places)
        if is_aside is None:
            is_aside = self.panels[at].is_aside if at < len(places) else False
        domain = self.entity.model._meta.app_label
        self.panels.insert(at, Panel(name, template or f"{domain}/_{name}.html", context, is_aside))

    def drop(self, name: str) -> None:
        """Leave a panel out."""
        self.panels = [panel for panel in self.panels if panel.name != name]

    def give(self, name: str, **context: Any) -> None:
        """Tell one panel more than it knows."""
        self.panels = [
            replace(panel, context={**panel.context, **context}) if panel.name == name else panel
            for panel in self.panels
        ]


def record_page(entity: Entity, record: Any, user: User) -> Page:
    """The usual page of a record: the panels that its declaration names, and the verbs that stand open."""
    made = Page(entity, record, user, title=entity.name_of(record), acts=acts_on(entity, record, user))
    if getattr(record, "is_archived", False):
        made.status = _("In the archive")
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "summary": lambda: {"groups": summary_of(entity, record, user)},
        "related": lambda: {"panels": related_panels(entity, record, user)},
        "timeline": dict,
        "history": lambda: {"history": history_of(entity, record, user), "record_url": entity.url(record.pk)},
    }
    for name in (*_contributed.get(entity.code, ()), *entity.page):
        if name in _panels:
            template, function = _panels[name]
            told = function(record, user)
            if told is not None:
                made.panels.append(Panel(name, template, told, is_aside=True))
        elif name in makers:
            made.panels.append(Panel(name, f"kernel/_{name}.html", makers[name](), name in ASIDE))
    return made


def summary_of(entity: Entity, record: Any, user: User) -> list[tuple[str, list[tuple[str, Cell]]]]:
    """The fields of the record in their sections, with what only verbs may change in front; read in one query."""
    language = speech()
    fields = entity.fields
    row = values_of(entity, record, user)
    placed = {name for section in entity.sections for name in section.fields}
    state = [name for name in fields if name not in placed and name not in SHOWN_BY_ALL]
    groups = [("", state), *((str(section.title), list(section.fields)) for section in entity.sections)]
    told = [
        (title, [(sentence(fields[name].label), fields[name].cell(row, language)) for name in names if name in fields])
        for title, names in groups
    ]
    told[0] = ("", [(label, cell) for label, cell in told[0][1] if cell.text])
    return [(title, facts) for title, facts in told if facts]


def values_of(entity: Entity, record: Any, user: User) -> dict[str, Any]:
    """The record as one row with the titles of what it points to."""
    fields = [item for name, item in entity.fields.items() if name not in SHOWN_BY_ALL]
    found = rows_told(entity.rows_for(user).filter(pk=record.pk), entity, fields, user, also=("pk",), most=1)
    return found[0] if found else {"pk": record.pk}


def render_page(request: HttpRequest, page: Page, template: str = "kernel/record.html") -> HttpResponse:
    """The whole page, or the drawer when a list only peeks at it; opening it is noted for the recent list."""
    target = request.headers.get("HX-Target")
    if target == "timeline":
        return render(request, "kernel/timeline_more.html", {**told(request, page, None, 30), "is_more": True})
    is_drawer = target == "drawer"
    since = look(page.user, page.entity, page.record.pk) if request.method == "GET" and looking_back() is None else None
    if any(panel.name == "timeline" for panel in page.panels):
        page.give("timeline", **told(request, page, since, 8 if is_drawer else 30))
    parts = printed(request, page)
    context = {
        "entity": page.entity,
        "record": page.record,
        "page": page,
        "record_url": page.entity.url(page.record.pk),
        "main": [(panel.name, text) for panel, text in parts if not panel.is_aside],
        "aside": [(panel.name, text) for panel, text in parts if panel.is_aside],
        "walk": neighbours(request, page.entity, page.record.pk),
        **moment_context(request),
    }
    return render(request, "kernel/drawer.html" if is_drawer else template, context)


def told(request: HttpRequest, page: Page, since: datetime | None, limit: int) -> dict[str, Any]:
    """The timeline as the address asks for it."""
    wanted = Wanted.read(request.GET)
    story = timeline_of(page.entity, page.record, page.user, wanted=wanted, since=since, limit=limit)
    return timeline_context(request, page.entity, page.record, story, wanted)


def printed(request: HttpRequest, page: Page) -> list[tuple[Panel, Markup]]:
    """The panels as text; those with nothing to say are left out."""
    shared = page_context(request, {}, frame_of(request, menus=False, toasts=False))
    shared |= {"entity": page.entity, "record": page.record}
    texts = [
        (panel, Markup(pages().get_template(panel.template).render({**shared, **panel.context})))
        for panel in page.panels
    ]
    return [(panel, text) for panel, text in texts if text.strip()]


def open_page(request: HttpRequest, entity: Entity, record: Any) -> HttpResponse:
    """The usual page of a record, at once."""
    return render_page(request, record_page(entity, record, asker(request)))
