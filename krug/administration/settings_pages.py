"""Which settings there are: pages that a domain names, and the types of records that stand in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.access.models import Reach, User
from krug.access.rights import Rights
from krug.kernel.entity import Entity
from krug.kernel.fields.related import pointing_at
from krug.kernel.journal.differences import sentence
from krug.kernel.registry import entities
from krug.kernel.visibility import rights_of

MENU = "settings"
DICTIONARIES = "dictionaries"
GROUPS: dict[str, Any] = {
    "company": gettext_lazy("Company"),
    "people": gettext_lazy("People and roles"),
    "objects": gettext_lazy("Objects and fields"),
    "pipelines": gettext_lazy("Pipelines and stages"),
    "products": gettext_lazy("Products and prices"),
    "telephony": gettext_lazy("Telephony and mail"),
    DICTIONARIES: gettext_lazy("Dictionaries"),
    "exchange": gettext_lazy("Import and export"),
    "journal": gettext_lazy("Journal"),
}


@dataclass(frozen=True, kw_only=True)
class SettingsPage:
    """One page of the settings: what it is called, whose right opens it, what it changes, and whose past is its past.

    `covers` are the codes of the types whose journal tells who changed it last; `words` help to find it.
    """

    title: Any
    url: str
    group: str
    icon: str = "settings"
    right: tuple[str, str]
    says: Any = ""
    covers: tuple[str, ...] = ()
    words: Any = ""

    def is_open_to(self, rights: Rights) -> bool:
        """Whether these rights open the page."""
        code, verb = self.right
        return rights.may(code, verb) if verb else rights.reach(code) != Reach.NONE


_named: list[SettingsPage] = []


def name_settings(*pages: SettingsPage) -> None:
    """Put pages among the settings; each address once."""
    known = {page.url for page in _named}
    _named.extend(page for page in pages if page.url not in known)


def all_pages() -> Iterator[SettingsPage]:
    """Every settings page: those named, then one for each type that stands in the settings."""
    yield from _named
    named = {page.url for page in _named}
    for entity in entities():
        place, _slash, group = entity.menu.partition("/")
        if place == MENU and entity.url() not in named:
            yield SettingsPage(
                title=entity.plural,
                url=entity.url(),
                group=group or DICTIONARIES,
                icon=entity.icon,
                right=(entity.code, ""),
                covers=(entity.code,),
            )


def open_pages(user: User) -> list[SettingsPage]:
    """The settings that this person may open, in the order of their groups."""
    rights, order = rights_of(user), list(GROUPS)
    found = [page for page in all_pages() if page.is_open_to(rights)]
    return sorted(found, key=lambda page: order.index(page.group))


def page_at(path: str) -> SettingsPage | None:
    """The settings page to which an address belongs."""
    inside = [page for page in all_pages() if path.startswith(page.url)]
    return max(inside, key=lambda page: len(page.url), default=None)


def what_it_changes(page: SettingsPage) -> str:
    """What a page changes: its own words, or for a list of values the fields where they are chosen."""
    if page.says:
        return str(page.says)
    entity = next((each for each in entities() if each.url() == page.url), None)
    places = sorted(set(_chosen_in(entity))) if entity else []
    if not places:
        return ""
    return _("Chosen in: %(places)s.") % {"places": ", ".join(places[:8])}


def _chosen_in(entity: Entity) -> Iterator[str]:
    for other, field in pointing_at(entity):
        yield f"{other.plural} ({sentence(field.label).lower()})"
