"""The audit record, for those who watch over safety."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from krug.kernel.errors import BadRequest
from krug.kernel.journal.auditing import audited
from krug.kernel.links import record_number
from krug.kernel.ui import formats
from krug.kernel.ui.names import listed
from krug.kernel.ui.pages import render

PAGE = 50
WORDS = {
    "sign-in": _("Signed in"),
    "sign-in.failed": _("Could not sign in"),
    "sign-in.locked": _("Sign-in was locked"),
    "sign-out": _("Signed out"),
    "proof.failed": _("Wrong current password"),
    "proof.locked": _("Asking for the password was locked"),
    "session.ended": _("Ended a session"),
    "session.others-ended": _("Signed out everywhere else"),
    "refused": _("Refused"),
    "export": _("Export"),
    "import": _("Import"),
    "user.added": _("Person added"),
    "user.invited": _("Link given out"),
    "user.deactivated": _("Person deactivated"),
    "user.activated": _("Person activated"),
    "user.signed-out": _("Person signed out everywhere"),
    "user.pass-changed": _("Password changed"),
    "user.email-changed": _("E-mail changed"),
    "role.given": _("Role given"),
    "role.withdrawn": _("Role taken away"),
    "role.changed": _("Rights of a role changed"),
    "key.issued": _("Token made"),
    "key.revoked": _("Token revoked"),
    "step.added": _("Second step of sign-in added"),
    "step.removed": _("Second step of sign-in removed"),
    "step.codes-made": _("New recovery codes made"),
    "step.code-used": _("Recovery code used"),
    "step.reset": _("Lost second step of sign-in reset"),
    "step.demanded": _("Second step of sign-in required of a role"),
    "code.failed": _("Wrong code of the second step"),
    "code.locked": _("Asking for the code was locked"),
    "passkey.copied": _("A passkey that somebody has copied"),
    "mail.described": _("Outgoing mail set up"),
    "forgot": _("Asked for a link by mail"),
    "sign-on.described": _("Single sign-on set up"),
    "sign-on.joined": _("Account connected"),
    "sign-on.parted": _("Account disconnected"),
    "directory.described": _("Directory of the company set up"),
    "directory.unreachable": _("The directory did not answer"),
    "company.described": _("Company described"),
}


@require_GET
def audit_page(request: HttpRequest) -> HttpResponse:
    """The latest lines first; older ones by the key of the last line."""
    kind, before = request.GET.get("kind", "")[:60], request.GET.get("before", "")
    number = record_number(before)
    if before and number is None:
        raise BadRequest()
    found = audited(kind=kind, before=number, limit=PAGE + 1)
    lines = [
        {
            "id": line.pk,
            "at": formats.moment(timezone.localtime(line.at)),
            "kind": line.kind,
            "words": str(WORDS.get(line.kind, line.kind)),
            "who": listed(line.actor) if line.actor else "",
            "address": line.address or "",
            "object": line.object,
            "is_refused": line.is_refused,
            "data": "; ".join(f"{name}: {_plain(value)}" for name, value in line.data.items()),
        }
        for line in found[:PAGE]
    ]
    more = f"?kind={kind}&before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return render(
        request,
        "administration/audit.html",
        {"lines": lines, "older": more, "kind": str(WORDS.get(kind, kind)), "is_first": not before},
    )


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
