"""Whom a search result lets one call: the first phones of a customer, or of a person, that work and may be called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.registry import get_entity
from krug.kernel.search.finding import Hit
from krug.kernel.sight import is_open
from krug.kernel.ui import formats
from krug.parties.models import ContactPoint
from krug.parties.rules.phones import dialled

CALLS = 2
PHONE = ContactPoint.Type.PHONE
Deed = tuple[str, str]


def calls_to(hits: Iterable[Hit], user: User) -> Mapping[tuple[str, int], list[Deed]]:
    """“Call the number +7 …” for each party and person found: a party's own phone first, then its people's."""
    wanted = [(hit.entity, hit.id) for hit in hits if hit.entity in ("party", "contact")]
    point = get_entity("contact-point")
    if not wanted or not all(is_open(point, path, user) for path in ("normalised", "extension")):
        return {}
    parties = [pk for code, pk in wanted if code == "party"]
    held = get_entity("contact-position").rows_for(user).filter(party__in=parties, is_current=True, is_archived=False)
    people = list(held.order_by("priority", "pk").values_list("party_id", "contact_id")) if parties else []
    persons = {pk for code, pk in wanted if code == "contact"} | {person for _party, person in people}
    theirs = Q(party__in=parties) | Q(contact__in=persons)
    points = point.rows_for(user).usable().filter(theirs, type=PHONE).order_by("-is_main", "pk")
    said: dict[tuple[str, int], list[Deed]] = {}
    for party, person, number, more in points.values_list("party_id", "contact_id", "normalised", "extension"):
        said.setdefault(("party", party) if party else ("contact", person), []).append(_call(number, more))
    for party, person in people:
        said.setdefault(("party", party), []).extend(said.get(("contact", person), []))
    return {found: list(dict.fromkeys(said[found]))[:CALLS] for found in wanted if found in said}


def _call(number: str, extension: str) -> Deed:
    label = _("Call the number %(phone)s") % {"phone": formats.phone(number, extension)}
    return label, dialled(number, extension)
