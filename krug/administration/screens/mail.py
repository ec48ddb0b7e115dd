"""The page of outgoing mail, and what became of the letters."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from krug.administration.actions.mail import (
    FIELDS,
    describe_mail_server,
    is_mail_connected,
    latest_letters,
    mail_server,
    owe_letter,
)
from krug.administration.models import Letter, MailServer
from krug.administration.screens.refusable import refusable
from krug.kernel.errors import No, Refusal
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.ui import formats
from krug.kernel.ui.names import listed
from krug.kernel.ui.toasts import toast

HOME = "/settings/mail/"
TONES = {Letter.State.SENT: "success", Letter.State.FAILED: "danger"}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def mail_page(request: HttpRequest) -> HttpResponse:
    """Through which server letters go, and the newest of them."""
    if request.method == "GET":
        return _page(request)
    try:
        port = request.POST.get("port", "").strip()
        if not port.isascii() or not port.isdigit() or not 0 < int(port[:6]) < 65_536:
            raise Refusal(_("A port is a number between 1 and 65535."), field="port")
        values: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in FIELDS} | {"port": int(port)}
        forget = request.POST.get("forget_password") == "true"
        password = request.POST.get("password", "")
        describe_mail_server(values, password=password, forget_password=forget, by=asker(request))
    except No as no:
        return _page(request, no)
    toast(request, _("Saved."))
    return go_to(request, HOME)


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """A letter to oneself that shows whether mail works."""
    if owe_letter(Letter.Kind.TEST, asker(request)) is None:
        return _page(request, Refusal(_("Name a server and a sender first, and save them.")))
    toast(request, _("The test e-mail is on its way to %(email)s.") % {"email": asker(request).email})
    return go_to(request, HOME)


def letter_told(letter: Letter | None) -> str:
    """What became of a letter, in one line."""
    if letter is None:
        return ""
    at = formats.moment(timezone.localtime(letter.sent_at or letter.made_at))
    line = f"{letter.get_kind_display()}: {letter.get_state_display()}, {at}"
    return f"{line}. {_(letter.trouble)}" if letter.trouble else line


def _page(request: HttpRequest, no: No | None = None) -> HttpResponse:
    server = mail_server()
    values: dict[str, Any] = {name: getattr(server, name) for name in FIELDS}
    if no is not None and "host" in request.POST:
        values |= {name: request.POST.get(name, "") for name in FIELDS}
    context = {
        "values": values,
        "has_password": bool(server.secret),
        "securities": MailServer.Security.choices,
        "is_connected": is_mail_connected(),
        "letters": [_shown(letter) for letter in latest_letters()],
    }
    return refusable(request, "administration/mail.html", context, no)


def _shown(letter: Letter) -> dict[str, str]:
    return {
        "kind": letter.get_kind_display(),
        "who": listed(letter.person),
        "address": letter.address,
        "at": formats.moment(timezone.localtime(letter.sent_at or letter.made_at)),
        "state": letter.get_state_display(),
        "tone": TONES.get(Letter.State(letter.state), "neutral"),
        "trouble": _(letter.trouble) if letter.trouble else "",
    }
