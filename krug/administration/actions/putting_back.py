"""Taking back what was done to people, teams, roles and rights: by the acts that change them, with all they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import Grant, Reach, Role, Team, User
from krug.administration.actions.people import activate_person, deactivate_person
from krug.administration.actions.roles import Granted, give_role, set_grants, withdraw_role
from krug.kernel import writing
from krug.kernel.entity import Entity
from krug.kernel.errors import No, Refusal
from krug.kernel.fields import ReferenceField
from krug.kernel.journal.differences import columns_of, unfolded, value_from_json
from krug.kernel.journal.models import RowChange
from krug.kernel.journal.undo import oldest_undoable, refuse_sealed_off
from krug.kernel.registry import entity_of
from krug.kernel.sight import demand_writable, seen_by
from krug.kernel.visibility import demand

BESIDE = ("version", "updated_at", "updated_by_id", "created_at", "created_by_id", "id", "custom")
MEMBERS = User.roles.through._meta.db_table
GRANTS = Grant._meta.db_table
KEPT: dict[str, type[Any]] = {model._meta.db_table: model for model in (User, Team, Role)}


@dataclass
class Row:
    """What the acts did to one row in all."""

    table: str
    number: int
    first: str
    last: str = ""
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)


def put_people_back(acts: Sequence[UUID], by: User) -> tuple[int, int]:
    """Everything goes back, or what stands in the way is named; answers how many rows did and how many stayed.

    Beside records of other kinds only people may stand that came with them, as in an import.
    """
    every = list(_net(acts))
    models = apps.get_app_config(User._meta.app_label).get_models(include_auto_created=True)
    sealed = {model._meta.db_table for model in models}
    rows = [row for row in every if row.table in sealed]
    known = {*KEPT, MEMBERS, GRANTS}
    if len(rows) < len(every):
        return _newcomers_back(rows, by)
    if any(row.table not in known for row in rows):
        refuse_sealed_off()
    made = {(row.table, row.number) for row in rows if row.first == "I"}
    with seen_by(None):
        for row in rows:
            if row.table in KEPT:
                _record_back(row, by)
        for row in rows:
            if row.table == MEMBERS:
                _member_back(row, made, by)
        _grants_back([row for row in rows if row.table == GRANTS], made, by)
    return len(rows), 0


def _newcomers_back(rows: list[Row], by: User) -> tuple[int, int]:
    """People who came with other records are let in no more, and by the undoing of that again.

    Who works here by now, or is above the asker, stays as he is.
    """
    wanted = {row.number: _let_in_before(row) for row in rows}
    people = User.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    differing = [person for person in people if person.is_active != wanted[person.pk]]
    turned = sum(_turned(person, wanted[person.pk], by) for person in differing)
    return turned, len(differing) - turned


def _let_in_before(row: Row) -> bool:
    """Whether the person was let in before these acts; whatever else they did to people is not taken back here."""
    if row.table != User._meta.db_table or row.last == "D":
        refuse_sealed_off()
    names = {name for name in row.new if name not in BESIDE and row.old.get(name) != row.new[name]}
    if row.first != "I" and names != {"is_active"}:
        refuse_sealed_off()
    return row.first != "I" and bool(row.old["is_active"])


def _turned(person: User, is_let_in: bool, by: User) -> bool:
    if not is_let_in and is_at_work(person):
        return False
    try:
        demand(by, "user", "change")
        with transaction.atomic(), seen_by(None):
            (activate_person if is_let_in else deactivate_person)(person, by=by)
    except No:
        return False
    return True


def is_at_work(person: User) -> bool:
    """Whether somebody who came by an import has been let in since: by a password, a role or a sign-in."""
    return person.has_usable_password() or person.last_login is not None or person.roles.exists()


def _net(acts: Sequence[UUID]) -> Iterable[Row]:
    found: dict[tuple[str, int], Row] = {}
    changes = RowChange.objects.filter(act__in=acts, at__gte=oldest_undoable()).order_by("id")
    for change in changes.values("table_name", "row_id", "kind", "old", "new"):
        key = (change["table_name"], change["row_id"])
        row = found.setdefault(key, Row(*key, first=change["kind"]))
        row.last = change["kind"]
        row.old = {**(change["old"] or {}), **row.old}
        row.new = {**row.new, **(change["new"] or {})}
    return [row for row in found.values() if (row.first, row.last) != ("I", "D")]


def _record_back(row: Row, by: User) -> None:
    """A person, a team or a role: what was made is put away, what was changed gets its old values."""
    model = KEPT[row.table]
    entity, record = entity_of(model), model._default_manager.select_for_update().filter(pk=row.number).first()
    if entity is None or record is None or row.last == "D":
        refuse_sealed_off()
    if row.first == "I":
        _archive(entity, record, by)
        return
    old, new = unfolded(row.old), unfolded(row.new)
    names = [name for name in {**old, **new} if name not in BESIDE and old.get(name) != new.get(name)]
    _switch_back(entity, record, {name: (old.get(name), new.get(name)) for name in names if name in SWITCHES}, by)
    values = {}
    for name in (name for name in names if name not in SWITCHES):
        known = columns_of(entity).get(name)
        if known is None or known.name not in entity.everything.editable:
            refuse_sealed_off()
        _must_stand(record, known.raw(_value(known, new.get(name))), known.raw(known.value_of(record)))
        values[known.name] = _value(known, old.get(name))
    if values:
        demand_writable(entity, values, by)
        writing.alter(entity, record, values, by=by)


def _switch_back(entity: Entity, record: Any, switches: dict[str, tuple[Any, Any]], by: User) -> None:
    """One act may turn two switches, as the archiving of a person does; what stands as it was is left."""
    for name, (_was, then) in switches.items():
        _must_stand(record, then, getattr(record, name))
    for name, (forth, back) in SWITCHES.items():
        if name in switches and getattr(record, name) != (was := switches[name][0]):
            (forth if was else back)(entity, record, by)
            record.refresh_from_db()


def _value(known: Any, stored: Any) -> Any:
    if isinstance(known, ReferenceField) and stored is not None:
        return known.model._default_manager.filter(pk=stored).first()
    if stored is None:
        return known.empty
    return known.typed(stored) if known.is_attribute else value_from_json(known, stored)


def _must_stand(record: Any, wanted: Any, now: Any) -> None:
    if now != wanted:
        raise Refusal(
            _("This can be undone only as a whole, and it was changed since: %(what)s.") % {"what": record},
            code="CHANGED_SINCE",
        )


def _archive(entity: Entity, record: Any, by: User) -> None:
    (entity.archive or (lambda record, *, by: writing.archive(entity, record, by=by)))(record, by=by)


def _restore(entity: Entity, record: Any, by: User) -> None:
    (entity.restore or (lambda record, *, by: writing.restore(entity, record, by=by)))(record, by=by)


Switch = Callable[[Entity, Any, User], Any]
SWITCHES: dict[str, tuple[Switch, Switch]] = {
    "is_archived": (_archive, _restore),
    "is_active": (
        lambda _entity, person, by: activate_person(person, by=by),
        lambda _entity, person, by: deactivate_person(person, by=by),
    ),
}


def _member_back(row: Row, made: set[tuple[str, int]], by: User) -> None:
    """A role that was given is withdrawn, one that was withdrawn is given again; a new person is put away anyhow."""
    held = User.roles.through._default_manager.filter(pk=row.number).values("user_id", "role_id").first()
    told = held if row.first == "I" else row.old
    if told is None or (User._meta.db_table, told["user_id"]) in made:
        return
    person, role = User.objects.get(pk=told["user_id"]), Role.objects.get(pk=told["role_id"])
    if row.first == "I":
        withdraw_role(person, role=role, by=by)
    else:
        give_role(person, role=role, by=by)


def _grants_back(rows: list[Row], made: set[tuple[str, int]], by: User) -> None:
    """The rights of a role as they were; what was not granted then is granted no more."""
    by_role: dict[int, dict[str, Granted]] = {}
    for row in rows:
        rows_now = Grant.objects.filter(pk=row.number)
        held: dict[str, Any] = dict(rows_now.values("role_id", "entity", "reach", "verbs", "fields").first() or {})
        told = held or row.old
        if (Role._meta.db_table, told["role_id"]) in made:
            continue
        then: dict[str, Any] = (
            {**told, **row.old} if row.first != "I" else {"reach": Reach.NONE, "verbs": [], "fields": {}}
        )
        for name in row.new.keys() & held.keys():
            _must_stand(told["entity"], row.new[name], held[name])
        granted = Granted(Reach(then["reach"]), list(then["verbs"]), dict(then["fields"] or {}))
        by_role.setdefault(told["role_id"], {})[told["entity"]] = granted
    for number, grants in by_role.items():
        set_grants(Role.objects.get(pk=number), grants, by=by)
