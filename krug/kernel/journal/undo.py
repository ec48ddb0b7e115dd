"""Takes acts back: exactly what they changed, as far as nobody has changed it since, for thirty days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn
from uuid import UUID

from django.db import DataError, IntegrityError, InternalError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.access.models import Reach, User
from krug.kernel.errors import NotAllowed, NotFound, Refusal
from krug.kernel.journal.events import Event, EventName
from krug.kernel.journal.models import JournalEntry, RowChange
from krug.kernel.journal.net import Net
from krug.kernel.journal.recording import DOOR, begin_act, record_many
from krug.kernel.journal.watching import watched_models
from krug.kernel.journal.words import models_of
from krug.kernel.registry import entity_of
from krug.kernel.sight import seen_by, sight_of
from krug.kernel.visibility import demand, rights_of

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

DAYS = 30
TOLD = 20
PLAIN_RIGHTS = ("create", "change", "archive")


@dataclass(frozen=True, kw_only=True)
class ChangeUndone(Event):
    """What an act had done to a record was taken back."""

    phrase: ClassVar[Any] = gettext_lazy("Undone: %(what)s")
    icon: ClassVar[str] = "undo"

    record: Any
    what: EventName
    act: str


@dataclass(frozen=True)
class Clash:
    """What could not be put back, because somebody changed it since: where, which columns, who and when."""

    model: type[Model]
    row: int
    columns: tuple[str, ...]
    actor_id: int | None
    at: datetime | None


@dataclass
class Undone:
    """What came of taking acts back."""

    act: UUID
    rows: int = 0
    clashes: list[Clash] = field(default_factory=list)
    left: int = 0


def oldest_undoable() -> datetime:
    """What was done before this moment is not taken back any more."""
    return timezone.now() - timedelta(days=DAYS)


def undo_acts(acts: Sequence[UUID], *, by: User) -> Undone:
    """Take acts back in one transaction; the undoing is an act of its own and may itself be undone."""
    from krug.kernel.search.indexing import indexed_at_the_end

    with transaction.atomic():
        entries = may_undo(acts, by)
        doors = {str(entry.data.get(DOOR, "")) for entry in entries}
        undone = Undone(begin_act(by, sorted(doors)[0]))
        net = Net(acts, oldest_undoable())
        if people := [model for model in net.models.values() if model._meta.app_label == User._meta.app_label]:
            if not _puts_people_back:
                refuse_sealed_off()
            subjects = _subjects(entries)
            undone.rows, undone.left = _puts_people_back[0](acts, by)
            net.models = {table: model for table, model in net.models.items() if model not in people}
            if not net.models:
                record_many(_events(entries, subjects, by))
                return undone
        refuse_closed(net, by)
        net.hold()
        subjects = _subjects(entries)
        net.decide_new_rows()
        for model, row, columns in net.clashes():
            undone.left += 1
            if len(undone.clashes) < TOLD:
                undone.clashes.append(_clash(model, row, columns))
        if any(door.rpartition(".")[2] not in PLAIN_RIGHTS for door in doors if door):
            _refuse_by_halves(net, undone)
        undone.rows += _put_back(net)
        if not undone.rows:
            raise Refusal(_nothing_left(undone), code="NOTHING_TO_UNDO")
        with indexed_at_the_end(), seen_by(None):
            record_many(_events(entries, subjects, by))
    return undone


def may_undo(acts: Sequence[UUID], by: User) -> list[JournalEntry]:
    """The journal of the acts, if this user sees their subjects and has the right by which each was done."""
    entries = list(JournalEntry.objects.filter(act__in=acts).order_by("id"))
    if not entries:
        raise NotFound(_("There is no such act, or it is not open to you."))
    doors = {str(entry.data.get(DOOR, "")) for entry in entries}
    behind = {door.partition(".")[0] for door in doors}
    through = [entry for entry in entries if entry.entity in behind] or entries
    _must_be_seen(through, by)
    if min(entry.recorded_at for entry in entries) < oldest_undoable():
        raise Refusal(
            _("This was done more than %(days)s days ago and can not be undone any more.") % {"days": DAYS},
            code="TOO_OLD",
        )
    for door in {str(entry.data.get(DOOR, "")) or f"{entry.entity}.change" for entry in through}:
        demand(by, door.partition(".")[0], door.partition(".")[2])
    return entries


def _must_be_seen(entries: list[JournalEntry], by: User) -> None:
    """To a stranger the act does not exist; what is gone altogether is known to who removed it and to who sees all."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        wanted.setdefault(entry.entity, set()).add(entry.subject_id)
    own = all(entry.actor_id == by.pk for entry in entries)
    for code, ids in wanted.items():
        entity = _entity(code)
        if entity is None:
            continue
        seen = set(entity.rows_for(by).filter(pk__in=ids).values_list("pk", flat=True))
        missing = ids - seen
        if missing and not (own or rights_of(by).reach(code) == Reach.ALL):
            raise NotFound(_("There is no such act, or it is not open to you."))
        if missing and entity.model._default_manager.filter(pk__in=missing).exists():
            raise NotFound(_("There is no such act, or it is not open to you."))


PutsBack = Callable[[Sequence[UUID], User], tuple[int, int]]
_puts_people_back: list[PutsBack] = []


def put_people_back_by(function: PutsBack) -> None:
    """Who keeps people and roles takes acts on them back by acts of its own, with all their refusals."""
    _puts_people_back[:] = [function]


def refuse_sealed_off() -> NoReturn:
    """Sign-ins and keys are changed in their own place, so that nobody regains a door by undoing."""
    raise Refusal(
        _("This also changed sign-ins, keys or several things at once, and is not changed back from here."),
        code="NOT_HERE",
    )


def _refuse_by_halves(net: Net, undone: Undone) -> None:
    """What a verb did hangs together: it goes back whole, or what stands in the way is named."""
    if undone.left:
        raise Refusal(_whole_or_nothing(undone.clashes[0]), code="CHANGED_SINCE")
    for model, row, by in net.built_upon():
        other = next((each for each in watched_models() if each._meta.db_table == by), model)
        named = {"made": _label(model, row), "by": _label(other)}
        raise Refusal(
            _("This can be undone only as a whole, and what it made is in use since: %(made)s, by: %(by)s.") % named,
            code="BUILT_UPON",
        )


def _label(model: type[Model], row: int | None = None) -> str:
    entity = entity_of(model)
    name = str(entity.label) if entity else str(model._meta.verbose_name)
    return name if row is None else f"{name} № {row}"


def refuse_closed(net: Net, by: User) -> None:
    """What a user may not write he does not put back either."""
    for table, model in net.models.items():
        entity = entity_of(model)
        sight = sight_of(entity, by) if entity else None
        closed = sight.hidden | sight.read_only | sight.masked if sight else frozenset()
        names = {column.attname: column.name for column in model._meta.concrete_fields}
        changed = {names.get(column, column) for column in net.changed_columns(table)}
        if entity and entity.guard:
            entity.guard(changed, by)
        if closed & changed:
            raise NotAllowed(_("This also changed fields that your role may not change."), code="CLOSED_FIELDS")


def _put_back(net: Net) -> int:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            rows = net.put_back()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return rows
    except (IntegrityError, DataError, InternalError) as error:
        raise Refusal(
            _("This can not be undone: a rule of these records forbids it, or what happened since stands on it."),
            code="BUILT_UPON",
        ) from error


def _subjects(entries: list[JournalEntry]) -> dict[tuple[str, int], Model]:
    """The records that the acts were about, as they are before anything is put back."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        wanted.setdefault(entry.entity, set()).add(entry.subject_id)
    found: dict[tuple[str, int], Model] = {}
    unregistered = {entry.entity: model for entry in entries for model in models_of(entry.event).values()}
    for code, ids in wanted.items():
        entity = _entity(code)
        model = entity.model if entity is not None else unregistered.get(code)
        if model is not None and (entity is not None or model._meta.db_table == code):
            found |= {(code, pk): row for pk, row in model._default_manager.in_bulk(ids).items()}
    return found


def _events(entries: list[JournalEntry], before: dict[tuple[str, int], Model], by: User) -> list[ChangeUndone]:
    """One fact for each record, named after what was done to it first."""
    now = _subjects(entries)
    told: dict[tuple[str, int], ChangeUndone] = {}
    for entry in entries:
        key = (entry.entity, entry.subject_id)
        record = now.get(key) or before.get(key)
        if record is not None and key not in told:
            what = str(entry.data.get("what", "")) if entry.event == ChangeUndone.__name__ else entry.event
            told[key] = ChangeUndone(record=record, what=EventName(what), act=str(entry.act), by=by)
    return list(told.values())


def _clash(model: type[Model], row: int, columns: list[str]) -> Clash:
    changes = RowChange.objects.filter(table_name=model._meta.db_table, row_id=row)
    if columns:
        changes = changes.filter(new__has_any_keys=columns)
    last = changes.order_by("-at", "-id").values("actor_id", "at").first() or {"actor_id": None, "at": None}
    return Clash(model, row, tuple(columns), last["actor_id"], last["at"])


def _whole_or_nothing(clash: Clash) -> str:
    return _("This can be undone only as a whole, and it was changed since: %(what)s.") % {"what": clash_words(clash)}


def _nothing_left(undone: Undone) -> str:
    if not undone.clashes:
        return _("There is nothing left to undo: everything is as it was before.")
    return _("Nothing was undone, because all of it was changed since: %(what)s.") % {
        "what": clash_words(undone.clashes[0])
    }


def clash_words(clash: Clash) -> str:
    """The record, the fields, who changed them last and when."""
    from krug.kernel.journal.differences import columns_of, sentence
    from krug.kernel.journal.timeline import names_of
    from krug.kernel.ui import formats

    entity = entity_of(clash.model)
    known = columns_of(entity) if entity else {}
    fields = ", ".join(sentence(known[name].label) for name in clash.columns if name in known)
    who = names_of({clash.actor_id}).get(clash.actor_id, "") if clash.actor_id else ""
    when = formats.moment(timezone.localtime(clash.at)) if clash.at else ""
    return ", ".join(part for part in (_label(clash.model, clash.row), fields, who, when) if part)


def _entity(code: str) -> Entity | None:
    from krug.kernel.journal.reading import known_entity

    return known_entity(code)
