"""Keeps for each record what brings it together with others: made in bulk, dropped by what changes the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from zlib import crc32

from django.db.models import Exists, OuterRef

from krug.duplicates.matching.records import CHUNK, may_be_duplicates, paths_of, profiles_of, traits_of
from krug.duplicates.merging.uniting import mergeable
from krug.duplicates.models import DuplicateKeys
from krug.kernel.copying import copy_rows
from krug.kernel.journal.events import Event
from krug.kernel.journal.recording import mentions
from krug.kernel.registry import entities
from krug.language.matching.comparing import Profile, Trait, keys_of

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

RULES = 1
COLUMNS = ("entity", "record_id", "signature", "keys")
Tell = Callable[[int, int], None]


def searched(entity: Entity) -> bool:
    """Whether duplicates of the type are looked for at all."""
    return mergeable(entity) and may_be_duplicates(entity)


def live_rows(entity: Entity) -> Any:
    """The records among which duplicates are looked for."""
    return entity.model._default_manager.filter(is_archived=False)


def keep_keys(entity: Entity, *, tell: Tell = lambda done, total: None) -> int:
    """Make the keys that are missing and drop those of records that are gone; answers how many were made."""
    traits = traits_of(entity)
    signature = _signature(traits)
    kept = DuplicateKeys.objects.filter(entity=entity.code)
    kept.exclude(signature=signature).delete()
    kept.filter(~Exists(live_rows(entity).filter(pk=OuterRef("record_id")))).delete()
    missing = live_rows(entity).filter(~Exists(kept.filter(record_id=OuterRef("pk")))).order_by("pk")
    total, made, last = missing.count(), 0, 0
    while ids := list(missing.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        write_keys(entity.code, profiles_of(entity, ids, traits), traits)
        made, last = made + len(ids), ids[-1]
        tell(made, max(total, made))
    return made


def write_keys(code: str, profiles: Iterable[Profile], traits: Sequence[Trait]) -> None:
    """Keep the keys of these records, of which none are kept yet."""
    signature = _signature(traits)
    copy_rows(DuplicateKeys, COLUMNS, ((code, each.id, signature, short_keys(each, traits)) for each in profiles))


def short_keys(profile: Profile, traits: Sequence[Trait]) -> list[int]:
    """The keys of a record as numbers; those of words with a letter lost, which say less, are odd."""
    found = {
        _short(trait.name, key): None
        for trait, values in zip(traits, profile.values, strict=True)
        for key in keys_of(values, trait.kind)
    }
    return list(found)


def forget_keys(event: Event) -> None:
    """Drop the keys of the records whose name, number or other telling value the event may have changed."""
    changed = frozenset(getattr(event, "fields", ()))
    kinds = frozenset(type(record) for record in event.records)
    for entity in _concerned(changed, kinds):
        ids = [link.id for link in mentions(event) if link.entity == entity.code]
        if ids:
            DuplicateKeys.objects.filter(entity=entity.code, record_id__in=ids).delete()


@lru_cache(maxsize=2_000)
def _concerned(changed: frozenset[str], kinds: frozenset[type]) -> list[Entity]:
    found = []
    for entity in filter(searched, entities()):
        own, beside = _told_in(entity)
        if kinds & beside or (entity.model in kinds and (not changed or changed & own)):
            found.append(entity)
    return found


def _told_in(entity: Entity) -> tuple[set[str], set[type]]:
    """The fields of the type itself that tell its records apart, and the types of the records beside that do."""
    own: set[str] = {"is_archived"}
    beside: set[type] = set()
    for path in (path for trait in traits_of(entity) for path in paths_of(entity, trait)):
        first, _dots, rest = path.partition("__")
        own.add(first)
        field = entity.model._meta.get_field(first)
        if rest and field.related_model:
            beside.add(field.related_model)
    return own, beside


def _signature(traits: Sequence[Trait]) -> int:
    """Changes when other things tell records apart than before."""
    return crc32(repr([RULES, *((trait.name, trait.kind) for trait in traits)]).encode())


def _short(name: str, key: str) -> int:
    number = int.from_bytes(blake2b(f"{name}\0{key}".encode(), digest_size=8).digest(), signed=True)
    return number | 1 if key.startswith("~") else number & ~1
