"""The page between password and house, and the page on which one who must have a second step sets it up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from krug.access.models import User
from krug.administration.actions.second_step import begin_app, confirm_app, show_code, steps_of
from krug.administration.screens.admission import CODE, ENROL, code_form, enter, let_in, parked
from krug.administration.screens.devices import device_for, house_of, remember_device
from krug.administration.screens.qr import connecting
from krug.administration.screens.refusable import refusable
from krug.kernel.callers import client_address
from krug.kernel.errors import No
from krug.kernel.ui.pages import render


@sensitive_post_parameters("code")
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, or one of those kept for an emergency."""
    waiting = parked(request, CODE)
    if waiting is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    person, kept = waiting
    if request.method == "GET":
        return code_form(request, person)
    try:
        device = device_for(request, person.email)
        show_code(person, request.POST.get("code", ""), address=client_address(request), device=device)
    except No as no:
        return code_form(request, person, no=no)
    return enter(request, person, kept["wanted"], is_over=request.GET.get("over") == "1", by=kept["by"])


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Whose role asks for a second step connects an app, or makes a passkey, before the house opens."""
    waiting = parked(request, ENROL)
    if waiting is None or steps_of(waiting[0]):
        return HttpResponseRedirect(settings.LOGIN_URL)
    person, kept = waiting
    try:
        if request.method == "GET":
            return set_up_page(request, person)
        codes = confirm_app(person, request.POST.get("code", ""))
    except No as no:
        return set_up_page(request, person, no)
    return come_in_with_codes(request, person, kept, codes)


def come_in_with_codes(request: HttpRequest, person: User, kept: dict[str, Any], codes: list[str]) -> HttpResponse:
    """The step is set up: the house opens, and the recovery codes are shown on the way in."""
    let_in(request, person, by=kept["by"])
    context = {"codes": codes, "lines": "\n".join(codes), "go_on": kept["wanted"]}
    response = render(request, "administration/first_codes.html", context)
    remember_device(request, response, person)
    return response


def set_up_page(request: HttpRequest, person: User, no: No | None = None) -> HttpResponse:
    """The page on which an app or a passkey becomes the second step."""
    context = {
        "action": ENROL,
        "can_have_passkeys": house_of(request).can_have_passkeys,
        **connecting(person, begin_app(person)),
    }
    return refusable(request, "administration/set_up.html", context, no)
