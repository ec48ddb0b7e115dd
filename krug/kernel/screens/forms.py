"""The form of a record, made from its declaration: sections, controls, and what travels hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest

from krug.kernel.errors import Invalid, No, Refusal
from krug.kernel.fields import Field, FieldFault, Reading, ReferenceField
from krug.kernel.screens.controls import (
    SEEN,
    TICKED,
    WRITTEN_IN,
    Control,
    control,
    control_text,
    raw_of,
    reading_of,
    reworded,
    sentence,
    typed_of,
)

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


@dataclass
class RecordForm:
    """What one person has typed so far about one record, and what is wrong with it."""

    entity: Entity
    reading: Reading
    record: Any = None
    names: tuple[str, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    version: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    in_the_way: list[str] = field(default_factory=list)

    @property
    def fields(self) -> list[Field]:
        """The fields that stand on this form."""
        return [self.entity.fields[name] for name in self.names]

    def sections(self) -> list[tuple[str, list[Control]]]:
        """The controls in the order and groups of the declaration."""
        if len(self.names) < len(self.entity.editable):
            return [("", [self.control(item) for item in self.fields])]
        groups = []
        for section in self.entity.sections:
            names = [name for name in section.fields if name in self.names]
            if names:
                groups.append((str(section.title), [self.control(self.entity.fields[name]) for name in names]))
        return groups

    def control(self, item: Field) -> Control:
        """One control with its value and its fault."""
        return control(item, self.reading, self.typed, self.errors.get(item.name, ""))

    def hidden(self) -> dict[str, str]:
        """What the form sends back unseen: the version, the values it started from, and context beside its fields."""
        shown = set(self.names)
        carried = {name: value for name, value in self.typed.items() if value and name.partition("__")[0] not in shown}
        seen = {f"{SEEN}{name}": value for name, value in self.seen.items() if name in shown}
        version = {"version": self.version} if self.version else {}
        return {**carried, **seen, **version, WRITTEN_IN: self.reading.language}

    def refuse(self, no: No) -> None:
        """Write what is wrong beside the fields; what concerns no field stands above them."""
        found = {fault.field: str(fault.message) for fault in no.faults} if isinstance(no, Invalid) else {}
        if not found:
            found = {no.field or "": str(no)}
        for name, message in found.items():
            place = name if name in self.entity.editable else ""
            text = message if place or not name else f"{self.label(name)}: {message}"
            self.errors[place] = text if place not in self.errors else f"{self.errors[place]} {text}"
        hints = [str(fault.hint) for fault in no.faults] if isinstance(no, Invalid) else [str(no.hint)]
        self.in_the_way = [hint for hint in hints if hint.startswith("/")]
        missing = [name for name in self.errors if name and name not in self.names]
        if missing:
            self.names = tuple(self.entity.editable)

    def label(self, name: str) -> str:
        """The words for a field that stands on no form."""
        known = self.entity.fields.get(name)
        return sentence(known.label) if known else name

    def values(self) -> dict[str, Any]:
        """What was typed, read; raises Invalid with every fault when something can not be read."""
        from krug.kernel.writing import read_values

        everything = [self.entity.fields[name] for name in self.entity.editable]
        raw, faults = raw_of(self.typed, everything, self.reading)
        raw = {name: text for name, text in raw.items() if not self.is_kept(name, text)}
        try:
            values = read_values(self.entity, raw, self.reading, whole=self.record is None)
        except Invalid as invalid:
            self.refuse(Invalid([fault for fault in invalid.faults if fault.field not in faults] or invalid.faults))
            values = {}
        self.errors.update(faults)
        if self.errors:
            raise Refusal("")
        return values

    def told(self, no: No, deed: Callable[[dict[str, Any]], Any]) -> None:
        """Say what is wrong; beside what can not be read also what the rules say of the rest: tried and taken back."""
        from krug.kernel.writing import read_values

        fields = self.entity.fields
        if not self.errors:
            return self.refuse(no)
        if any(name not in fields or fields[name].required for name in self.errors):
            return None
        raw, _unfound = raw_of(self.typed, [item for item in self.fields if item.name not in self.errors], self.reading)
        raw = {name: text for name, text in raw.items() if not self.is_kept(name, text)}
        try:
            with transaction.atomic():
                deed(self.differing(read_values(self.entity, raw, self.reading, whole=False)))
                transaction.set_rollback(True)
        except No as also:
            faults = [fault for fault in getattr(also, "faults", ()) if fault.field not in self.errors]
            if faults or isinstance(also, Refusal):
                self.refuse(Invalid(faults) if faults else also)
        return None

    def is_kept(self, name: str, text: Any) -> bool:
        """Whether a link stands as it stood: it is not looked up again, since the record may be hidden or put away."""
        return self.seen.get(name) == text and isinstance(self.entity.fields[name], ReferenceField)

    def changed(self) -> dict[str, Any]:
        """Only what this person changed, so that a colleague's other fields stay as they are."""
        return self.differing(self.values())

    def differing(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values that are not those the form started from."""
        fields = self.entity.fields
        return {
            name: value
            for name, value in values.items()
            if name not in self.seen or fields[name].raw(value) != self.seen[name]
        }


def blank_form(request: HttpRequest, entity: Entity, names: Iterable[str]) -> RecordForm:
    """An empty form; the context of the address and the usual values are filled in."""
    reading = reading_of(request)
    typed: dict[str, str] = {}
    for name in entity.editable:
        item = entity.fields[name]
        usual = reading.user if name == entity.owner and isinstance(item, ReferenceField) else item.default
        typed[name] = control_text(item, usual, reading.language)
        if name in request.GET:
            typed[name] = from_address(item, request.GET[name], reading) or typed[name]
    return RecordForm(entity, reading, names=tuple(names), typed=typed)


def from_address(item: Field, text: str, reading: Reading) -> str:
    """A value given in the address, if it can be read and its record may be seen."""
    try:
        return control_text(item, item.parse_or_empty(text, reading), reading.language)
    except FieldFault:
        return ""


def record_form(request: HttpRequest, entity: Entity, record: Any, names: Iterable[str] = ()) -> RecordForm:
    """The form of a record as it stands now."""
    reading = reading_of(request)
    names = tuple(names) or entity.editable
    values = {name: entity.fields[name].value_of(record) for name in names}
    return RecordForm(
        entity,
        reading,
        record=record,
        names=tuple(names),
        typed={name: control_text(entity.fields[name], value, reading.language) for name, value in values.items()},
        seen={name: entity.fields[name].raw(value) for name, value in values.items()},
        version=str(getattr(record, "version", "") or ""),
    )


def fill(form: RecordForm, sent: Mapping[str, str]) -> RecordForm:
    """Take over what was sent or kept in a draft: the texts, the version and the values it started from."""
    everything = form.fields if form.record is not None else [form.entity.fields[name] for name in form.entity.editable]
    ticked = [item for item in form.fields if item.kind in TICKED]
    others = [item for item in everything if item.kind not in TICKED or item.name in sent]
    typed = typed_of(sent, [*others, *ticked])
    form.typed = {**form.typed, **reworded(typed, everything, sent.get(WRITTEN_IN, ""), form.reading.language)}
    if form.record is not None:
        form.seen = {name: sent.get(SEEN + name, value) for name, value in form.seen.items()}
        form.version = sent.get("version", form.version)
    return form


def version_of(text: str) -> int | None:
    """The version that the form started from; nonsense counts as the first."""
    return (int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0) if text else None
