"""Somebody looks with the eyes of a person or of a role: reads what is shown there, and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import Role, User
from krug.administration.policies import refuse_above, rights_of_role
from krug.kernel.errors import NotAllowed, Refusal
from krug.kernel.journal.auditing import audit
from krug.kernel.ui.names import called
from krug.kernel.visibility import demand, keep, may, rights_of

LIVES = timedelta(minutes=30)
RIGHT = ("user", "look-as")
Kept = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """With whose eyes somebody looks: the person whose rights count, and what is said of it."""

    eyes: User
    name: str
    is_role: bool


def begin_looking(subject: User | Role, *, by: User) -> Kept:
    """Look as this person, or as somebody who holds this role alone; never as somebody who may more."""
    demand(by, *RIGHT)
    if isinstance(subject, Role):
        _refuse_greater_role(by, subject)
    elif subject.pk == by.pk:
        raise Refusal(_("These are your own eyes already."))
    elif not subject.may_come_in:
        raise Refusal(_("This person may not come in and sees nothing."))
    else:
        refuse_above(by, subject)
    kept = {
        "kind": "role" if isinstance(subject, Role) else "user",
        "id": subject.pk,
        "by": by.pk,
        "until": (timezone.now() + LIVES).timestamp(),
    }
    audit("look.begun", actor=by, object=_object_in(kept))
    return kept


def end_looking(kept: Kept, *, by: User) -> None:
    """One's own eyes again; that it ended is written down as its beginning was."""
    audit("look.ended", actor=by, object=_object_in(kept))


def look_in(kept: Kept, by: User) -> Look | None:
    """What a session keeps, asked again at each request: over after half an hour, or when a right was lost."""
    if kept["by"] != by.pk or timezone.now().timestamp() >= kept["until"] or not may(by, *RIGHT):
        return None
    if kept["kind"] == "role":
        role = Role.objects.filter(pk=kept["id"], is_archived=False).first()
        return _as_role(role, by) if role and rights_of(by).cover(rights_of_role(role)) else None
    person = User.objects.filter(pk=kept["id"]).first()
    if person is None or not person.may_come_in or not rights_of(by).cover(rights_of(person)):
        return None
    return Look(person, called(person), is_role=False)


def may_look_as(subject: User | Role, by: User) -> bool:
    """Whether the button stands on the page of this person or role."""
    if not may(by, *RIGHT) or subject.is_archived:
        return False
    if isinstance(subject, Role):
        return rights_of(by).cover(rights_of_role(subject))
    return subject.pk != by.pk and subject.may_come_in and rights_of(by).cover(rights_of(subject))


def _as_role(role: Role, by: User) -> Look:
    """The looker with the rights of the role alone: what is his own stays his own."""
    eyes = User.objects.get(pk=by.pk)
    keep(eyes, "rights", rights_of_role(role))
    return Look(eyes, role.name, is_role=True)


def _refuse_greater_role(by: User, role: Role) -> None:
    if role.is_archived:
        raise Refusal(_("This role is in the archive and gives nothing."))
    if not rights_of(by).cover(rights_of_role(role)):
        raise NotAllowed(_("This role has rights that you do not have; another administrator must do this."))


def _object_in(kept: Kept) -> str:
    return f"{kept['kind']}:{kept['id']}"
