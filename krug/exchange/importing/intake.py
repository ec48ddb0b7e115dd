"""What a domain tells of taking its records in: how they are recognised, what comes along, how many come at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import Sourced
from krug.kernel.errors import No
from krug.kernel.fields import TextField
from krug.kernel.fields.reference import title_names
from krug.kernel.registry import entity_of, get_entity
from krug.kernel.sight import closed_keys, is_open

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Field

Normal = Callable[[str], str]


def plain(text: str) -> str:
    """The usual comparison: case and outer spaces aside."""
    return " ".join(text.split()).casefold()


class SomeRefused(Exception):
    """Some of many are refused before anything is written: which of them, and why."""

    def __init__(self, refusals: Mapping[int, No]) -> None:
        super().__init__(", ".join(map(str, refusals.values())))
        self.refusals = refusals


@dataclass(frozen=True)
class Key:
    """A way to recognise a record: the cells that tell it, where it stands, and the form in which both are compared.

    Of several groups of `targets` the first that is filled counts; `lower` says that the column itself has case.
    """

    code: str
    label: Any
    targets: tuple[tuple[str, ...], ...]
    path: Any
    normal: Normal = plain
    lower: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A record that comes along in the same row, such as the phone of a customer: its type and its link."""

    code: str
    label: Any
    entity: str
    link: str
    fields: tuple[str, ...]
    given: Mapping[str, Any] = field(default_factory=dict)
    same: str = ""
    normal: Normal = plain
    check: Callable[[Mapping[str, Any]], str] | None = None
    looks: str = ""


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What an import may fill beyond the form of a type; `words` are heads under which other programs keep a
    target, `found_out` required fields that the type finds out by itself."""

    entity: str
    extra: tuple[Field, ...] = ()
    parts: tuple[Part, ...] = ()
    keys: tuple[Key, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    found_out: tuple[str, ...] = ()
    create_many: Callable[..., Sequence[Any]] | None = None
    from_text: Callable[..., Any] | None = None


_intakes: dict[str, Intake] = {}


def take_in(*told: Intake) -> None:
    """Put on the list how records of these types are taken in."""
    _intakes.update({one.entity: one for one in told})


def intake_of(entity: Entity) -> Intake:
    """How records of a type are taken in; a type that says nothing is taken in by its form alone."""
    return _intakes.get(entity.code) or Intake(entity=entity.code)


@dataclass(frozen=True)
class Target:
    """Where a column may go: a field of the type itself, or one of a part."""

    code: str
    label: Any
    field: Field
    part: Part | None = None
    words: tuple[str, ...] = ()

    @property
    def is_reference(self) -> bool:
        """Whether the cell names another record."""
        return self.field.kind == "reference"


def targets_of(entity: Entity) -> dict[str, Target]:
    """Everything that a column of a file may fill in records of a type."""
    told = intake_of(entity)
    found = {name: Target(name, entity.fields[name].label, entity.fields[name]) for name in entity.editable}
    found |= {extra.name: Target(extra.name, extra.label, extra) for extra in told.extra}
    if issubclass(entity.model, Sourced):
        label = _("Number in the other program")
        found["source_key"] = Target("source_key", label, TextField(name="source_key", label=label, max_length=120))
    for part in told.parts:
        kind = get_entity(part.entity)
        for name in part.fields:
            if name not in kind.fields or name in closed_keys(kind, writing=True):
                continue
            inner = kind.fields[name]
            label = part.label if len(part.fields) == 1 else format_lazy("{}: {}", part.label, inner.label)
            found[f"{part.code}.{name}"] = Target(f"{part.code}.{name}", label, inner, part)
    return {
        code: Target(code, target.label, target.field, target.part, tuple(told.words.get(code, "").split("|")))
        for code, target in found.items()
    }


def keys_of(entity: Entity) -> dict[str, Key]:
    """The ways to recognise a record of a type, the surest first."""
    keys: list[Key] = []
    if issubclass(entity.model, Sourced):
        keys.append(Key("source", _("Number in the other program"), (("source_key",),), "source_key", str.strip))
    keys += [key for key in intake_of(entity).keys if not isinstance(key.path, str) or is_open(entity, key.path)]
    for name in entity.editable:
        column = entity.model._meta.get_field(name) if name in _columns(entity) else None
        if column is not None and getattr(column, "unique", False) and not column.is_relation:
            keys.append(Key(name, entity.fields[name].label, ((name,),), name, lower=True))
    known = {key.code for key in keys}
    titles = [name for name in title_names(entity.model) if name in entity.editable]
    if "name" not in known and titles and all(name in _columns(entity) for name in titles):
        for place, title in enumerate(titles):
            if title not in known:
                code = "name" if place == 0 else title
                keys.append(Key(code, entity.fields[title].label, ((title,),), title, lower=True))
    return {key.code: key for key in keys}


def _columns(entity: Entity) -> set[str]:
    return {column.name for column in entity.model._meta.concrete_fields}


def keys_of_model(model: Any) -> dict[str, Key]:
    """The ways to recognise the record that a reference leads to."""
    entity = entity_of(model)
    return keys_of(entity) if entity is not None else {}
