"""What the records of a type say of themselves, by what their declaration already tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from krug.kernel.fields import title_names
from krug.kernel.journal.differences import sentence
from krug.kernel.listing.state import column_at
from krug.kernel.search.indexing import is_named
from krug.language.matching.comparing import TOP, Kind, Profile, Trait, told
from krug.language.matching.weighing import Levels

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

CHUNK = 5_000
MOST_VALUES = 12
REASONS = 4


def may_be_duplicates(entity: Entity) -> bool:
    """Whether records of the type have a name by which they can be told apart."""
    return is_named(entity) or bool(entity.alike)


def traits_of(entity: Entity) -> tuple[Trait, ...]:
    """The name, what the type names in `alike`, and where it names nothing its numbers."""
    found = {"": Trait("", "name", str(_("name")))}
    for path, said in entity.alike.items():
        kind, label = said if isinstance(said, tuple) else (said, "")
        found[path] = Trait(path, kind, str(label) or _label(entity, path))
    for path in () if entity.alike else entity.search_digits:
        found[path] = Trait(path, "digits", _label(entity, path))
    return tuple(found.values())


def paths_of(entity: Entity, trait: Trait) -> tuple[str, ...]:
    """The columns in which a trait stands; the name stands in several, such as the short legal one."""
    if trait.name:
        return (trait.name,)
    others = [path for path, weight in entity.search.items() if weight in ("A", "B") and not _leaves(entity, path)]
    return tuple(dict.fromkeys([*title_names(entity.model), *others]))


def profiles_of(entity: Entity, ids: Sequence[int], traits: Sequence[Trait]) -> list[Profile]:
    """The records of these numbers as they are compared, one query for each column and five thousand records."""
    found: list[Profile] = []
    for start in range(0, len(ids), CHUNK):
        chunk = list(ids[start : start + CHUNK])
        said: dict[int, list[dict[str, None]]] = {pk: [{} for _trait in traits] for pk in chunk}
        for number, trait in enumerate(traits):
            for path in paths_of(entity, trait):
                for pk, value in entity.model._base_manager.filter(pk__in=chunk).values_list("pk", path):
                    text = told(str(value), trait.kind) if value not in (None, "") else ""
                    if text and len(said[pk][number]) < MOST_VALUES:
                        said[pk][number][text] = None
        found += [Profile(pk, tuple(tuple(values) for values in said[pk])) for pk in chunk]
    return found


def reasons_of(traits: Sequence[Trait], levels: Levels) -> list[list[Any]]:
    """What spoke for and against, as it is kept: the trait and how far it agreed."""
    return [[trait.name, step] for trait, step in zip(traits, levels, strict=True) if step is not None]


def is_told_whole(entity: Entity, reasons: Sequence[Sequence[Any]]) -> bool:
    """Whether all that spoke for and against is open to whoever looks; else even how sure a pair is would tell."""
    open_ones = {trait.name for trait in traits_of(entity)}
    return all(name in open_ones for name, _step in reasons)


def in_words(entity: Entity, reasons: Sequence[Sequence[Any]]) -> list[str]:
    """Why two records may be one, the strongest first, and what speaks against it last."""
    traits = {trait.name: trait for trait in traits_of(entity)}
    known = [(traits[name], int(step)) for name, step in reasons if name in traits]
    ranked = sorted(known, key=lambda pair: -pair[1] / TOP[pair[0].kind])
    words = [_said(trait.kind, step) % {"what": sentence(trait.label)} for trait, step in ranked]
    return words[:REASONS]


def _said(kind: Kind, step: int) -> str:
    share = step / TOP[kind]
    if share >= 1:
        return _("%(what)s: the same")
    if kind in ("digits", "code"):
        return _("%(what)s: one character differs") if step else _("%(what)s: different")
    if kind == "date":
        return _("%(what)s: almost the same") if step else _("%(what)s: different")
    if share >= 0.8:
        return _("%(what)s: almost the same")
    return _("%(what)s: similar") if share >= 0.5 else _("%(what)s: different")


def _leaves(entity: Entity, path: str) -> bool:
    """Whether a path leads to records of another kind, whose name is not the record's own."""
    first = path.partition("__")[0]
    return any(field.name == first and field.is_relation for field in entity.model._meta.concrete_fields)


def _label(entity: Entity, path: str) -> str:
    return str(getattr(column_at(entity.model, path), "verbose_name", path))
