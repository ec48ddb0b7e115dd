"""Why somebody sees a record, and who else does: the roles, the reach, the owner, and the records it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Value
from django.utils.translation import gettext as _

from krug.access.models import Grant, Level, Reach, User
from krug.access.rights import ANY, rights_in
from krug.administration.grants import object_names
from krug.kernel.entity import Entity
from krug.kernel.fields import ReferenceField
from krug.kernel.registry import entity_of
from krug.kernel.ui.names import called, listed
from krug.kernel.visibility import everyone, keep, member_ids_of, rights_of

MOST_PEOPLE, AT_ONCE = 100, 25


@dataclass(frozen=True)
class Reason:
    """One way by which the record is open: the words, and where they lead."""

    text: str
    url: str = ""


_further: list[Callable[[Entity, Any, User], list[Reason]]] = []


def tell_further(ways: Callable[[Entity, Any, User], list[Reason]]) -> None:
    """A domain tells of the ways that only it knows, such as a territory."""
    _further.append(ways)


def reasons_of(entity: Entity, record: Any, user: User) -> list[Reason]:
    """Every way by which this user sees this record; what only a rule of the type knows is said last."""
    found = [Reason(_("Every employee sees this list."))] if entity.visible is everyone else []
    grants = Grant.objects.filter(role__users=user, role__is_archived=False, entity__in=(entity.code, ANY))
    for grant in grants.exclude(reach=Reach.NONE).select_related("role").order_by("role_id", "entity"):
        if said := _by_reach(entity, record, user, Reach(grant.reach)):
            on = object_names()[grant.entity]
            found.append(
                Reason(
                    _("By the role “%(role)s” you see %(reach)s (“%(object)s”): %(why)s.")
                    % {"role": grant.role.name, "object": on, "reach": Reach(grant.reach).label.lower(), "why": said}
                )
            )
    found += [reason for ways in _further for reason in ways(entity, record, user)]
    if not found:
        found = _by_links(entity, record, user)
    return found or [Reason(_("You take part in it, for example as the person who does it or is named in it."))]


def _by_reach(entity: Entity, record: Any, user: User, reach: Reach) -> str:
    """How a reach leads to the record; nothing when it does not."""
    if reach == Reach.ALL:
        return _("the owner does not matter")
    owner = getattr(record, f"{entity.owner}_id", None)
    if owner == user.pk:
        return _("it is yours")
    if reach in (Reach.TEAM, Reach.TERRITORY) and owner in member_ids_of(user):
        person = User.objects.get(pk=owner)
        team = person.team.name if person.team else ""
        return _("its owner %(owner)s works in the team “%(team)s”") % {"owner": listed(person), "team": team}
    return ""


def _by_links(entity: Entity, record: Any, user: User) -> list[Reason]:
    found = []
    for field in entity.fields.values():
        if not isinstance(field, ReferenceField) or field.is_person or field.is_attribute:
            continue
        linked, target = field.value_of(record), entity_of(field.model)
        if linked is None or target is None or target.visible is everyone:
            continue
        if target.rows_for(user).filter(pk=linked.pk).exists():
            words = _("It belongs to “%(record)s”, which you see.") % {"record": called(linked)}
            found.append(Reason(words, target.url(linked.pk)))
    return found


def groups_of(entity: Entity, user: User) -> list[tuple[str, str]]:
    """What the user may do with each group of fields."""
    rights = rights_of(user)
    levels = [(str(section.title), rights.level(entity.code, section.key)) for section in entity.sections]
    return [(title, str(Level(level).label)) for title, level in levels]


def seen_also_by(entity: Entity, record: Any, user: User) -> tuple[list[str], bool]:
    """Who else of our people sees the record; and whether not all could be asked."""
    people = User.objects.filter(is_active=True, is_archived=False, is_system=False).exclude(pk=user.pk)
    asked = list(people.order_by("surname", "given_name")[: MOST_PEOPLE + 1])
    _read_rights(asked)
    seen: set[int] = set()
    for place in range(0, len(asked[:MOST_PEOPLE]), AT_ONCE):
        first, *others = [
            entity.rows_for(one).filter(pk=record.pk).order_by().annotate(eyes=Value(one.pk)).values_list("eyes")
            for one in asked[place : place + AT_ONCE]
        ]
        seen |= {pk for (pk,) in first.union(*others, all=True)}
    return [listed(one) for one in asked[:MOST_PEOPLE] if one.pk in seen], len(asked) > MOST_PEOPLE


def _read_rights(people: list[User]) -> None:
    """Read the rights and teams of all of them together, so that asking each costs nothing more."""
    told: dict[int, list[Any]] = {one.pk: [] for one in people}
    held = Grant.objects.filter(role__users__in=people, role__is_archived=False)
    for pk, *grant in held.values_list("role__users", "entity", "reach", "verbs", "fields"):
        if pk in told:
            told[pk].append(grant)
    teams: dict[int | None, list[int]] = {}
    for one in people:
        keep(one, "rights", rights_in(told[one.pk]))
        if one.team_id not in teams:
            teams[one.team_id] = member_ids_of(one)
        keep(one, "members", teams[one.team_id])
