"""Keys for programs: made once, kept only as a hash, never stronger than their owner (API-01, ACL-10)."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import ApiToken, User
from krug.kernel.attempts import count_attempt, is_shut
from krug.kernel.errors import NotSignedIn, Refusal, TooMany
from krug.kernel.visibility import demand_step, keep, rights_of

PREFIX = "krug_"
BITS = 256
SHOWN = 12
LIVES = timedelta(days=90)
LONGEST_LIFE = timedelta(days=366)
NOTED_EVERY = timedelta(minutes=1)
EVERYTHING = "*:*"
SCOPE = re.compile(r"(\*|[a-z][a-z0-9-]*):(\*|[a-z][a-z0-9_-]*)")


@dataclass(frozen=True)
class IssuedToken:
    """A new key: its text is known at this moment only."""

    text: str
    token: ApiToken


def issue(user: User, *, name: str = "", scopes: Iterable[str] = (), lives: timedelta = LIVES) -> IssuedToken:
    """Make a key for this user; without scopes it may do whatever its owner may."""
    wanted = sorted({read_scope(scope) for scope in scopes}) or [EVERYTHING]
    if not timedelta(0) < lives <= LONGEST_LIFE:
        raise Refusal(_("A token lives between one day and one year."), field="days")
    text = PREFIX + secrets.token_urlsafe(BITS // 8)
    token = ApiToken.objects.create(
        user=user,
        name=name[:80],
        prefix=text[:SHOWN],
        digest=digest_of(text),
        scopes=wanted,
        expires_at=timezone.now() + lives,
    )
    return IssuedToken(text, token)


def read_scope(text: str) -> str:
    """A scope in its full form: `deal` means `deal:*`, and what is not a scope is refused."""
    given = text.strip()
    full = EVERYTHING if given == "*" else given if ":" in given else f"{given}:*"
    if not SCOPE.fullmatch(full):
        raise Refusal(
            _("“%(scope)s” is not a scope. Write, for example, deal:view, deal:* or *:view.") % {"scope": given[:60]},
            field="scopes",
        )
    return full


def token_from(header: str) -> ApiToken | None:
    """The valid key that an Authorization header carries, if it carries one."""
    kind, _space, text = header.partition(" ")
    text = text.strip()
    if kind.casefold() != "bearer" or not text.startswith(PREFIX) or len(text) > 200:
        return None
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(text)).first()
    return token if token is not None and token.is_valid and token.user.may_come_in else None


def authenticate_token(header: str, address: str | None) -> User:
    """The owner of the key, with no more rights than the key; wrong keys slow their address down.

    From an address that is shut for guessing only keys come in that had come in before (AUT-04, AUT-06).
    """
    token = token_from(header)
    shut_since = is_shut("api", address) if token is not None else None
    if token is None or (shut_since is not None and not (token.last_used_at and token.last_used_at < shut_since)):
        attempt = count_attempt("api", "", address)
        if not attempt.allowed:
            raise TooMany(_("Too many wrong tokens came from this address."), retry_after=attempt.retry_after)
        raise NotSignedIn(_("This token is not valid: it is unknown, revoked or too old."), code="BAD_TOKEN")
    user = token.user
    demand_step(user)
    note_use(token)
    keep(user, "rights", rights_of(user).within(token.scopes))
    return user


def note_use(token: ApiToken) -> None:
    """Remember when the key was last used, at most once a minute."""
    now = timezone.now()
    is_old = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        ApiToken.objects.filter(is_old, pk=token.pk).update(last_used_at=now)


def revoke(token: ApiToken) -> bool:
    """Make a key useless from this moment on; false when it was so already."""
    return bool(ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()))


def revoke_all(user: User) -> int:
    """Make all keys of a user useless."""
    return ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def digest_of(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode()).hexdigest()
