"""People: who works here, who is let in, who is sent away."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import Role, Team, User
from krug.administration.actions.passwords import refuse_weak
from krug.administration.actions.roles import refuse_last_administrator, take_role
from krug.administration.actions.sessions import shut_all_doors
from krug.administration.events import EmailChanged, PersonActivated, PersonAdded, PersonDeactivated
from krug.administration.policies import refuse_above, refuse_greater, rights_of_role
from krug.exchange.models import ImportRun
from krug.kernel import writing
from krug.kernel.attempts import forgive_account, normal_name
from krug.kernel.errors import Fault, Invalid, Refusal
from krug.kernel.journal.recording import begin_act, record
from krug.kernel.models import ChangeRun
from krug.kernel.registry import get_entity
from krug.kernel.writing import RecordChanged, check

SETUP, CLOCK = "setup@system.krug", "clock@system.krug"


@transaction.atomic
def create_person(*, by: User, password: str = "", **values: Any) -> User:
    """Somebody new works here; without a password the person chooses one by an invitation."""
    person = User(**{**values, "email": normal_name(values.get("email", ""))})
    if password:
        refuse_weak(password, person=person)
        person.set_password(password)
    else:
        person.set_unusable_password()
    _refuse_taken(person)
    check(person)
    person.save(force_insert=True)
    record(PersonAdded(person=person, by=by))
    return person


@transaction.atomic
def change_person(person: User, values: dict[str, Any], *, by: User) -> User:
    """Change what is known of a person; the address under which one signs in is changed with care."""
    refuse_above(by, person)
    differing = {name: value for name, value in values.items() if getattr(person, name) != value}
    if "email" in differing:
        if person.pk == by.pk:
            raise Refusal(_("Change your own e-mail in your profile, where your password is asked."), field="email")
        differing["email"] = normal_name(differing["email"])
    if not differing:
        return person
    for name, value in differing.items():
        setattr(person, name, value)
    _refuse_taken(person)
    check(person)
    person.save(update_fields=[*differing])
    person.refresh_from_db(fields=["version", "updated_at"])
    if "email" in differing:
        shut_all_doors(person)
        record(EmailChanged(person=person, by=by))
    record(RecordChanged(record=person, fields=list(differing), by=by))
    return person


@transaction.atomic
def change_own_email(person: User, email: str) -> User:
    """A person signs in under another address from now on."""
    begin_act(person)
    person = User.objects.select_for_update().get(pk=person.pk)
    person.email = normal_name(email)
    _refuse_taken(person)
    check(person)
    person.save(update_fields=["email"])
    record(EmailChanged(person=person, by=person))
    return person


@transaction.atomic
def deactivate_person(person: User, *, by: User) -> User:
    """A person may not come in any more: sessions, tokens and what runs in the name end at once, the work stays."""
    if person.pk == by.pk:
        raise Refusal(_("You can not send yourself away; another administrator must do this."))
    refuse_above(by, person)
    refuse_last_administrator(person)
    if not person.is_active:
        return person
    person.is_active = False
    person.save(update_fields=["is_active"])
    shut_all_doors(person)
    _stop_runs_of(person)
    record(PersonDeactivated(person=person, by=by))
    return person


def _stop_runs_of(person: User) -> None:
    """Imports, bulk edits and undoing under way stop where they stand; an export asks for the right as it writes."""
    for runs in (ChangeRun.objects, ImportRun.objects):
        runs.filter(created_by=person, finished_at=None).update(is_cancelled=True)


@transaction.atomic
def activate_person(person: User, *, by: User) -> User:
    """A person may come in again, with the roles held before."""
    refuse_above(by, person)
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active"])
    forgive_account(person.email)
    record(PersonActivated(person=person, by=by))
    return person


@transaction.atomic
def archive_person(person: User, *, by: User) -> User:
    """Put a person away who has left: first no door opens any more, then the name leaves the lists."""
    deactivate_person(person, by=by)
    put_away: User = writing.archive(get_entity("user"), person, by=by)
    return put_away


@transaction.atomic
def add_user(email: str, role: str, *, password: str, by: User, team: str = "", name: str = "") -> User:
    """Let somebody in from the command line: e-mail, role by its code, team by its name."""
    begin_act(by)
    wanted = Role.objects.filter(code=role, is_archived=False).first()
    if wanted is None:
        known = ", ".join(Role.objects.filter(is_archived=False).values_list("code", flat=True))
        raise Refusal(
            _("There is no role “%(code)s”. Roles: %(known)s.") % {"code": role, "known": known}, field="role"
        )
    refuse_greater(by, rights_of_role(wanted))
    place = Team.objects.filter(name__iexact=team, is_archived=False).first() if team else None
    if team and place is None:
        raise Refusal(_("There is no team “%(name)s”.") % {"name": team}, field="team")
    person = create_person(by=by, password=password, email=email, team=place, **split_name(name))
    take_role(person, wanted, by=by)
    return person


def _refuse_taken(person: User) -> None:
    """One address leads to one person, who signs in under it."""
    if User.objects.filter(email__iexact=person.email).exclude(pk=person.pk).exists():
        raise Invalid([Fault("email", _("Another employee already has this e-mail."), "EMAIL_TAKEN")])


def split_name(name: str) -> dict[str, str]:
    """Surname, given name and patronymic: in this order in Russian, the surname last in English."""
    words = name.split()
    if len(words) > 1 and name.isascii():
        words = [words[-1], *words[:-1]]
    parts = [*words[:2], " ".join(words[2:])]
    return dict(zip(("surname", "given_name", "patronymic"), [*parts, "", ""], strict=False))


def setup_actor() -> User:
    """The named system user in whose name an installation is set up and the command line works."""
    return _system_actor(SETUP, "Krug")


def clock_actor() -> User:
    """The named system user in whose name the clock acts."""
    return _system_actor(CLOCK, "Clock")


def _system_actor(email: str, surname: str) -> User:
    actor, is_new = User.objects.get_or_create(
        email=email, defaults={"surname": surname, "is_system": True, "password": "!"}
    )
    if is_new:
        actor.set_unusable_password()
        actor.save(update_fields=["password"])
    return actor
