"""The way to a service that vouches for people, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from krug.administration.actions.invitations import person_invited
from krug.administration.actions.sign_on import (
    join_identity,
    part_identity,
    person_vouched,
    provider_numbered,
    secret_of,
)
from krug.administration.models import Provider
from krug.administration.openid import NotVouched, Question, Vouched, address_of, new_question, service_of, vouched_by
from krug.administration.screens.admission import LEFT, admit
from krug.administration.screens.sign_in import form
from krug.administration.screens.steps import HOME, proven, steps_home
from krug.kernel.attempts import count_attempt
from krug.kernel.callers import client_address
from krug.kernel.errors import LinkOver, No, TooMany
from krug.kernel.journal.auditing import audit
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker, is_signed_in
from krug.kernel.ui.toasts import toast

ASKED, LIVES = "sign-on", 600


@require_GET
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Off to the service; from an invitation the link goes along as the proof of this side."""
    wanted = local(request, settings.LOGIN_REDIRECT_URL)
    return _leave(request, pk, {"for": "in", "wanted": wanted, "join": request.GET.get("join", "")[:400]})


@require_GET
@proven
def connect(request: HttpRequest, pk: int) -> HttpResponse:
    """Off to the service to connect the account there with the person who is signed in here."""
    return _leave(request, pk, {"for": "connect", "person": asker(request).pk, "wanted": HOME})


@require_GET
def answer(request: HttpRequest) -> HttpResponse:
    """Back from the service: its answer is believed once, by the browser that asked, and counted like a password."""
    kept: dict[str, Any] = request.session.pop(ASKED, None) or {}
    try:
        provider, vouched, end = _vouched(request, kept)
        if kept["for"] == "connect":
            return _connected(request, kept, vouched)
        if kept["join"]:
            person = join_identity(person_invited(kept["join"]), vouched)
        else:
            person = person_vouched(provider, vouched)
        request.session[LEFT] = end
        return admit(request, person, kept["wanted"], by="sign-on")
    except LinkOver:
        raise
    except No as no:
        audit("sign-in.failed", address=client_address(request), object="sign-on", refused=True)
        if is_signed_in(request):
            return steps_home(request, no)
        return form(request, kept.get("wanted", settings.LOGIN_REDIRECT_URL), False, no=no)


@require_POST
@proven
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """The account elsewhere opens nothing here any more."""
    try:
        part_identity(asker(request), pk)
    except No as no:
        return steps_home(request, no)
    toast(request, _("The account is disconnected."))
    return go_to(request, HOME)


def _leave(request: HttpRequest, pk: int, purpose: dict[str, Any]) -> HttpResponse:
    provider, question = provider_numbered(pk), new_question()
    try:
        service = service_of(provider.issuer)
    except No as no:
        return steps_home(request, no) if is_signed_in(request) else form(request, purpose["wanted"], False, no=no)
    at = int(timezone.now().timestamp())
    request.session[ASKED] = {**purpose, **asdict(question), "provider": provider.pk, "at": at}
    return HttpResponseRedirect(address_of(service, provider.client, _back(), question))


def _vouched(request: HttpRequest, kept: dict[str, Any]) -> tuple[Provider, Vouched, str]:
    attempt = count_attempt("sign-on", "", client_address(request))
    if not attempt.allowed:
        raise TooMany(_("Too many attempts. Wait and try again."), retry_after=attempt.retry_after)
    is_ours = kept and constant_time_compare(request.GET.get("state", ""), kept["state"])
    if not is_ours or timezone.now().timestamp() - kept["at"] > LIVES or not request.GET.get("code"):
        raise NotVouched()
    provider = provider_numbered(kept["provider"])
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise NotVouched()
    service = service_of(provider.issuer)
    question = Question(kept["state"], kept["nonce"], kept["verifier"])
    code = request.GET["code"][:2000]
    told = vouched_by(service, provider.client, secret_of(provider), code=code, back=_back(), question=question)
    attempt.succeeded()
    joint = "&" if "?" in service.end_session else "?"
    after = urlencode({"client_id": provider.client, "post_logout_redirect_uri": f"{settings.BASE_URL}/sign-in/"})
    return provider, told, f"{service.end_session}{joint}{after}" if service.end_session else ""


def _connected(request: HttpRequest, kept: dict[str, Any], vouched: Vouched) -> HttpResponse:
    if not is_signed_in(request) or asker(request).pk != kept["person"]:
        raise NotVouched()
    join_identity(asker(request), vouched)
    toast(request, _("The account is connected."))
    return go_to(request, HOME)


def _back() -> str:
    return f"{settings.BASE_URL}/sign-in/with/answer/"
