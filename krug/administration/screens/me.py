"""What a person arranges for oneself: devices, password, e-mail, language and look."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krug.administration.actions.passwords import change_password
from krug.administration.actions.people import change_own_email
from krug.administration.actions.profile import change_profile
from krug.administration.actions.sessions import end_other_sessions, end_session, handle_of, sessions_of
from krug.administration.actions.signing_in import prove_again
from krug.administration.screens.admission import settle_session
from krug.administration.screens.refusable import refusable
from krug.administration.zones import ZONES
from krug.kernel.callers import client_address, device_named
from krug.kernel.errors import No, Refusal
from krug.kernel.journal.auditing import audit
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast

LOOKS = ("language", "timezone", "theme", "density")


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in."""
    user, here = asker(request), request.session.session_key
    living = [
        {
            "handle": handle_of(each),
            "device": device_named(each.device) or _("Unknown device"),
            "address": each.address or "",
            "started": formats.moment(timezone.localtime(each.started_at)),
            "seen": formats.moment(timezone.localtime(each.seen_at)),
            "is_here": each.session_key == here,
        }
        for each in sessions_of(user, timezone.now())
    ]
    return render(request, "administration/sessions.html", {"sessions": living, "tab": "sessions"})


@require_POST
def end_one(request: HttpRequest, handle: str) -> HttpResponse:
    """End one session of one's own."""
    ended = end_session(asker(request), handle)
    audit("session.ended", actor=asker(request), data={"device": device_named(ended.device)})
    toast(request, _("Signed out on that device."))
    return go_to(request, "/me/sessions/")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    count = end_other_sessions(asker(request), keep=str(request.session.session_key))
    audit("session.others-ended", actor=asker(request), data={"count": count})
    toast(request, _("Signed out everywhere but here."))
    return go_to(request, "/me/sessions/")


@sensitive_post_parameters("current", "password", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choosing another password; the present one is asked first."""
    if request.method == "GET":
        return _password_page(request)
    user, wanted = asker(request), request.POST.get("password", "")
    try:
        prove_again(user, request.POST.get("current", ""), door="password", address=client_address(request))
        if wanted != request.POST.get("again", ""):
            raise Refusal(_("The two new passwords differ."), field="again")
        here, keep = str(request.session.session_key), request.POST.get("keep_tokens") == "true"
        change_password(user, wanted, by=user, keep_session=here, keep_tokens=keep)
    except No as no:
        return _password_page(request, no)
    update_session_auth_hash(request, user)
    settle_session(request, user)
    toast(request, _("The password is changed. Other devices are signed out."))
    return go_to(request, "/me/password/")


def _password_page(request: HttpRequest, no: No | None = None) -> HttpResponse:
    return refusable(request, "administration/password.html", {"tab": "password"}, no)


@sensitive_post_parameters("current")
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Language, clock and look."""
    user = asker(request)
    if request.method == "GET":
        return _profile_page(request)
    try:
        given = {name: request.POST[name] for name in LOOKS if name in request.POST}
        change_profile(user, given, has_shortcuts=request.POST.get("has_shortcuts") == "true")
    except No as no:
        return _profile_page(request, no)
    toast(request, _("Saved."))
    return go_to(request, "/me/")


@sensitive_post_parameters("current")
@require_POST
def email(request: HttpRequest) -> HttpResponse:
    """Signing in under another address from now on; the password is asked."""
    user = asker(request)
    try:
        prove_again(user, request.POST.get("current", ""), door="e-mail", address=client_address(request))
        changed = change_own_email(user, request.POST.get("email", ""))
    except No as no:
        return _profile_page(request, no)
    toast(request, _("From now on you sign in as %(email)s.") % {"email": changed.email})
    return go_to(request, "/me/")


def _profile_page(request: HttpRequest, no: No | None = None) -> HttpResponse:
    typed = {name: request.POST.get(name) for name in (*LOOKS, "email") if name in request.POST}
    context = {"me": asker(request), "typed": typed, "zones": ZONES, "tab": "profile"}
    return refusable(request, "administration/profile.html", context, no)
