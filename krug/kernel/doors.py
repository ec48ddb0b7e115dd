"""The doors: outside callers reach records and verbs only through here — right, lock, act, commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from krug.kernel.errors import NotFound, Refusal, Repeated, Stale
from krug.kernel.journal.models import OncePerformed
from krug.kernel.journal.recording import begin_act
from krug.kernel.links import record_number
from krug.kernel.sight import demand_fillable, demand_writable, seen_by, veiled
from krug.kernel.visibility import demand

if TYPE_CHECKING:
    from django.db.models import Model

    from krug.access.models import User
    from krug.kernel.entity import Entity, Verb


def get_visible(entity: Entity, user: User, pk: int | str, *, lock: bool = False) -> Any:
    """The record, if this user may see it; to a stranger it does not exist."""
    number = record_number(pk)
    rows = entity.rows_for(user)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=number).first() if number else None
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found if lock else veiled(found)


def perform(
    entity: Entity,
    verb_name: str,
    pk: int | str,
    *,
    by: User,
    once: str | None = None,
    version: int | None = None,
    **arguments: Any,
) -> Any:
    """Do one verb to one record for an outside caller; with `once` a repeated call changes nothing."""
    verb = entity.verb(verb_name)
    if verb is None:
        raise NotFound(_("There is no such act."))
    get_visible(entity, by, pk)
    demand(by, entity.code, verb.name)

    def act() -> Any:
        record = get_visible(entity, by, pk, lock=True)
        must_be(record, version)
        return do(verb, record, by=by, **arguments)

    return _once(
        act,
        by=by,
        door=f"{entity.code}.{verb.name}",
        route=f"{entity.code}.{verb.name}.{pk}",
        key=once,
        lost=lambda: get_visible(entity, by, pk),
    )


def do(verb: Verb, record: Any, *, by: User, **arguments: Any) -> Any:
    """Do a verb to a record that is held already, if the record's state allows it."""
    if verb.when and not getattr(record, verb.when):
        raise Refusal(_("This can not be done now: the record is in another state."), code="WRONG_STATE")
    return verb.action(record, by=by, **arguments)


def create_record(entity: Entity, values: dict[str, Any], *, by: User, once: str | None = None) -> Any:
    """Make one record for an outside caller, by the action that the entity names or the usual one."""
    from krug.kernel import writing

    demand(by, entity.code, "create")
    if not entity.as_declared.editable:
        raise Refusal(_("Such records come of what happens here; nobody makes them by hand."), code="NOT_MADE_BY_HAND")
    demand_fillable(entity, by)
    demand_writable(entity, values, by)

    def again() -> Any:
        kept = OncePerformed.objects.get(actor=by, route=f"{entity.code}.create", key=once)
        return get_visible(entity, by, (kept.answer or {}).get("id", 0))

    door = f"{entity.code}.create"
    return _once(lambda: writing.make(entity, values, by=by), by=by, door=door, route=door, key=once, lost=again)


def change_record(
    entity: Entity,
    pk: int | str,
    values: dict[str, Any],
    *,
    by: User,
    version: int | None = None,
    seen: dict[str, Any] | None = None,
) -> Any:
    """Change fields of one record; `seen` are the values the editor started from, so that strangers' edits merge."""
    from krug.kernel import writing

    get_visible(entity, by, pk)
    demand(by, entity.code, "change")
    demand_writable(entity, values, by)
    with transaction.atomic(), seen_by(None):
        begin_act(by, f"{entity.code}.change")
        record = get_visible(entity, by, pk, lock=True)
        if version is not None and record.version != version:
            writing.merge_or_refuse(entity, record, values, seen)
        return writing.alter(entity, record, values, by=by)


def archive_record(entity: Entity, pk: int | str, *, by: User, version: int | None = None) -> Any:
    """Put a record away; it stays in the history and can be brought back."""
    from krug.kernel import writing

    get_visible(entity, by, pk)
    demand(by, entity.code, "archive")
    with transaction.atomic(), seen_by(None):
        begin_act(by, f"{entity.code}.archive")
        record = get_visible(entity, by, pk, lock=True)
        must_be(record, version)
        return entity.archive(record, by=by) if entity.archive else writing.archive(entity, record, by=by)


def restore_record(entity: Entity, pk: int | str, *, by: User) -> Any:
    """Bring a record back from the archive."""
    from krug.kernel import writing

    get_visible(entity, by, pk)
    demand(by, entity.code, "archive")
    with transaction.atomic(), seen_by(None):
        begin_act(by, f"{entity.code}.archive")
        refuse_merged(entity, pk)
        record = get_visible(entity, by, pk, lock=True)
        return entity.restore(record, by=by) if entity.restore else writing.restore(entity, record, by=by)


def refuse_merged(entity: Entity, pk: int | str) -> None:
    """A record that became part of another comes back by being split off, with all that belongs to it."""
    from krug.kernel.models import RecordMerge

    if RecordMerge.objects.filter(entity=entity.code, loser_id=record_number(pk) or 0).exists():
        raise Refusal(_("This record was merged into another one. Split it off instead."), code="MERGED")


def must_be(record: Model, version: int | None) -> None:
    """Refuse when somebody else saved first."""
    if version is not None and record.version != version:  # type: ignore[attr-defined]  # every type has a version
        raise Stale(
            _("Somebody else saved this record while you were working. Look at the changes and try again."),
            record=record,
        )


def _once(act: Callable[[], Any], *, by: User, door: str, route: str, key: str | None, lost: Callable[[], Any]) -> Any:
    """Run an act in one transaction; the second caller with the same key gets what the first made."""
    if not key:
        with transaction.atomic(), seen_by(None):
            begin_act(by, door)
            return act()
    if len(key) > 120:
        raise Repeated(_("The key of a repeated request may have at most 120 characters."), code="ONCE_KEY")
    try:
        with transaction.atomic(), seen_by(None):
            begin_act(by, door)
            kept = OncePerformed.objects.create(actor=by, route=route, key=key)
            result = act()
            kept.answer = {"id": getattr(result, "pk", None)}
            kept.save(update_fields=["answer"])
            return result
    except IntegrityError as error:
        if "once_performed_once" in str(error):
            return lost()
        raise
