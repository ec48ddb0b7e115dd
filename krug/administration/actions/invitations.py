"""A link with which a person chooses a password: once, for a short time, dead as soon as anything changed (AUT-12)."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.administration.actions.passwords import change_password
from krug.administration.events import PersonInvited
from krug.administration.policies import refuse_above
from krug.kernel.attempts import forgive_account
from krug.kernel.errors import LinkOver, Refusal
from krug.kernel.journal.recording import record

SALT = "krug.invitation"
FIRST_TIME = timedelta(hours=72)
AGAIN = timedelta(minutes=60)


@transaction.atomic
def invite_person(person: User, *, by: User) -> str:
    """Give out the secret part of a link for a person; earlier links live on until a password is chosen."""
    if person.pk == by.pk:
        raise Refusal(_("Change your own password in your settings."))
    refuse_above(by, person)
    if not person.may_come_in:
        raise Refusal(_("This person may not come in. Activate the account first."))
    record(PersonInvited(person=person, by=by))
    return signing.dumps([person.pk, _state_of(person)], salt=SALT)


def person_invited(secret: str) -> User:
    """The person whom a link names, as long as the link is good."""
    try:
        pk, state = signing.loads(secret, salt=SALT, max_age=FIRST_TIME)
        person = User.objects.filter(pk=int(pk)).first()
        if person is not None and person.has_usable_password():
            signing.loads(secret, salt=SALT, max_age=AGAIN)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkOver() from None
    if person is None or not person.may_come_in or not constant_time_compare(state, _state_of(person)):
        raise LinkOver()
    return person


@transaction.atomic
def accept_invitation(secret: str, password: str) -> User:
    """The invited person chooses a password; the link dies with it."""
    named = person_invited(secret)
    person = User.objects.select_for_update().get(pk=named.pk)
    if not constant_time_compare(_state_of(person), _state_of(named)):
        raise LinkOver()
    change_password(person, password, by=person)
    forgive_account(person.email)
    return person


def _state_of(person: User) -> str:
    return salted_hmac(SALT, f"{person.pk}\0{person.password}\0{person.email}").hexdigest()[:32]
