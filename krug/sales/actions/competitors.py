"""Competitors as they are met: one who is not on the list yet is put on it by whoever lost a deal to him."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.errors import No, Refusal
from krug.kernel.registry import get_entity
from krug.kernel.visibility import may
from krug.language.company_names import company_key
from krug.parties.actions.relations import give_role
from krug.parties.models import Party
from krug.sales.models import Competitor


def competitor_named(chosen: Competitor | None, name: str, *, by: User) -> Competitor | None:
    """The competitor chosen from the list, or the one of the typed name, who is put on the list if need be."""
    name = " ".join(name.split())
    if chosen is None and name:
        return competitor_called(name, by=by)
    if chosen is not None and name and name.casefold() != chosen.name.casefold():
        said = _("Choose a competitor from the list or type a new one, not both.")
        raise Refusal(said, field="new_competitor", code="TWO_COMPETITORS")
    return chosen


@transaction.atomic
def competitor_called(name: str, *, by: User) -> Competitor:
    """The competitor of that name; a new one is tied to its card, if just one of that name is open to the asker."""
    known = _known(name, by=by)
    if known is not None:
        return known
    cards = get_entity("party").rows_for(by).filter(name_key=company_key(name), is_archived=False)[:2]
    card = cards[0] if len(cards) == 1 else None
    try:
        with transaction.atomic():
            made: Competitor = writing.create(get_entity("competitor"), {"name": name, "party": card}, by=by)
    except (No, IntegrityError):  # somebody else put the same name on the list at the same moment
        if known := _known(name, by=by):
            return known
        raise
    role = Party.Role.COMPETITOR
    if card is not None and may(by, "party", "add-role") and not card.role_rows.filter(role=role).exists():
        give_role(party=card, role=role, by=by)
    return made


def _known(name: str, *, by: User) -> Competitor | None:
    """The one of that name; whoever was put away and is met again stands on the list again."""
    known = Competitor.objects.filter(name__iexact=name).first()
    return known and writing.restore(get_entity("competitor"), known, by=by)
