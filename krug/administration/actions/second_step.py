"""The second step of signing in: who has one, who must have one, and how it is shown (AUT-09 to AUT-13)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

import pyotp
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.locked import keyed_hash, lock, unlock
from krug.access.models import CodeKey, Passkey, RecoveryCode, Role, Session, User
from krug.access.second_step import lacks_step as lacks_step
from krug.access.second_step import required_from, without_step
from krug.administration.actions.mail import owe_letter
from krug.administration.actions.sessions import forget_sessions
from krug.administration.events import (
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SecondStepAdded,
    SecondStepDemanded,
    SecondStepRemoved,
    SecondStepReset,
)
from krug.administration.models import Letter
from krug.administration.policies import refuse_above
from krug.kernel.attempts import count_attempt
from krug.kernel.errors import NotFound, Refusal, TooMany
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.recording import begin_act, record

PURPOSE, RECOVERY = "code-key", "recovery-code"
APP, PASSKEY = "app", "passkey"
STEP_SECONDS = 30
SLACK = (0, -1, 1)
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GRACE = timedelta(days=7)


@dataclass(frozen=True)
class Steps:
    """By what a person can show the second step."""

    has_app: bool
    passkeys: int
    recovery_left: int

    def __bool__(self) -> bool:
        return self.has_app or self.passkeys > 0


def steps_of(person: User) -> Steps:
    """What the person has set up."""
    return Steps(
        has_app=CodeKey.objects.filter(user=person, confirmed_at__isnull=False).exists(),
        passkeys=Passkey.objects.filter(user=person).count(),
        recovery_left=RecoveryCode.objects.filter(user=person, used_at=None).count(),
    )


@transaction.atomic
def begin_app(person: User) -> str:
    """The secret for an app that is not confirmed yet; asked again, it is the same one."""
    key = CodeKey.objects.select_for_update().filter(user=person).first()
    if key is not None and key.confirmed_at is not None:
        raise Refusal(_("An app is connected already. Remove it first."))
    known = unlock(key.secret, purpose=PURPOSE) if key is not None else ""
    if known:
        return known
    fresh = pyotp.random_base32()
    CodeKey.objects.update_or_create(user=person, defaults={"secret": lock(fresh, purpose=PURPOSE), "last_step": 0})
    return fresh


@transaction.atomic
def confirm_app(person: User, code: str) -> list[str]:
    """The app shows the right code: it is the second step from now on. The first recovery codes come with it."""
    begin_act(person)
    if not _is_code_of_app(person, code, confirmed=False):
        raise Refusal(_("This is not the code that the app shows now. Look at the clock of the phone."), field="code")
    CodeKey.objects.filter(user=person).update(confirmed_at=timezone.now())
    record(SecondStepAdded(person=person, what=APP, by=person))
    return first_recovery_codes(person)


def first_recovery_codes(person: User) -> list[str]:
    """Ten codes for whoever has none yet; nothing for whoever has."""
    if RecoveryCode.objects.filter(user=person, used_at=None).exists():
        return []
    return renew_recovery_codes(person)


@transaction.atomic
def renew_recovery_codes(person: User) -> list[str]:
    """Ten new codes, each good for one sign-in; the earlier ones are dead."""
    begin_act(person)
    if not steps_of(person):
        raise Refusal(_("Recovery codes stand in for an app or a passkey: set up one of them first."))
    RecoveryCode.objects.filter(user=person).delete()
    codes = [
        "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _g in range(4)) for _c in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=person, digest=_digest(person, code)) for code in codes)
    record(RecoveryCodesMade(person=person, by=person))
    return codes


def show_code(person: User, code: str, *, address: str | None, device: str = "") -> None:
    """The person shows a code of the app or a recovery code; counted first, good once (AUT-11)."""
    attempt = count_attempt("code", str(person.pk), address, device=device)
    if not attempt.allowed:
        audit("code.locked", actor=person, address=address, refused=True)
        raise TooMany(_("Too many attempts. Wait and try again."), retry_after=attempt.retry_after)
    with transaction.atomic():
        is_right = _is_code_of_app(person, code) or _is_recovery_code(person, code)
    if not is_right:
        audit("code.failed", actor=person, address=address, refused=True)
        raise Refusal(_("This code is not right, or it was used already. Wait for the next one."), field="code")
    attempt.succeeded()


@transaction.atomic
def remove_app(person: User) -> None:
    """The app is not the second step any more."""
    begin_act(person)
    _refuse_last(person, APP)
    if not CodeKey.objects.filter(user=person, confirmed_at__isnull=False).delete()[0]:
        raise NotFound()
    _forget_useless_codes(person)
    record(SecondStepRemoved(person=person, what=APP, by=person))


@transaction.atomic
def remove_passkey(person: User, pk: int) -> None:
    """One passkey opens nothing any more."""
    begin_act(person)
    _refuse_last(person, PASSKEY)
    if not Passkey.objects.filter(user=person, pk=pk).delete()[0]:
        raise NotFound()
    _forget_useless_codes(person)
    record(SecondStepRemoved(person=person, what=PASSKEY, by=person))


@transaction.atomic
def reset_second_step(person: User, *, by: User) -> User:
    """A person lost phone and codes: all ways are taken away, every session ends, the next sign-in sets up anew."""
    if person.pk == by.pk:
        raise Refusal(_("Change your own second step in your settings."))
    refuse_above(by, person)
    if not steps_of(person):
        raise Refusal(_("This person has no second step of sign-in."))
    for rows in (CodeKey.objects, Passkey.objects, RecoveryCode.objects):
        rows.filter(user=person).delete()
    forget_sessions(Session.objects.filter(user=person))
    record(SecondStepReset(person=person, by=by))
    owe_letter(Letter.Kind.STEP_RESET, person)
    return person


def demand_second_step(role: Role, since: date | None, *, by: User) -> None:
    """From that day whoever holds the role signs in by two steps; without a day it is left to each."""
    Role.objects.filter(pk=role.pk).update(factor_from=since)
    role.factor_from = since
    told_step(role, by=by)


def told_step(role: Role, *, by: User) -> None:
    """Write down what a role demands now; sessions that began without the step end at once."""
    record(SecondStepDemanded(role=role, since=role.factor_from.isoformat() if role.factor_from else "—", by=by))
    end_sessions_without_step()


def end_sessions_without_step() -> int:
    """Whoever lacks a step that is asked for by now is signed out everywhere; asked each minute by the clock."""
    return forget_sessions(Session.objects.filter(without_step("user")))


def _is_code_of_app(person: User, code: str, *, confirmed: bool = True) -> bool:
    typed = "".join(code.split())
    key = CodeKey.objects.select_for_update().filter(user=person, confirmed_at__isnull=not confirmed).first()
    secret = unlock(key.secret, purpose=PURPOSE) if key is not None else ""
    if key is None or not secret or not typed.isascii() or not typed.isdigit():
        return False
    totp, now = pyotp.TOTP(secret), int(timezone.now().timestamp()) // STEP_SECONDS
    for step in (now + slack for slack in SLACK):
        if step > key.last_step and secrets.compare_digest(totp.generate_otp(step), typed):
            return bool(CodeKey.objects.filter(pk=key.pk, last_step__lt=step).update(last_step=step))
    return False


def _is_recovery_code(person: User, code: str) -> bool:
    left = RecoveryCode.objects.filter(user=person, used_at=None)
    if not left.filter(digest=_digest(person, code)).update(used_at=timezone.now()):
        return False
    record(RecoveryCodeUsed(person=person, left=left.count(), by=person))
    return True


def _digest(person: User, code: str) -> str:
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())[:64]
    return keyed_hash(f"{person.pk}:{plain}", purpose=RECOVERY)


def _refuse_last(person: User, what: str) -> None:
    steps = steps_of(person)
    rest = (steps.has_app and what != APP) or steps.passkeys > (what == PASSKEY)
    day = required_from(person)
    if not rest and day is not None and day <= timezone.localdate():
        raise Refusal(_("Your role asks for a second step. Set up another one before you remove this one."))


def _forget_useless_codes(person: User) -> None:
    if not steps_of(person):
        RecoveryCode.objects.filter(user=person).delete()
