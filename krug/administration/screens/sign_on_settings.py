"""The settings of single sign-on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from krug.administration.actions.sign_on import describe_provider, provider_numbered, providers
from krug.administration.models import Provider
from krug.administration.screens.refusable import refusable
from krug.kernel.doors import get_visible
from krug.kernel.errors import No
from krug.kernel.registry import get_entity
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast

HOME = "/settings/sign-on/"
TEXTS = ("name", "issuer", "client", "domains")


@require_GET
def providers_page(request: HttpRequest) -> HttpResponse:
    """The services that may vouch for people."""
    context = {"providers": providers(only_on=False), "back": f"{settings.BASE_URL}/sign-in/with/answer/"}
    return render(request, "administration/sign_on.html", context)


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """A service more."""
    return _edited(request, Provider())


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def one_page(request: HttpRequest, number: int) -> HttpResponse:
    """One service: what it is called, where it is, whom it brings in."""
    return _edited(request, provider_numbered(number, only_on=False))


def _edited(request: HttpRequest, provider: Provider) -> HttpResponse:
    if request.method == "GET":
        return _page(request, provider)
    try:
        values: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in TEXTS}
        values |= {"is_on": request.POST.get("is_on") == "true"}
        values |= {name: _chosen(request, name) for name in ("role", "team")}
        describe_provider(provider, values, secret=request.POST.get("secret", ""), by=asker(request))
    except No as no:
        return _page(request, provider, no)
    toast(request, _("Saved."))
    return go_to(request, HOME)


def _chosen(request: HttpRequest, name: str) -> Any:
    sent = request.POST.get(name, "")
    return get_visible(get_entity(name), asker(request), int(sent)) if sent.isascii() and sent.isdigit() else None


def _page(request: HttpRequest, provider: Provider, no: No | None = None) -> HttpResponse:
    values: dict[str, Any] = {name: getattr(provider, name) for name in TEXTS}
    values |= {"role": provider.role_id, "team": provider.team_id, "is_on": provider.is_on}
    if no is not None:
        values |= {name: request.POST.get(name, "") for name in (*TEXTS, "role", "team", "is_on")}
    user = asker(request)
    listed = {name: get_entity(name).rows_for(user).filter(is_archived=False)[:200] for name in ("role", "team")}
    context = {
        "values": values,
        "title": provider.name or _("New service"),
        "action": request.path,
        "has_secret": bool(provider.secret),
        "roles": [("", _("Only invited people come in")), *((role.pk, role.name) for role in listed["role"])],
        "teams": [(team.pk, team.name) for team in listed["team"]],
    }
    return refusable(request, "administration/sign_on_one.html", context, no)
