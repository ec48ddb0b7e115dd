"""A person who was invited chooses a password and comes in, past the second step where there is one (AUT-13)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from krug.administration.actions.invitations import accept_invitation, forgot_password, person_invited
from krug.administration.actions.mail import is_mail_connected
from krug.administration.actions.sign_on import providers
from krug.administration.screens.admission import admit
from krug.administration.screens.refusable import refusable
from krug.kernel.callers import client_address
from krug.kernel.errors import No, Refusal


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind an invitation."""
    person = person_invited(secret)
    context = {"person": person, "action": request.path, "secret": secret, "providers": providers()}
    if request.method == "GET":
        return refusable(request, "administration/join.html", context, None)
    try:
        person = accept_invitation(secret, request.POST.get("password", ""))
    except Refusal as no:
        return refusable(request, "administration/join.html", context, no)
    return admit(request, person, settings.LOGIN_REDIRECT_URL, by="invitation")


@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """A link for a new password by mail; the answer is the same whether the address is known or not."""
    context: dict[str, object] = {"is_connected": is_mail_connected(), "email": request.POST.get("email", "")[:254]}
    if request.method == "GET":
        return refusable(request, "administration/forgot.html", context, None)
    try:
        if not context["is_connected"]:
            raise Refusal(_("Mail is not connected here. The administrator of your company will give you a link."))
        forgot_password(request.POST.get("email", ""), address=client_address(request))
    except No as no:
        return refusable(request, "administration/forgot.html", context, no)
    return refusable(request, "administration/forgot.html", {**context, "is_done": True}, None)
