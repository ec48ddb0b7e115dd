"""A person who was invited chooses a password and comes in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from krug.administration.actions.invitations import accept_invitation, person_invited
from krug.administration.screens.devices import remember_device
from krug.administration.screens.me import refusable
from krug.administration.screens.sign_in import let_in
from krug.kernel.errors import Refusal
from krug.kernel.journal.auditing import audit
from krug.kernel.screens.answers import go_to


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind an invitation."""
    person = person_invited(secret)
    context = {"person": person, "action": request.path}
    if request.method == "GET":
        return refusable(request, "administration/join.html", context, None)
    try:
        person = accept_invitation(secret, request.POST.get("password", ""))
    except Refusal as no:
        return refusable(request, "administration/join.html", context, no)
    let_in(request, person)
    audit("sign-in", actor=person, object="invitation")
    response = go_to(request, settings.LOGIN_REDIRECT_URL)
    remember_device(request, response, person)
    return response
