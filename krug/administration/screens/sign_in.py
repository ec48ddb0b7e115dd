"""Coming in and going out."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from krug.access.models import User
from krug.administration.actions.known_people import email_of
from krug.administration.actions.mail import is_mail_connected
from krug.administration.actions.sign_on import providers
from krug.administration.actions.signing_in import prove
from krug.administration.screens.admission import LEFT, admit
from krug.administration.screens.devices import device_for, read_device
from krug.administration.screens.refusable import minutes_of
from krug.kernel.callers import client_address
from krug.kernel.errors import No, Refusal, TooMany
from krug.kernel.journal.auditing import audit
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker, is_signed_in
from krug.kernel.ui.pages import render


@sensitive_post_parameters("password")
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page that asks who one is; `over=1` is the same form as a dialog over a page whose session has ended."""
    is_over = request.GET.get("over") == "1"
    wanted = local(request, settings.LOGIN_REDIRECT_URL)
    if request.method == "GET":
        if is_signed_in(request) and not is_over:
            return HttpResponseRedirect(wanted)
        return form(request, wanted, is_over)
    email, password = request.POST.get("email", ""), request.POST.get("password", "")
    address = client_address(request)
    try:
        person = prove(email, password, door="sign-in", address=address, device=device_for(request, email))
        if is_over:
            refuse_another(person, request.GET.get("as", ""))
    except No as no:
        return form(request, wanted, is_over, no=no)
    return admit(request, person, wanted, is_over=is_over)


def refuse_another(person: User, opened_by: str) -> None:
    """What lies on an open page may be sent only by the person who opened it."""
    if opened_by != str(person.pk):
        audit("sign-in.failed", actor=person, object="over", refused=True)
        raise Refusal(
            _("This page was opened by somebody else. To work as yourself, leave it and sign in on the first page."),
            code="ANOTHER_PERSON",
        )


def form(request: HttpRequest, wanted: str, is_over: bool, *, no: No | None = None) -> HttpResponse:
    """The form, with the reason when it could not be let through."""
    retry_after = no.retry_after if isinstance(no, TooMany) else 0
    context = {
        "is_over": is_over,
        "action": f"{request.path}?{urlencode({'over': 1, 'as': request.GET.get('as', '')[:20]})}"
        if is_over
        else request.path,
        "wanted": wanted,
        "has_mail": is_mail_connected(),
        "providers": [] if is_over else providers(),
        "left": request.session.pop(LEFT, ""),
        "email": request.POST.get("email", "")[:254] or (known_email(request) if is_over else ""),
        "reason": str(no) if no else "",
        "errors": {"": str(no)} if no else {},
        "wait": minutes_of(retry_after) if retry_after else "",
    }
    response = render(request, "administration/sign_in.html", context, status=no.status if no else 200)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def known_email(request: HttpRequest) -> str:
    """The e-mail of whoever opened the page below, told only to a browser from which that person has come in before."""
    asked = request.GET.get("as", "")
    _number, people = read_device(request)
    return email_of(int(asked)) if asked in {str(pk) for pk in people} else ""


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Going out ends the session here and makes the browser forget the pages it has kept (SES-06)."""
    if is_signed_in(request):
        audit("sign-out", actor=asker(request))
    left = request.session.get(LEFT, "")
    logout(request)
    if left:
        request.session[LEFT] = left
    response = go_to(request, settings.LOGIN_URL)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
