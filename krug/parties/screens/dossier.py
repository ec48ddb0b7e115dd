"""The dossier of a party: everything about one customer on one page with one scroll."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krug.access.models import User
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.moment import looking_back
from krug.kernel.registry import get_entity
from krug.kernel.screens.door import asker
from krug.kernel.screens.page import Page, record_page, render_page
from krug.kernel.screens.related import foreign_links, related_panels
from krug.kernel.sight import veiled_facts
from krug.kernel.ui import formats
from krug.kernel.ui.names import full_name, short_name
from krug.language.calendar_words import speech
from krug.language.company_names import legal_form_in
from krug.parties.belongings import Belongings, Person, Point, Relative, belongings_of
from krug.parties.models import Address, Consent, ContactPosition, Party, PartyRelation, Requisites
from krug.parties.rules.phones import LOCAL_NUMBERS, dialled
from krug.parties.zones import local_time

KEYS = 9
IN_HEAD = 2
CALLED = ("phone", "fax")


@dataclass(frozen=True)
class Reach:
    """One way to reach somebody, ready to be shown and pressed."""

    text: str
    href: str
    icon: str
    note: str = ""
    edit_url: str = ""


@dataclass(frozen=True)
class PersonLine:
    """A person of the party as the dossier shows him."""

    name: str
    full_name: str
    url: str
    position: str
    role: str
    priority: int
    birthday: str
    has_left: bool
    reaches: tuple[Reach, ...]


@require_safe
def party_dossier(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The page of a party with requisites, people, timeline and what other departments know of it."""
    user = asker(request)
    party = get_visible(entity, user, pk)
    page = record_page(entity, party, user)
    known = as_seen(belongings_of(party.pk))
    today, language = timezone.localdate(), speech()
    page.add("requisites", requisites_panel(party, known, today), before="summary")
    page.add("people", people_panel(party, known, language), before="summary")
    page.add("reaches", reaches_panel(party, known, language), before="summary")
    page.add("relations", relations_panel(entity, known, user), before="summary")
    page.give("summary", groups=filled(page))
    foreign = related_panels(entity, party, user, foreign_links(entity))
    page.add("related", {"panels": foreign}, template="kernel/_related.html", is_aside=True)
    page.add("dossier_head", head_of(party, known, page, timezone.now()), is_aside=False)
    return render_page(request, page, "parties/dossier.html")


def as_seen(known: Belongings) -> Belongings:
    """What belongs to the party, without what is closed to the reader; what is covered can not be pressed."""
    point, person = get_entity("contact-point"), get_entity("contact")

    def reach(one: Point) -> Point:
        seen = veiled_facts(point, one)
        return replace(seen, is_valid=seen.is_valid and seen.normalised == one.normalised)

    people = (replace(veiled_facts(person, one), points=tuple(map(reach, one.points))) for one in known.people)
    accounts = (veiled_facts(get_entity("bank-account"), one) for one in known.accounts)
    return replace(
        known,
        points=tuple(map(reach, known.points)),
        people=tuple(people),
        accounts=tuple(accounts),
    )


def head_of(party: Party, known: Belongings, page: Page, now: datetime) -> dict[str, Any]:
    """What stands beside the name: kind, legal form, roles, state, owner, the customer's clock, and the index."""
    there = local_time(party.timezone, now)
    form = next((form for form in map(legal_form_in, _names(party, known)) if form), "")
    return {
        "kind": party.get_kind_display(),
        "legal_form": form,
        "roles": [str(Party.Role(role).label) for role in party.roles],
        "state": party.get_state_display(),
        "tone": STATE_TONES.get(party.state, "neutral"),
        "owner": short_name(party.owner.surname, party.owner.given_name, party.owner.patronymic) if party.owner else "",
        "clock": formats.clock(there.at) if there else "",
        "clock_note": ""
        if not there or not there.is_late
        else _("early there")
        if there.at.hour < 12
        else _("late there"),
        "index": index_of(page),
    }


STATE_TONES = {"checked": "accent", "verified": "success", "outdated": "warning", "liquidated": "danger"}


def index_of(page: Page) -> list[tuple[int, str, str]]:
    """The sections of the page under the keys 1 to 9."""
    named = {
        "requisites": _("Requisites"),
        "people": _("Persons"),
        "timeline": _("Timeline"),
        "relations": _("Relations"),
    }
    anchors = {"timeline": "timeline-panel", "requisites": "requisites", "people": "people", "relations": "relations"}
    places = [panel.name for panel in page.panels]
    found = [(named[name], anchors[name]) for name in ("requisites", "people", "timeline") if name in places]
    for panel in page.panels:
        if panel.name == "related":
            found += [(one.title, one.id) for one in panel.context["panels"] if one.rows]
    found.append((named["relations"], anchors["relations"]))
    return [(number, str(title), anchor) for number, (title, anchor) in enumerate(found[:KEYS], start=1)]


def requisites_panel(party: Party, known: Belongings, today: date) -> dict[str, Any]:
    """The requisites in force today, whether they were checked and confirmed, and what was in force before."""
    in_force = next((one for one in known.versions if one.is_in_force(today)), None)
    seen = {one.id: veiled_facts(get_entity("requisites"), one) for one in known.versions}
    now = seen[in_force.id] if in_force else None
    return {
        "party": party,
        "now": now,
        "director": ", ".join(filter(None, (now.director_name, now.director_position))) if now else "",
        "tax_regime": Requisites.TaxRegime(now.tax_regime).label if now and now.tax_regime else "",
        "others": [one for one in seen.values() if one is not now],
        "accounts": known.accounts,
        "is_checked": party.state in ("checked", "verified", "outdated"),
        "verified_on": party.verified_on,
        "source": party.verified_source,
        "is_outdated": party.state == "outdated",
        "new_url": _new("requisites", party),
        "new_account_url": _new("bank-accounts", party),
    }


def people_panel(party: Party, known: Belongings, language: str) -> dict[str, Any]:
    """The persons by priority, those who left at the end."""
    return {
        "people": [person_line(one, language, f"/parties/{party.pk}/") for one in known.people],
        "add_url": "" if looking_back() else f"/parties/{party.pk}/add-person/",
        "count": sum(one.is_current for one in known.people),
    }


def person_line(person: Person, language: str, back: str) -> PersonLine:
    """One person with phones that can be pressed."""
    return PersonLine(
        name=short_name(person.surname, person.given_name, person.patronymic, language),
        full_name=full_name(person.surname, person.given_name, person.patronymic, language),
        url=f"/contacts/{person.id}/",
        position=person.position,
        role="" if person.role == "other" else str(ContactPosition.Role(person.role).label),
        priority=person.priority,
        birthday=formats.date(person.birthday, language),
        has_left=not person.is_current,
        reaches=tuple(reach_of(point, language, back) for point in person.points),
    )


def reach_of(point: Point, language: str, back: str) -> Reach:
    """A phone that dials, a letter that opens, a page that leads there; wrong ones are words only."""
    edit_url = "" if looking_back() else f"/contact-points/{point.id}/edit/?next={back}"
    icons = {"phone": "phone", "email": "mail", "messenger": "message", "site": "external", "fax": "print"}
    icon = icons.get(point.type, "phone")
    note = _("do not contact") if point.do_not_contact else "" if point.is_valid else wrong_with(point)
    usable = point.is_valid and not point.do_not_contact
    if point.type in CALLED:
        shown = formats.phone(point.normalised, point.extension, language) if point.is_valid else point.raw
        return Reach(shown, dialled(point.normalised, point.extension) if usable else "", icon, note, edit_url)
    if point.type == "email":
        return Reach(point.normalised, f"mailto:{point.normalised}" if usable else "", icon, note, edit_url)
    is_page = point.type == "site" and point.normalised.startswith(("http://", "https://"))
    return Reach(point.raw, point.normalised if usable and is_page else "", icon, note, edit_url)


def wrong_with(point: Point) -> str:
    """Why the number can not be called: nobody wrote the code of its city, or it does not work."""
    is_local = point.type in CALLED and sum(map(str.isdecimal, point.raw)) in LOCAL_NUMBERS
    return _("no city code") if is_local else _("does not work")


def reaches_panel(party: Party, known: Belongings, language: str) -> dict[str, Any]:
    """Phones and addresses of the organisation itself."""
    return {
        "reaches": [reach_of(point, language, f"/parties/{party.pk}/") for point in known.points],
        "places": [(str(Address.Kind(one.kind).label), one) for one in known.places],
        "new_point_url": _new("contact-points", party),
        "new_place_url": _new("addresses", party),
        "refused": [
            (f"/consents/{one.id}/", str(Consent.Channel(one.channel).label), one.said_at, one.source)
            for one in known.refused
        ],
        "new_consent_url": _new("consents", party),
    }


def relations_panel(entity: Entity, known: Belongings, user: User) -> dict[str, Any]:
    """Other parties around this one, of which only those are named that the reader may open."""
    ids = {one.id for one in known.relatives}
    open_ids = set(entity.rows_for(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    lines = [(wording(one), one.name, entity.url(one.id)) for one in known.relatives if one.id in open_ids]
    return {"lines": lines, "hidden": len(known.relatives) - len(lines)}


def wording(relative: Relative) -> str:
    """How this party stands to the other, said from this side."""
    if relative.kind == "head":
        return _("head organisation") if relative.way == "out" else _("branch or subsidiary")
    if relative.way == "out":
        return str(PartyRelation.Kind(relative.kind).label)
    return {
        "group": _("of one group with"),
        "parent": _("belongs to"),
        "dealer_of": _("has the dealer"),
    }[relative.kind]


def filled(page: Page) -> list[tuple[str, list[Any]]]:
    """What is known beside the head: only the fields that hold something."""
    summary = next(panel for panel in page.panels if panel.name == "summary")
    groups = summary.context["groups"][IN_HEAD:]
    known = [(title, [(label, cell) for label, cell in pairs if cell.text]) for title, pairs in groups]
    return [(title, pairs) for title, pairs in known if pairs]


def _new(kind: str, party: Party) -> str:
    return "" if looking_back() else f"/{kind}/new/?party={party.pk}&next=/parties/{party.pk}/"


def _names(party: Party, known: Belongings) -> list[str]:
    return [party.display_name, *(one.short_name for one in known.versions[:1])]
