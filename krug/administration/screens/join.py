"""A person who was invited chooses a password and comes in, past the second step where there is one (AUT-13)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from krug.administration.actions.invitations import accept_invitation, person_invited
from krug.administration.screens.admission import admit
from krug.administration.screens.refusable import refusable
from krug.kernel.errors import Refusal


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
    return admit(request, person, settings.LOGIN_REDIRECT_URL, by="invitation")
