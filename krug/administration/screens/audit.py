"""The audit record, for those who watch over safety."""

from __future__ import annotations

from collections.abc import Iterable

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
from krug.administration.screens.audit_words import WORDS, told
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
            "data": told(line.data, names | fields_of(line.kind)),
        }
        for line in found[:PAGE]
    ]
    words = {kind: str(word) for kind, word in WORDS.items()}
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
