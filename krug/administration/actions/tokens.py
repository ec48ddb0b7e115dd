"""Keys for programs: a person makes and revokes own ones, never stronger than the person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import ApiToken, User
from krug.administration.events import TokenIssued, TokenRevoked
from krug.administration.policies import refuse_above
from krug.kernel import tokens
from krug.kernel.errors import NotFound, Refusal
from krug.kernel.journal.recording import begin_act, record

MOST = 50
MOST_SHOWN = 500


@transaction.atomic
def issue_token(
    user: User, scopes: Iterable[str] = (), *, by: User, name: str = "", days: int = 90
) -> tokens.IssuedToken:
    """Make a key for a person; its text is shown this once."""
    if not user.may_come_in:
        raise Refusal(_("This person may not come in, so no token can be made."))
    if ApiToken.objects.filter(user=user, revoked_at=None).count() >= MOST:
        raise Refusal(_("Fifty tokens are enough: revoke those that are not needed."))
    refuse_above(by, user)
    begin_act(by)
    issued = tokens.issue(user, name=name, scopes=scopes, lives=timedelta(days=days))
    record(TokenIssued(person=user, name=name, prefix=issued.token.prefix, scopes=issued.token.scopes, by=by))
    return issued


@transaction.atomic
def revoke_token(user: User, pk: int, *, by: User) -> ApiToken:
    """Make one key of a person useless at once; doing it twice changes nothing."""
    token = ApiToken.objects.filter(user=user, pk=pk).first()
    if token is None:
        raise NotFound()
    begin_act(by)
    if tokens.revoke(token):
        record(TokenRevoked(person=user, name=token.name, prefix=token.prefix, by=by))
    return token


@transaction.atomic
def revoke_token_of_anybody(pk: int, *, by: User) -> ApiToken:
    """An administrator makes the key of a person useless, unless that person may more than he does."""
    token = ApiToken.objects.select_related("user").filter(pk=pk).first()
    if token is None:
        raise NotFound()
    refuse_above(by, token.user)
    return revoke_token(token.user, pk, by=by)


def valid_tokens() -> list[ApiToken]:
    """Every key that opens something now, the one used last first."""
    rows = ApiToken.objects.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)
    return list(rows.select_related("user").order_by(F("last_used_at").desc(nulls_last=True), "-id")[:MOST_SHOWN])


def tokens_of(user: User) -> list[ApiToken]:
    """The keys of a person, the newest first; those long dead are left out."""
    return list(ApiToken.objects.filter(user=user).order_by("revoked_at", "-created_at")[: 2 * MOST])
