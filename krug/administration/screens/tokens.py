"""A person's own keys for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from krug.access.models import ApiToken
from krug.administration.actions.signing_in import prove_again
from krug.administration.actions.tokens import issue_token, revoke_token, tokens_of
from krug.administration.screens.admission import proven_lately
from krug.administration.screens.refusable import refusable
from krug.kernel.callers import client_address
from krug.kernel.errors import No, Refusal
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.ui import formats
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import demand

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
        scopes = request.POST.get("scopes", "").replace(",", " ").split()
        issued = issue_token(user, scopes, by=user, name=request.POST.get("name", "").strip(), days=int(days))
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


def _page(request: HttpRequest, no: No | None = None, *, fresh: str = "") -> HttpResponse:
    context = {
        "tab": "tokens",
        "fresh": fresh,
        "tokens": [_shown(token) for token in tokens_of(asker(request))],
        "asks_password": not proven_lately(request),
        "terms": [(str(days), ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in DAYS],
        "typed": {name: request.POST.get(name, "") for name in ("name", "scopes", "days")} if no else {},
    }
    return refusable(request, "administration/tokens.html", context, no)


def _shown(token: ApiToken) -> dict[str, Any]:
    return {
        "pk": token.pk,
        "name": token.name or _("Without a name"),
        "prefix": f"{token.prefix}…",
        "scopes": ", ".join(token.scopes),
        "expires": formats.date(timezone.localtime(token.expires_at).date()),
        "used": formats.moment(timezone.localtime(token.last_used_at)) if token.last_used_at else "",
        "is_valid": token.is_valid,
        "state": _("valid") if token.is_valid else _("revoked") if token.revoked_at else _("too old"),
    }
