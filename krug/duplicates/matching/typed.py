"""Judges records against one that somebody is still typing, by the traits and weights of the search through a base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from krug.access.models import User
from krug.duplicates.matching.records import in_words, profiles_of, reasons_of, traits_of
from krug.kernel.sight import seen_by
from krug.language.company_names import company_key
from krug.language.matching.comparing import Kind, Profile, told
from krug.language.matching.weighing import Judge
from krug.language.readings import normalise

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

# Bits of evidence: a name that is almost the same, and nothing that speaks against it.
ENOUGH = 3.5
Said = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class LookAlike:
    """A record that may be the one being typed: how much speaks for it, and why in words."""

    id: int
    weight: float
    reasons: list[str]


def look_alikes(entity: Entity, said: Said, near: Iterable[int], user: User) -> list[LookAlike]:
    """Of the records that an index brought near, those that look like what was said, the surest first.

    What was said stands under the names of the traits, the name itself under an empty one. Only what the user sees
    is compared, and only by what is open to him.
    """
    with seen_by(user):
        traits = traits_of(entity)
        typed = Profile(0, tuple(_values(said.get(trait.name, ()), trait.kind) for trait in traits))
        ids = entity.rows_for(user).filter(pk__in=set(near), is_archived=False).values_list("pk", flat=True)
        judge, found = Judge(traits), []
        for known in profiles_of(entity, list(ids), traits):
            weight = judge.weight(judge.levels(typed, _as_begun(typed, known)))
            if weight >= ENOUGH:
                words = in_words(entity, reasons_of(traits, judge.levels(typed, known)))
                found.append(LookAlike(known.id, weight, words))
    return sorted(found, key=lambda one: (-one.weight, one.id))


def _values(texts: Iterable[str], kind: Kind) -> tuple[str, ...]:
    return tuple(filter(None, (told(text, kind) for text in texts)))


def _as_begun(typed: Profile, known: Profile) -> Profile:
    """A name that goes on as it was begun counts as the same: it is still being typed."""
    begun = tuple(filter(None, (normalise(company_key(text)) for text in typed.values[0])))
    goes_on = bool(begun) and any(normalise(company_key(name)).startswith(begun) for name in known.values[0])
    return Profile(known.id, (typed.values[0], *known.values[1:])) if goes_on else known
