"""What the grants of roles come to: how far somebody sees, what he may do, and with which groups of fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from krug.access.models import Level, Reach, every_field

ANY = "*"
Levels = Mapping[str, str]
Given = tuple[str, str, Iterable[str], Levels]


@dataclass(frozen=True)
class Rights:
    """The widest reach per entity type, the verbs and groups of fields allowed, over all roles of one user.

    `fields` holds what each grant says of groups, and whether it shows records at all; `sights` is kept by
    krug.kernel.sight for the time of the request; `whole` is what the owner of a token may without its scopes.
    """

    reaches: dict[str, Reach]
    verbs: dict[str, frozenset[str]]
    fields: dict[str, tuple[tuple[bool, Levels], ...]] = field(default_factory=dict)
    sights: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    whole: Rights | None = field(default=None, compare=False, repr=False)

    def reach(self, entity: str) -> Reach:
        """How far the user sees records of this type."""
        return max(self.reaches.get(entity, Reach.NONE), self.reaches.get(ANY, Reach.NONE), key=lambda r: r.rank)

    def may(self, entity: str, verb: str) -> bool:
        """Whether the user may do this to records that he sees."""
        return any(
            ANY in granted or verb in granted
            for granted in (self.verbs.get(entity, frozenset()), self.verbs.get(ANY, frozenset()))
        )

    def level(self, entity: str, group: str) -> Level:
        """What the user may do with one group of fields: the widest of what his roles say."""
        told = [Level(levels.get(group, levels.get(ANY, Level.HIDDEN))) for levels in self._told(entity)]
        return max(told, key=lambda each: each.rank, default=Level.EDIT)

    def bounds(self, entity: str) -> bool:
        """Whether any group of fields may stand less than wide open."""
        told = self._told(entity)
        return bool(told) and every_field() not in told

    def _told(self, entity: str) -> list[Levels]:
        """What the grants say that show the records; where none does, others decide who sees them, and all count."""
        given = [*self.fields.get(entity, ()), *self.fields.get(ANY, ())]
        return [levels for shows, levels in given if shows] or [levels for _shows, levels in given]

    def within(self, scopes: Iterable[str]) -> Rights:
        """These rights as far as scopes such as `deal:view` or `*:*` let them through, and no further."""
        reaches: dict[str, Reach] = {}
        verbs: dict[str, frozenset[str]] = {}
        for entity, _colon, verb in (scope.partition(":") for scope in scopes):
            for code in {*self.reaches, *self.verbs} if entity == ANY else {entity}:
                reaches[code] = self.reaches.get(code, Reach.NONE) if entity == ANY else self.reach(code)
                held = self.verbs.get(code, frozenset()) | (
                    frozenset() if entity == ANY else self.verbs.get(ANY, frozenset())
                )
                passed = held if verb == ANY else frozenset({verb}) if verb in held or ANY in held else frozenset()
                verbs[code] = verbs.get(code, frozenset()) | passed
        return Rights(reaches, verbs, self.fields, whole=self)

    def lacks_scope(self, entity: str, verb: str = "view") -> bool:
        """Whether it is the token that keeps its owner from this, and not his roles."""
        if self.whole is None:
            return False
        if verb == "view":
            return self.reach(entity) == Reach.NONE and self.whole.reach(entity) != Reach.NONE
        return not self.may(entity, verb) and self.whole.may(entity, verb)

    def cover(self, others: Rights) -> bool:
        """Whether nothing in the other rights goes beyond these."""
        return (
            all(self.reach(code).rank >= reach.rank for code, reach in others.reaches.items())
            and all(self.may(code, verb) for code, granted in others.verbs.items() for verb in granted)
            and all(
                self.level(code, group).rank >= others.level(code, group).rank
                for code, told in others.fields.items()
                for _shows, levels in (*told, *self.fields.get(code, ()))
                for group in {ANY, *levels}
            )
        )


def rights_in(grants: Iterable[Given]) -> Rights:
    """Rights as a set of grants would give them: the widest reach and all verbs of each type."""
    reaches: dict[str, Reach] = {}
    verbs: dict[str, frozenset[str]] = {}
    fields: dict[str, tuple[tuple[bool, Levels], ...]] = {}
    for entity, reach, granted, levels in grants:
        reaches[entity] = max(reaches.get(entity, Reach.NONE), Reach(reach), key=lambda each: each.rank)
        verbs[entity] = verbs.get(entity, frozenset()) | frozenset(granted)
        fields[entity] = (*fields.get(entity, ()), (reach != Reach.NONE, levels))
    return Rights(reaches, verbs, fields)
