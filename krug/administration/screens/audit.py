"""The audit record, for those who watch over safety."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from krug.access.models import User
from krug.administration.models.company import Company
from krug.administration.models.directory import Directory
from krug.administration.models.mail import MailServer
from krug.administration.models.sign_on import Provider
from krug.administration.screens.audit_filters import asked_of, people_to_choose
from krug.kernel.errors import BadRequest
from krug.kernel.fields.reference import title_from, title_names
from krug.kernel.journal.auditing import audited
from krug.kernel.links import RecordLink, record_number
from krug.kernel.registry import entities, get_entity
from krug.kernel.screens.door import asker
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
    "method": _("method"),
    "what": _("what"),
    "scopes": _("scopes"),
    "types": _("objects"),
    "format": _("format"),
    "filter": _("filter"),
    "q": _("search"),
}
DESCRIBED: dict[str, type[Model]] = {
    "company.described": Company,
    "mail.described": MailServer,
    "sign-on.described": Provider,
    "directory.described": Directory,
}


@require_GET
def audit_page(request: HttpRequest) -> HttpResponse:
    """The latest lines first; older ones by the key of the last line."""
    asked, before = asked_of(request), request.GET.get("before", "")
    number = record_number(before)
    if before and number is None:
        raise BadRequest()
    found = audited(only=asked.condition, before=number, limit=PAGE + 1)
    known = objects_in((line.object for line in found[:PAGE]), asker(request))
    names = {entity.code: str(entity.plural) for entity in entities()}
    names |= {role.code: role.name for role in get_entity("role").rows_for(asker(request))}
    lines = [
        {
            "id": line.pk,
            "at": formats.moment(timezone.localtime(line.at)),
            "kind": line.kind,
            "words": str(WORDS.get(line.kind, line.kind)),
            "who": listed(line.actor) if line.actor else "",
            "address": line.address or "",
            "object": known.get(line.object, (names.get(line.object, line.object), "")),
            "is_refused": line.is_refused,
            "data": _told(line.data, names | fields_of(line.kind)),
        }
        for line in found[:PAGE]
    ]
    words = {kind: str(told) for kind, told in WORDS.items()}
    more = f"?{asked.query}&before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return render(
        request,
        "administration/audit.html",
        {
            "lines": lines,
            "older": more,
            "is_first": not before,
            "asked": asked,
            "kinds": [("", _("Everything")), *sorted(words.items(), key=lambda each: each[1])],
            "people": [("", _("Anybody")), *people_to_choose(asker(request))],
        },
    )


def objects_in(written: Iterable[str], user: User) -> dict[str, tuple[str, str]]:
    """The objects of these lines as whoever looks may know them, by their written form: the name and the page."""
    numbers: dict[str, set[int]] = {}
    for link in filter(None, map(RecordLink.read, written)):
        numbers.setdefault(link.entity, set()).add(link.id)
    known: dict[str, tuple[str, str]] = {}
    for entity in entities():
        if entity.code not in numbers:
            continue
        rows = entity.rows_for(user).filter(pk__in=numbers[entity.code])
        for pk, *values in rows.values_list("pk", *title_names(entity.model)):
            title = title_from(entity.model, tuple(values), get_language() or "en")
            known[f"{entity.code}:{pk}"] = (f"{entity.label}: {title}", entity.url(pk))
    return known


def fields_of(kind: str) -> dict[str, str]:
    """The labels of the fields that a line of this kind names by their columns."""
    columns = DESCRIBED[kind]._meta.concrete_fields if kind in DESCRIBED else ()
    return {column.name: str(column.verbose_name) for column in columns}


def _told(data: dict[str, Any], names: dict[str, str]) -> str:
    """The details in words: roles and types of records by their names."""
    listed_values = ((name, value if isinstance(value, list) else [value]) for name, value in data.items() if value)
    return "; ".join(
        f"{DETAILS.get(name, name)}: {', '.join(names.get(str(one), str(one)) for one in values)}"
        for name, values in listed_values
    )
