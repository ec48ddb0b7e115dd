"""What the lines of the audit record are called, and what their details say, in words of people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

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
    "export": _("Export to a file"),
    "import": _("Import"),
    "import.undone": _("Import taken back"),
    "bulk": _("Many records changed at once"),
    "bulk.undone": _("Change of many records taken back"),
    "user.added": _("Person added"),
    "user.invited": _("Sign-in link issued"),
    "user.deactivated": _("Person deactivated"),
    "user.activated": _("Person activated"),
    "user.signed-out": _("Person signed out everywhere"),
    "user.pass-changed": _("Password changed"),
    "user.email-changed": _("E-mail changed"),
    "role.given": _("Role given"),
    "role.withdrawn": _("Role taken away"),
    "role.changed": _("Rights of a role changed"),
    "key.issued": _("Token created"),
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
    "directory.described": _("Company directory set up"),
    "directory.unreachable": _("The directory did not answer"),
    "look.begun": _("Started viewing as somebody else"),
    "look.ended": _("Stopped viewing as somebody else"),
    "company.described": _("Company details changed"),
    "demo.removed": _("Demo data removed"),
    "view.first": _("First view of a role set"),
    "file.cleared": _("Bytes of a file that nothing held were thrown away"),
    "webhook.secret-renewed": _("Webhook secret replaced"),
    "webhook.secret-shown": _("Webhook secret shown"),
    "webhook.started": _("Webhook started"),
    "webhook.stopped": _("Webhook stopped"),
}
DETAILS = {
    "role": _("role"),
    "changed": _("objects"),
    "fields": _("fields"),
    "prefix": _("key begins with"),
    "left": _("codes left"),
    "since": _("from"),
    "issuer": _("issuer"),
    "reason": _("reason"),
    "device": _("device"),
    "rows": _("rows"),
    "count": _("how many"),
    "code": _("reason"),
    "method": _("act"),
    "what": _("what"),
    "scopes": _("scopes"),
    "types": _("objects"),
    "format": _("format"),
    "filter": _("filter"),
    "q": _("search"),
    "view": _("view"),
    "list": _("list"),
}
SAID: dict[str, dict[str, Any]] = {
    "code": {
        "NOT_ALLOWED": _("the role gives no such right"),
        "CLOSED_FIELDS": _("fields that the role may not change"),
        "NOT_FILLABLE": _("required fields that the role may not fill in"),
        "SECOND_STEP": _("no second step of sign-in"),
        "TOKEN_SCOPE": _("the token lacks the scope"),
        "ONLY_LOOKING": _("a change while viewing as somebody else"),
    },
    "method": {
        "GET": _("reading"),
        "POST": _("sending"),
        "PATCH": _("changing"),
        "PUT": _("changing"),
        "DELETE": _("deleting"),
    },
    "what": {
        "app": _("authenticator app"),
        "passkey": _("passkey"),
        "change": _("change of fields"),
        "archive": _("moving to the archive"),
    },
}


def told(data: dict[str, Any], names: dict[str, str]) -> str:
    """The details in words: roles and types of records by their names, reasons by what they mean."""
    parts = []
    for name, value in data.items():
        if value:
            means = SAID.get(name, {}) | names
            many = value if isinstance(value, list) else [value]
            parts.append(f"{DETAILS.get(name, name)}: {', '.join(str(means.get(str(one), one)) for one in many)}")
    return "; ".join(parts)
