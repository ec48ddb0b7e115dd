"""A link with which a person chooses a password: once, for a short time, dead as soon as anything changed (AUT-12)."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.db.models import Max
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.administration.actions.first_steps import begin_first_steps
from krug.administration.actions.known_people import person_named
from krug.administration.actions.mail import owe_letter
from krug.administration.actions.passwords import change_password
from krug.administration.events import PersonInvited
from krug.administration.models import Identity, Letter
from krug.administration.policies import refuse_above
from krug.kernel.attempts import count_attempt, forgive_account, normal_name
from krug.kernel.errors import LinkOver, Refusal, TooMany
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.recording import record

SALT = "krug.invitation"
FIRST_TIME = timedelta(hours=72)
AGAIN = timedelta(minutes=60)


@transaction.atomic
def invite_person(person: User, *, by: User) -> str:
    """Give out the secret part of a link for a person, and send it where mail is connected.

    Earlier links live on until a password is chosen.
    """
    if person.pk == by.pk:
        raise Refusal(_("Change your own password in your settings."))
    refuse_above(by, person)
    if not person.may_come_in:
        raise Refusal(_("This person may not come in. Activate the account first."))
    record(PersonInvited(person=person, by=by))
    owe_letter(Letter.Kind.RESET if person.has_usable_password() else Letter.Kind.INVITATION, person)
    return secret_for(person)


def forgot_password(email: str, *, address: str | None) -> None:
    """Somebody at the door asks for a link by mail; who is known gets one, and the asker learns nothing of it."""
    attempt = count_attempt("forgot", email, address)
    if not attempt.allowed:
        raise TooMany(_("Too many attempts. Wait and try again."), retry_after=attempt.retry_after)
    person = person_named(normal_name(email[:508]))
    with transaction.atomic():
        if person is not None and person.may_come_in:
            owe_letter(Letter.Kind.RESET if person.has_usable_password() else Letter.Kind.INVITATION, person)
        audit("forgot", actor=person, address=address)


def secret_for(person: User) -> str:
    """The secret part of a link, good from this moment on."""
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
    is_new = not person.has_usable_password()
    change_password(person, password, by=person)
    if is_new:
        begin_first_steps(person)
    forgive_account(person.email)
    return person


def _state_of(person: User) -> str:
    newest = Identity.objects.filter(user=person).aggregate(pk=Max("pk"))["pk"]
    return salted_hmac(SALT, f"{person.pk}\0{person.password}\0{person.email}\0{newest}").hexdigest()[:32]
