"""Roles: who holds which, and what each may see and do (ACL-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from krug.access.models import Grant, Reach, Role, Session, User, every_field
from krug.access.rights import ANY, rights_in
from krug.administration.actions.second_step import told_step
from krug.administration.actions.sessions import forget_sessions
from krug.administration.events import GrantsChanged, RoleGiven, RoleWithdrawn
from krug.administration.policies import is_administrator, refuse_above, refuse_greater, rights_of_role
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.registry import get_entity
from krug.kernel.visibility import forget_rights
from krug.kernel.writing import RecordCreated, check

Grants = Mapping[str, tuple[Any, ...]]


class Granted(NamedTuple):
    """What is said of one type: how far it is seen, the verbs, and the groups of fields (as they are if not said)."""

    reach: Reach
    verbs: Iterable[str]
    fields: Mapping[str, str] | None = None


@transaction.atomic
def give_role(person: User, *, role: Role, by: User) -> User:
    """A person gets a role that goes no further than the giver's own rights."""
    if person.pk == by.pk:
        raise Refusal(_("You can not change your own rights; another administrator must do this."), field="role")
    refuse_above(by, person)
    refuse_greater(by, rights_of_role(role))
    if role.is_archived:
        raise Refusal(_("This role is in the archive."), field="role")
    if not person.roles.filter(pk=role.pk).exists():
        take_role(person, role, by=by)
    return person


def take_role(person: User, role: Role, *, by: User) -> None:
    """Write the role down; the person signs in again and works with the new rights."""
    person.roles.add(role)
    forget_sessions(Session.objects.filter(user=person))
    forget_rights([person])
    record(RoleGiven(person=person, role=role, by=by))


@transaction.atomic
def withdraw_role(person: User, *, role: Role, by: User) -> User:
    """A role is taken from a person, who is signed out everywhere."""
    if person.pk == by.pk:
        raise Refusal(_("You can not change your own rights; another administrator must do this."), field="role")
    refuse_above(by, person)
    if not person.roles.filter(pk=role.pk).exists():
        raise Refusal(_("This person does not hold this role."), field="role")
    person.roles.remove(role)
    forget_sessions(Session.objects.filter(user=person))
    forget_rights([person])
    refuse_no_administrator()
    record(RoleWithdrawn(person=person, role=role, by=by))
    return person


@transaction.atomic
def create_role(*, by: User, **values: Any) -> Role:
    """A new role, which grants nothing yet."""
    base = slugify(values.get("name_en", "")) or "role"
    taken = set(Role.objects.filter(code__startswith=base[:34]).values_list("code", flat=True))
    code = next(
        name for name in (base[:34], *(f"{base[:34]}-{n}" for n in range(2, len(taken) + 3))) if name not in taken
    )
    role = Role(code=code, **values)
    check(role)
    role.save(force_insert=True)
    record(RecordCreated(record=role, by=by))
    return role


@transaction.atomic
def change_role(role: Role, values: dict[str, Any], *, by: User) -> Role:
    """Rename a role or say from which day it asks for the second step; the latter only by who may all that it may."""
    demands = "factor_from" in values and values["factor_from"] != role.factor_from
    if demands:
        refuse_greater(by, rights_of_role(role))
    changed: Role = writing.change(get_entity("role"), role, values, by=by)
    if demands:
        told_step(changed, by=by)
    return changed


@transaction.atomic
def archive_role(role: Role, *, by: User) -> Role:
    """Put a role away; whoever held it has it no more, and somebody who may do everything remains."""
    refuse_greater(by, rights_of_role(role))
    put_away: Role = writing.archive(get_entity("role"), role, by=by)
    refuse_no_administrator()
    return put_away


@transaction.atomic
def restore_role(role: Role, *, by: User) -> Role:
    """Bring a role back: whoever holds it may again all that it says, so he signs in again and is never who does it."""
    if by.roles.filter(pk=role.pk).exists():
        raise Refusal(_("You can not change your own rights; another administrator must do this."), field="role")
    refuse_greater(by, rights_of_role(role))
    brought_back: Role = writing.restore(get_entity("role"), role, by=by)
    forget_sessions(Session.objects.filter(user__roles=role))
    forget_rights(list(role.users.all()))
    return brought_back


@transaction.atomic
def set_grants(role: Role, grants: Grants, *, by: User) -> Role:
    """Say what a role may see and do; neither before nor after may it exceed who says so."""
    refuse_greater(by, rights_of_role(role))
    before = {grant.entity: grant for grant in role.grants.select_for_update()}
    wanted = {entity: _whole(Granted(*said), before.get(entity)) for entity, said in grants.items()}
    refuse_greater(
        by, rights_in((entity, said.reach, said.verbs, said.fields or {}) for entity, said in wanted.items())
    )
    changed = {
        entity: said
        for entity, said in wanted.items()
        if entity not in before or _whole(_as_it_is(before[entity]), None) != said
    }
    if not changed:
        return role
    for entity, said in changed.items():
        Grant.objects.update_or_create(role=role, entity=entity, defaults=said._asdict())
    Role.objects.filter(pk=role.pk).update(updated_at=timezone.now())
    role.refresh_from_db()
    forget_rights([by])
    refuse_no_administrator()
    record(
        GrantsChanged(
            role=role,
            before={entity: told(_as_it_is(before[entity])) for entity in changed if entity in before},
            after={entity: told(said) for entity, said in changed.items()},
            by=by,
        )
    )
    return role


def _as_it_is(grant: Grant) -> Granted:
    return Granted(Reach(grant.reach), grant.verbs, grant.fields)


def _whole(said: Granted, known: Grant | None) -> Granted:
    """The same with the levels written out, so that two can be compared."""
    fields = (known.fields if known else every_field()) if said.fields is None else said.fields
    return Granted(Reach(said.reach), sorted(set(said.verbs)), dict(sorted(fields.items())))


def told(said: Granted) -> list[str]:
    """A grant as the journal keeps it: the reach, the verbs, and the groups that do not stand open."""
    levels = said.fields or {}
    return [str(said.reach), *said.verbs, *(f"{group}={level}" for group, level in sorted(levels.items()))]


def refuse_last_administrator(person: User) -> None:
    """Somebody must remain who can do everything."""
    others = administrators().exclude(pk=person.pk)
    if is_administrator(person) and not others.exists():
        raise Refusal(_("This is the last administrator: make another one first."))


def refuse_no_administrator() -> None:
    """A change of roles may not leave the house without anybody who can do everything."""
    if not administrators().exists():
        raise Refusal(_("After this nobody could administer Krug any more. Make another administrator first."))


def administrators() -> Any:
    """The people who may do everything and can come in."""
    return User.objects.filter(
        is_active=True,
        is_archived=False,
        is_system=False,
        roles__is_archived=False,
        roles__grants__entity=ANY,
        roles__grants__reach=Reach.ALL,
        roles__grants__verbs__contains=[ANY],
    ).distinct()
