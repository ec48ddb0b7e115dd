"""A person's own keys for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from krug.access.models import ApiToken, User
from krug.administration.actions.signing_in import prove_again
from krug.administration.actions.tokens import (
    issue_token,
    revoke_token,
    revoke_token_of_anybody,
    tokens_of,
    valid_tokens,
)
from krug.administration.screens.admission import proven_lately
from krug.administration.screens.refusable import refusable
from krug.kernel.callers import client_address
from krug.kernel.errors import No, Refusal
from krug.kernel.fields.text import refuse_longer
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.ui import formats
from krug.kernel.ui.names import short_name
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import demand

READ_ONLY, READING = "*:view", ":view"
MOST_LETTERS = 80
DAYS = (7, 30, 90, 180, 365)


@sensitive_post_parameters("current")
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list of one's tokens, and a new one, whose text is shown this once."""
    user = asker(request)
    if request.method == "GET":
        return _page(request)
    demand(user, "token", "create")
    try:
        if not proven_lately(request):
            prove_again(user, request.POST.get("current", ""), door="token", address=client_address(request))
        days = request.POST.get("days", "90")
        if days not in {str(each) for each in DAYS}:
            raise Refusal(_("Choose one of the listed terms."), field="days")
        scopes, name = _scopes_of(request), request.POST.get("name", "").strip()
        issued = issue_token(user, scopes, by=user, name=refuse_longer(name, MOST_LETTERS, "name"), days=int(days))
    except No as no:
        return _page(request, no)
    return _page(request, fresh=issued.text)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token of one's own useless."""
    user = asker(request)
    revoke_token(user, pk, by=user)
    toast(request, _("The token is revoked."))
    return go_to(request, "/me/tokens/")


@require_safe
def all_tokens(request: HttpRequest) -> HttpResponse:
    """Every token of every person that opens something now, for administrators."""
    shown = [
        {
            **_shown(token),
            "owner": _called(token.user),
        }
        for token in valid_tokens()
    ]
    return render(request, "administration/all_tokens.html", {"tokens": shown})


@require_POST
def revoke_any(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the token of somebody useless."""
    revoke_token_of_anybody(pk, by=asker(request))
    toast(request, _("The token is revoked."))
    return go_to(request, "/settings/tokens/")


def _page(request: HttpRequest, no: No | None = None, *, fresh: str = "") -> HttpResponse:
    context = {
        "tab": "tokens",
        "fresh": fresh,
        "tokens": [_shown(token) for token in tokens_of(asker(request))],
        "asks_password": not proven_lately(request),
        "terms": [(str(days), ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in DAYS],
        "typed": {name: request.POST.get(name, "") for name in ("name", "scopes", "days", "reach")} if no else {},
    }
    return refusable(request, "administration/tokens.html", context, no)


def _scopes_of(request: HttpRequest) -> list[str]:
    """What was typed; to read only means all reading, or no more than the reading that was typed."""
    typed = request.POST.get("scopes", "").replace(",", " ").split()
    if request.POST.get("reach") != "read":
        return typed
    if beyond := next((scope for scope in typed if not scope.endswith(READING)), None):
        said = _("A token that only reads has scopes such as “deal:view”; “%(scope)s” is another one.")
        raise Refusal(said % {"scope": beyond[:60]}, field="scopes", code="SCOPE")
    return typed or [READ_ONLY]


def _called(person: User) -> str:
    return short_name(person.surname, person.given_name, person.patronymic) or person.email


def _shown(token: ApiToken) -> dict[str, Any]:
    return {
        "pk": token.pk,
        "name": token.name or _("Without a name"),
        "prefix": f"{token.prefix}…",
        "scopes": ", ".join(token.scopes),
        "expires": formats.date(timezone.localtime(token.expires_at).date()),
        "used": formats.moment(timezone.localtime(token.last_used_at)) if token.last_used_at else "",
        "is_valid": token.is_valid,
        "state": _("valid") if token.is_valid else _("revoked") if token.revoked_at else _("expired"),
    }
