"""Sign-in by the directory of the company: whose password it takes, and which roles its groups give."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.locked import lock, unlock
from krug.access.models import Role, Session, User
from krug.administration.actions.mail import refuse_line_breaks, refuse_to_carry
from krug.administration.actions.people import clock_actor, create_person
from krug.administration.actions.roles import refuse_no_administrator, take_role
from krug.administration.actions.sessions import forget_sessions
from krug.administration.actions.sign_on import identity_of, join_identity
from krug.administration.directory import Found, NoDirectory, Way, look_up, proves
from krug.administration.events import DirectoryDescribed, RoleWithdrawn
from krug.administration.models import Directory, GroupRole, Identity
from krug.administration.models.directory import THE_ONE
from krug.administration.openid import Vouched
from krug.administration.policies import refuse_greater, rights_of_role
from krug.kernel.attempts import normal_name
from krug.kernel.errors import Refusal
from krug.kernel.fields.text import refuse_longer
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.recording import begin_act, record
from krug.kernel.visibility import forget_rights
from krug.kernel.writing import check

PURPOSE, LONGEST_GROUP = "directory", 300
FIELDS = ("is_on", "host", "port", "security", "login", "base", "person_filter", "group_filter")
ASKED = ("host", "port", "security", "login", "base", "person_filter", "group_filter")


def directory() -> Directory:
    """What is known of the directory; an empty one when none was named."""
    return Directory.objects.filter(pk=THE_ONE).first() or Directory()


def way_in() -> Way | None:
    """Where the directory is asked; nothing when people do not sign in by it."""
    known = directory()
    return way_of(known) if known.is_on and known.host else None


def way_of(known: Directory) -> Way:
    """How the directory is asked."""
    return Way(**{name: getattr(known, name) for name in ASKED}, password=unlock(known.secret, purpose=PURPOSE))


@transaction.atomic
def describe_directory(values: dict[str, Any], groups: list[tuple[str, Role]], *, password: str, by: User) -> Directory:
    """Write down where the directory is and what its groups give; nobody gives more than he may himself."""
    known = directory()
    refuse_line_breaks({**values, "secret": password})
    differing = [name for name in FIELDS if name in values and getattr(known, name) != values[name]]
    for name in differing:
        setattr(known, name, values[name])
    refuse_to_carry(known, differing, password)
    if known.host and "{login}" not in known.person_filter:
        raise Refusal(_("The question must hold {login}, where the login of the person goes."), field="person_filter")
    for _group, role in groups:
        refuse_greater(by, rights_of_role(role))
    if password:
        known.secret = lock(password, purpose=PURPOSE)
        differing.append("key")
    check(known)
    begin_act(by)
    known.save()
    before = set(GroupRole.objects.values_list("group", "role_id"))
    wanted = {(refuse_longer(group.strip().casefold(), LONGEST_GROUP, "groups"), role.pk) for group, role in groups}
    if before != wanted:
        GroupRole.objects.all().delete()
        GroupRole.objects.bulk_create(GroupRole(group=group, role_id=role) for group, role in sorted(wanted))
        differing.append("groups")
    if differing:
        record(DirectoryDescribed(directory=known, fields=differing, by=by))
    return known


def groups_of_directory() -> list[GroupRole]:
    """Which groups give which roles."""
    return list(GroupRole.objects.select_related("role"))


def is_of_directory(person: User) -> bool:
    """Whether this person's password is judged by the directory."""
    return Identity.objects.filter(user=person, issuer=issuer()).exists()


def person_of_directory(way: Way, login: str, password: str) -> User | None:
    """The person whose login and password the directory takes; somebody new only when a group gives a role."""
    try:
        found = look_up(way, login)
        if found is None or not proves(way, found, password):
            return None
    except NoDirectory:
        audit("directory.unreachable", refused=True)
        return None
    return _known_or_new(found)


@transaction.atomic
def join_directory(person: User, login: str, password: str) -> User:
    """The person has proved who one is here, and now proves the account in the directory."""
    way = way_in()
    found = look_up(way, login) if way is not None else None
    if way is None or found is None or not proves(way, found, password):
        raise Refusal(_("The directory does not take this name and password."), field="directory_password")
    return join_identity(person, _vouched(found))


def issuer() -> str:
    """The name of the directory among the issuers of accounts."""
    return f"directory:{directory().base.casefold()}"[:300]


@transaction.atomic
def _known_or_new(found: Found) -> User | None:
    known, roles = identity_of(_vouched(found)), _roles_of(found)
    if known is not None:
        if known.user.may_come_in:
            _follow_groups(known.user, roles)
        return known.user
    email = normal_name(found.email)
    if not roles or not email or User.objects.filter(email__iexact=email).exists():
        return None
    actor = clock_actor()
    begin_act(actor)
    names = {"given_name": found.given_name, "surname": found.surname}
    person = create_person(by=actor, email=email, source="directory", **names)
    for role in roles:
        take_role(person, role, by=actor)
    return join_identity(person, _vouched(found))


def _follow_groups(person: User, wanted: list[Role]) -> None:
    """Roles that groups give come and go with the groups; others are left alone."""
    actor = clock_actor()
    held = {role.pk for role in person.roles.all()}
    given = {row.role_id for row in GroupRole.objects.all()}
    gone = Role.objects.filter(pk__in=(held & given) - {role.pk for role in wanted})
    begin_act(actor)
    for role in wanted:
        if role.pk not in held:
            take_role(person, role, by=actor)
    for role in gone:
        person.roles.remove(role)
        forget_sessions(Session.objects.filter(user=person))
        forget_rights([person])
        refuse_no_administrator()
        record(RoleWithdrawn(person=person, role=role, by=actor))


def _roles_of(found: Found) -> list[Role]:
    rows = GroupRole.objects.select_related("role").filter(group__in=found.groups, role__is_archived=False)
    return list({row.role_id: row.role for row in rows}.values())


def _vouched(found: Found) -> Vouched:
    return Vouched(issuer(), found.number, found.email, True, found.given_name, found.surname)
