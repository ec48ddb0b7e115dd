"""Passwords: what may be one, whether one is right, and how one is replaced."""

from __future__ import annotations

import os
import re
import threading
from functools import lru_cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import Session, User
from krug.administration.actions.sessions import forget_sessions
from krug.administration.events import PasswordChanged
from krug.administration.models import Company
from krug.administration.rules.guessing import is_guessed_first
from krug.kernel.errors import Busy, Refusal
from krug.kernel.journal.recording import begin_act, record
from krug.kernel.tokens import revoke_all

SHORTEST, LONGEST = 12, 128
OWN_PART = 8
PRODUCT_WORDS = ("krug", "круг", "crm", "црм")
LONGEST_WAIT = 0.9

_hashing = threading.BoundedSemaphore(2 * (os.cpu_count() or 1))


def is_right(user: User | None, password: str) -> bool:
    """Whether the password is this user's; for nobody the answer is no and takes as long (AUT-07)."""
    if not _hashing.acquire(timeout=LONGEST_WAIT):
        raise Busy(_("Too many people are signing in at this moment."), retry_after=5)
    try:
        given = password if len(password) <= LONGEST else ""
        if user is None or not user.has_usable_password():
            make_password(given)
            return False
        return check_password(given, user.password, setter=lambda raw: _rehash(user, raw))
    finally:
        _hashing.release()


def refuse_weak(password: str, *, person: User | None = None) -> None:
    """Refuse what is too short, too common, or made of words that anybody would try first."""
    if len(password) < SHORTEST:
        raise Refusal(
            _("The password needs at least 12 characters; several words are easiest to remember."), field="password"
        )
    if len(password) > LONGEST:
        raise Refusal(_("The password may have at most 128 characters."), field="password")
    if password.casefold().strip() in common_passwords() or is_guessed_first(password, common_passwords()):
        raise Refusal(_("This password is on the lists that are tried first. Choose another."), field="password")
    left = re.sub(r"[\W_]+", "", password.casefold())
    for word in sorted(known_words(person), key=len, reverse=True):
        left = left.replace(word, "")
    if len(left) < OWN_PART and len(left) < len(re.sub(r"[\W_]+", "", password)):
        raise Refusal(
            _("The password is made of your name, the company's or the product's. Add words of your own."),
            field="password",
        )


@transaction.atomic
def change_password(
    person: User, password: str, *, by: User, keep_session: str = "", keep_tokens: bool = False
) -> User:
    """Replace a password; every other session ends, and so do the tokens unless they are to stay."""
    refuse_weak(password, person=person)
    begin_act(by)
    person.set_password(password)
    person.save(update_fields=["password"])
    forget_sessions(Session.objects.filter(user=person).exclude(session_key=keep_session or None))
    if not keep_tokens:
        revoke_all(person)
    record(PasswordChanged(person=person, by=by))
    return person


def known_words(person: User | None) -> set[str]:
    """The words that anybody would try first: product, company, and the person's own names."""
    company = Company.objects.values_list("name", flat=True).first() or ""
    texts = [company]
    if person is not None:
        texts += [person.surname, person.given_name, person.patronymic, person.email.replace("@", " ")]
    words = {word for text in texts for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= 4}
    return words | set(PRODUCT_WORDS)


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The twenty thousand passwords that are tried first."""
    return frozenset(CommonPasswordValidator().passwords)


def _rehash(user: User, raw: str) -> None:
    user.set_password(raw)
    user.save(update_fields=["password"])
