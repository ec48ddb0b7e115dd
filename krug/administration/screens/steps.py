"""A person's own second step: an app, recovery codes, passkeys; a fresh proof is asked before anything changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krug.access.models import Passkey
from krug.administration.actions.directory import is_of_directory, way_in
from krug.administration.actions.passkeys import house_at
from krug.administration.actions.second_step import (
    begin_app,
    confirm_app,
    remove_app,
    renew_recovery_codes,
    required_from,
    show_code,
    steps_of,
)
from krug.administration.actions.sign_on import identities_of, providers
from krug.administration.actions.signing_in import prove_again
from krug.administration.screens.admission import proven_lately, settle_session
from krug.administration.screens.qr import connecting
from krug.administration.screens.refusable import refusable
from krug.kernel.callers import client_address
from krug.kernel.errors import No
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker
from krug.kernel.ui import formats
from krug.kernel.ui.toasts import toast

HOME, CONFIRM = "/me/second-step/", "/me/confirm/"
View = Callable[..., HttpResponse]


def proven(view: View) -> View:
    """Only after the password or a code was shown within the last ten minutes; otherwise it is asked now."""

    @wraps(view)
    def asked(request: HttpRequest, *given: object, **named: object) -> HttpResponse:
        if proven_lately(request):
            return view(request, *given, **named)
        back = request.get_full_path() if request.method == "GET" else HOME
        return go_to(request, f"{CONFIRM}?{urlencode({'next': back})}")

    return asked


@sensitive_post_parameters("current", "code")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The same person is still at the keyboard: the password, or a code of the second step (AUT-03)."""
    user, wanted = asker(request), local(request, HOME)
    context = {
        "wanted": wanted,
        "has_password": user.has_usable_password() or is_of_directory(user),
        "steps": steps_of(user),
    }
    if request.method == "GET":
        return refusable(request, "administration/confirm.html", context, None)
    address, code = client_address(request), request.POST.get("code", "").strip()
    try:
        if code:
            show_code(user, code, address=address)
        else:
            prove_again(user, request.POST.get("current", ""), door="confirm", address=address)
    except No as no:
        return refusable(request, "administration/confirm.html", context, no)
    request.session.cycle_key()
    settle_session(request, user)
    return go_to(request, wanted)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What the person has set up, and what the role asks for."""
    return steps_home(request)


def steps_home(request: HttpRequest, no: No | None = None, *, codes: list[str] | None = None) -> HttpResponse:
    user = asker(request)
    day = required_from(user)
    context = {
        "tab": "second-step",
        "steps": steps_of(user),
        "keys": [_shown(key) for key in user.passkeys.all()],
        "can_have_passkeys": house_at(f"{request.scheme}://{request.get_host()}", "").can_have_passkeys,
        "accounts": identities_of(user),
        "providers": providers(),
        "has_directory": way_in() is not None and not is_of_directory(user),
        "required": formats.date(day) if day else "",
        "is_required": day is not None and day <= timezone.localdate(),
        "codes": codes or [],
        "lines": "\n".join(codes or []),
    }
    return refusable(request, "administration/second_step.html", context, no)


def _shown(key: Passkey) -> dict[str, object]:
    return {
        "pk": key.pk,
        "name": key.name,
        "made": formats.date(timezone.localtime(key.created_at).date()),
        "used": formats.moment(timezone.localtime(key.last_used_at)) if key.last_used_at else "",
    }


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@proven
def app(request: HttpRequest) -> HttpResponse:
    """Connecting an app: its picture, and the first code that proves it works."""
    user = asker(request)
    try:
        if request.method == "GET":
            return _app(request)
        codes = confirm_app(user, request.POST.get("code", ""))
    except No as no:
        return steps_home(request, no) if steps_of(user).has_app else _app(request, no)
    return steps_home(request, codes=codes)


def _app(request: HttpRequest, no: No | None = None) -> HttpResponse:
    user = asker(request)
    context = {"tab": "second-step", **connecting(user, begin_app(user))}
    return refusable(request, "administration/connect_app.html", context, no)


@require_POST
@proven
def app_off(request: HttpRequest) -> HttpResponse:
    """The app is not the second step any more."""
    try:
        remove_app(asker(request))
    except No as no:
        return steps_home(request, no)
    toast(request, _("The app is disconnected."))
    return go_to(request, HOME)


@require_POST
@proven
def recovery(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, shown this once."""
    try:
        codes = renew_recovery_codes(asker(request))
    except No as no:
        return steps_home(request, no)
    return steps_home(request, codes=codes)
