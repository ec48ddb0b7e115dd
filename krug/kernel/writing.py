"""The usual way to create, change and archive a record; forms, import and API all write through here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.kernel.errors import BadRequest, Faults, Refusal, Stale
from krug.kernel.fields import Field, FieldFault, Reading
from krug.kernel.held import told_by_fields
from krug.kernel.journal.events import Event
from krug.kernel.journal.recording import record
from krug.kernel.sight import READ_ONLY
from krug.kernel.together import gathering, later_written, whole

if TYPE_CHECKING:
    from django.db.models import Model

    from krug.access.models import User
    from krug.kernel.entity import Entity

BATCH = 1_000


@dataclass(frozen=True, kw_only=True)
class RecordCreated(Event):
    """A record was made."""

    phrase: ClassVar[Any] = gettext_lazy("Created")
    icon: ClassVar[str] = "plus"

    record: Any


@dataclass(frozen=True, kw_only=True)
class RecordChanged(Event):
    """Fields of a record were changed; the row history holds the old and new values."""

    phrase: ClassVar[Any] = gettext_lazy("Changed")
    icon: ClassVar[str] = "edit"

    record: Any
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class RecordArchived(Event):
    """A record was put away."""

    phrase: ClassVar[Any] = gettext_lazy("Archived")
    icon: ClassVar[str] = "archive"

    record: Any


@dataclass(frozen=True, kw_only=True)
class RecordRestored(Event):
    """A record was brought back."""

    phrase: ClassVar[Any] = gettext_lazy("Restored from the archive")
    icon: ClassVar[str] = "undo"

    record: Any


def read_values(entity: Entity, raw: dict[str, Any], reading: Reading, *, whole: bool) -> dict[str, Any]:
    """Typed or sent text as values, every fault gathered; a `whole` record needs all required ones but its owner."""
    faults, values = Faults(), {}
    for name in raw:
        if name not in entity.fields:
            faults.add(name, _("There is no field “%(name)s” here.") % {"name": name[:80]}, code="UNKNOWN_FIELD")
        elif name not in entity.editable:
            is_closed = name in entity.everything.editable
            words = READ_ONLY if is_closed else _("This field is not changed by hand.")
            faults.add(name, words, code="READ_ONLY_FIELD" if is_closed else "PROTECTED_FIELD")
    for name in entity.editable:
        field = entity.fields[name]
        if name not in raw and (not whole or not field.required or name == entity.owner):
            continue
        try:
            values[name] = field.parse_or_empty(raw.get(name), reading)
        except FieldFault as fault:
            faults.items.append(fault.at(name))
    faults.stop_if_any()
    return values


@transaction.atomic
def create(entity: Entity, values: dict[str, Any], *, by: User) -> Any:
    """Make a record from ready values; the maker owns it unless an owner is given."""
    own, added = apart(entity, values)
    made = entity.model(**own)
    for name, value in added.items():
        field_named(entity, name).put(made, value)
    if entity.owner in entity.everything.fields and getattr(made, f"{entity.owner}_id", 0) is None:
        setattr(made, entity.owner, by)
    for name in ("created_by", "updated_by"):
        if hasattr(made, f"{name}_id"):
            setattr(made, name, by)
    check(made, by=by)
    made.save(force_insert=True)
    record(RecordCreated(record=made, by=by))
    return made


@whole
def change(entity: Entity, changed: Any, values: dict[str, Any], *, by: User) -> Any:
    """Write the fields that really differ; nothing is written and no event recorded when none does."""
    differing = [name for name, value in values.items() if field_named(entity, name).differs(changed, value)]
    if not differing:
        return changed
    columns = {field_named(entity, name).put(changed, values[name]) for name in differing}
    check(changed, columns, by=by)
    if not later_written(changed, sorted(columns)):
        changed.save(update_fields=[*columns, "updated_at"])
        changed.refresh_from_db(fields=["version", "updated_at"])
    record(RecordChanged(record=changed, fields=differing, by=by))
    return changed


def apart(entity: Entity, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of declared fields, and those of attributes, which no action of a domain knows."""
    added = {name: value for name, value in values.items() if field_named(entity, name).is_attribute}
    return {name: value for name, value in values.items() if name not in added}, added


def field_named(entity: Entity, name: str) -> Field:
    """The field of that name; what only code may set is written as it is."""
    return entity.everything.fields.get(name) or Field(name=name, label=name)


@transaction.atomic
def make(entity: Entity, values: dict[str, Any], *, by: User) -> Any:
    """Make a record by the action that the type names, or the usual one; its attributes are part of it."""
    if entity.create is None:
        return create(entity, values, by=by)
    own, added = apart(entity, values)
    made = entity.create(**own, by=by)
    put_attributes(entity, [made], [added])
    if added:
        made.refresh_from_db(fields=["version", "updated_at"])
    return made


def put_attributes(entity: Entity, made: Sequence[Any], added: Sequence[dict[str, Any]]) -> None:
    """Fill attributes into records that were just made."""
    filled = []
    for one, values in zip(made, added, strict=True):
        for name, value in values.items():
            field_named(entity, name).put(one, value)
        if values and one.custom:
            filled.append(one)
    for start in range(0, len(filled), BATCH):
        entity.model._default_manager.bulk_update(filled[start : start + BATCH], ["custom"])


@whole
def alter(entity: Entity, changed: Any, values: dict[str, Any], *, by: User) -> Any:
    """Change a record by the action that the type names, or the usual one; its attributes are part of it."""
    own, added = apart(entity, values)
    if entity.change is None or not own:
        return change(entity, changed, values, by=by)
    changed = entity.change(changed, own, by=by) or changed
    return change(entity, changed, added, by=by) if added else changed


@transaction.atomic
def archive(entity: Entity, put_away: Any, *, by: User) -> Any:
    """Put a record away; doing it twice changes nothing."""
    if put_away.is_archived:
        return put_away
    put_away.is_archived = True
    put_away.save(update_fields=["is_archived", "updated_at"])
    record(RecordArchived(record=put_away, by=by))
    return put_away


@transaction.atomic
def restore(entity: Entity, brought_back: Any, *, by: User) -> Any:
    """Bring a record back from the archive."""
    if not brought_back.is_archived:
        return brought_back
    if entity.guard:
        entity.guard({"is_archived"}, by)
    brought_back.is_archived = False
    try:
        with transaction.atomic():
            brought_back.save(update_fields=["is_archived", "updated_at"])
    except IntegrityError as error:
        raise Refusal(
            _(
                "Another record now holds what must be held once, for example the same tax number. "
                "Change that one first."
            ),
            code="TAKEN_MEANWHILE",
        ) from error
    record(RecordRestored(record=brought_back, by=by))
    return brought_back


def check(row: Model, columns: Collection[str] = (), *, by: User | None = None) -> None:
    """Hold the row against its model's own rules, and say all that is wrong in the user's words.

    Of rows that are written together the changed columns are judged here and the rest by the database itself.
    """
    faults = Faults()
    try:
        _clean(row) if gathering() is None else _clean_columns(row, columns)
    except ValidationError as error:
        for name, problems in error.error_dict.items() if hasattr(error, "error_dict") else [("", error.error_list)]:
            for problem in problems:
                if told := told_by_fields(row, problem, by):
                    faults.items.append(told)
                    continue
                code = (problem.code or "invalid").upper().replace("INVALID", "MALFORMED")
                for message in problem.messages:
                    faults.add("" if name == "__all__" else name, message, code=code)
    faults.stop_if_any()


def _clean(row: Model) -> None:
    """The whole of Django's check, but a linked record that was just read is not asked for once more."""
    read = {field.name for field in row._meta.concrete_fields if field.is_relation and _is_read(field, row)}
    errors: dict[str, Any] = {}
    try:
        row.clean_fields(exclude=read)
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    steps = (
        lambda wrong: row.clean(),
        lambda wrong: row.validate_unique(exclude=wrong),
        lambda wrong: row.validate_constraints(exclude=wrong),
    )
    for step in steps:
        try:
            step({name for name in errors if name != "__all__"})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _clean_columns(row: Model, columns: Collection[str]) -> None:
    others = {field.name for field in row._meta.concrete_fields if field.name not in columns or field.is_relation}
    row.clean_fields(exclude=others)
    row.clean()


def _is_read(field: Any, row: Model) -> bool:
    return field.is_cached(row) and getattr(row, field.attname) is not None


def merge_or_refuse(entity: Entity, current: Any, values: dict[str, Any], seen: dict[str, Any] | None) -> None:
    """Two editors: different fields merge silently; on the same field both values are shown."""
    if seen is None:
        raise Stale(_("Somebody else saved this record first."), record=current)
    clashes = {}
    for name in values:
        if name not in entity.fields:
            raise BadRequest(name)
        field = entity.fields[name]
        now = field.raw(field.value_of(current))
        if name in seen and now != seen[name] and now != field.raw(values[name]):
            clashes[name] = now
    if clashes:
        raise Stale(
            _("Somebody else changed the same field. Choose which value stays."), record=current, theirs=clashes
        )
    for name in [name for name in values if name in seen and entity.fields[name].raw(values[name]) == seen[name]]:
        del values[name]
