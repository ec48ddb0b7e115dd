"""Questions to the browser about passkeys, and the forms in which it answers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krug.access.models import User
from krug.administration.actions.passkeys import add_passkey, ask_for_new, ask_for_proof, show_passkey
from krug.administration.actions.second_step import remove_passkey, steps_of
from krug.administration.screens.admission import CODE, ENROL, code_form, enter, parked
from krug.administration.screens.devices import house_of
from krug.administration.screens.second_step import come_in_with_codes, set_up_page
from krug.administration.screens.sign_in import form
from krug.administration.screens.steps import HOME, proven, steps_home
from krug.kernel.callers import client_address, device_named
from krug.kernel.errors import No
from krug.kernel.fields.text import refuse_longer
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker
from krug.kernel.ui.toasts import toast

ASKED, LIVES, MOST_LETTERS = "passkey", 300, 80


@require_POST
@proven
def ask_new(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey."""
    return _asked(request, "new", ask_for_new(asker(request), house_of(request)))


@require_POST
@proven
def add(request: HttpRequest) -> HttpResponse:
    """The passkey that the browser has made."""
    state, user = _state(request, "new"), asker(request)
    name = request.POST.get("name", "").strip() or device_named(request.headers.get("User-Agent", ""))
    try:
        refuse_longer(name, MOST_LETTERS, "name")
        codes = add_passkey(user, house_of(request), state or {}, request.POST.get("answer", ""), name=name)
    except No as no:
        return steps_home(request, no)
    toast(request, _("The passkey is added."))
    return steps_home(request, codes=codes) if codes else go_to(request, HOME)


@require_POST
@proven
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """One passkey opens nothing any more."""
    try:
        remove_passkey(asker(request), pk)
    except No as no:
        return steps_home(request, no)
    toast(request, _("The passkey is removed."))
    return go_to(request, HOME)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """What the browser needs to show a passkey: between the two steps one of that person, else any."""
    waiting = parked(request, CODE)
    person: User | None = waiting[0] if waiting and request.POST.get("second") else None
    return _asked(request, f"of {person.pk}" if person else "any", ask_for_proof(person, house_of(request)))


@require_POST
def second(request: HttpRequest) -> HttpResponse:
    """The passkey as the second step."""
    waiting = parked(request, CODE)
    if waiting is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    person, kept = waiting
    try:
        state = _state(request, f"of {person.pk}")
        answer = request.POST.get("answer", "")
        show_passkey(person, house_of(request), state, answer, address=client_address(request))
    except No as no:
        query = request.META["QUERY_STRING"]
        return code_form(request, person, action=f"{CODE}?{query}" if query else CODE, no=no)
    return enter(request, person, kept["wanted"], is_over=request.GET.get("over") == "1", by=kept["by"])


@require_POST
def first(request: HttpRequest) -> HttpResponse:
    """The passkey alone: the device has asked for finger or number, so it is both steps at once."""
    wanted = local(request, settings.LOGIN_REDIRECT_URL)
    try:
        state = _state(request, "any")
        answer = request.POST.get("answer", "")
        person = show_passkey(None, house_of(request), state, answer, address=client_address(request))
    except No as no:
        return form(request, wanted, False, no=no)
    return enter(request, person, wanted, by="passkey")


@require_POST
def ask_first(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey for whoever must set up a second step before the house opens."""
    waiting = parked(request, ENROL)
    if waiting is None or steps_of(waiting[0]):
        return go_to(request, settings.LOGIN_URL)
    return _asked(request, f"first of {waiting[0].pk}", ask_for_new(waiting[0], house_of(request)))


@require_POST
def set_up(request: HttpRequest) -> HttpResponse:
    """Whose role asks for a second step takes a passkey for it, and the house opens."""
    waiting = parked(request, ENROL)
    if waiting is None or steps_of(waiting[0]):
        return HttpResponseRedirect(settings.LOGIN_URL)
    person, kept = waiting
    state, name = _state(request, f"first of {person.pk}"), device_named(request.headers.get("User-Agent", ""))
    try:
        codes = add_passkey(person, house_of(request), state or {}, request.POST.get("answer", ""), name=name)
    except No as no:
        return set_up_page(request, person, no)
    return come_in_with_codes(request, person, kept, codes)


def _asked(request: HttpRequest, purpose: str, asked: tuple[dict[str, Any], dict[str, Any]]) -> HttpResponse:
    options, state = asked
    request.session[ASKED] = {"for": purpose, "at": int(timezone.now().timestamp()), "state": state}
    return JsonResponse(options)


def _state(request: HttpRequest, purpose: str) -> dict[str, Any] | None:
    """The question that was asked for this, once and not too long ago."""
    kept: dict[str, Any] = request.session.pop(ASKED, None) or {}
    is_fresh = kept.get("for") == purpose and timezone.now().timestamp() - kept["at"] <= LIVES
    return kept["state"] if is_fresh else None
