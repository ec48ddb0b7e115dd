"""The rights of a role on one page: each object with its reach, verbs and groups of fields; seen before saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.access.models import Level, Reach, Role, User
from krug.access.rights import ANY
from krug.administration.actions.roles import Granted, set_grants
from krug.administration.grants import (
    as_it_was,
    changes_between,
    changes_of,
    granted_by,
    object_names,
    read_grants,
    rows_of_matrix,
)
from krug.administration.policies import may_change_role
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.errors import NotFound, Stale
from krug.kernel.journal.models import JournalEntry
from krug.kernel.journal.recording import begin_act
from krug.kernel.links import record_number
from krug.kernel.registry import get_entity
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.screens.forms import version_of
from krug.kernel.ui import formats
from krug.kernel.ui.names import listed
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import demand

SHOWN_CHANGES = 5
MOST_PEOPLE = 30


@require_http_methods(["GET", "POST"])
def rights_page(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The matrix; what is sent is first shown as a list of changes when asked, then written down."""
    user = asker(request)
    role = get_visible(entity, user, pk)
    if request.method == "GET":
        return _matrix(request, entity, role, _begun(request, entity, role))
    demand(user, entity.code, "change")
    if request.POST.get("step") == "preview":
        return _preview(request, entity, role, read_grants(request.POST, role))
    if request.POST.get("step") == "back":
        return _matrix(request, entity, role, {**granted_by(role), **read_grants(request.POST, role)})
    with transaction.atomic():
        begin_act(user)
        role = get_visible(entity, user, pk, lock=True)
        if version_of(request.POST.get("version", "")) not in (None, role.version):
            raise Stale(_("Somebody else changed this role while you were looking. Open it again."), record=role)
        set_grants(role, read_grants(request.POST, role), by=user)
    toast(request, _("Saved: %(record)s") % {"record": role.name})
    return go_to(request, entity.url(pk))


def _begun(request: HttpRequest, entity: Entity, role: Role) -> dict[str, Granted] | None:
    """What the page begins with: the role as it is, another role to be copied, or the role before an old change."""
    if chosen := _role_at(request, entity, "copy"):
        empty = {code: Granted(Reach.NONE, (), given.fields) for code, given in granted_by(role).items()}
        return {**empty, **granted_by(chosen)}
    if number := record_number(request.GET.get("before", "")):
        entry = changes_of(role).filter(pk=number).first()
        if entry is None:
            raise NotFound(_("There is no such change."))
        return as_it_was(role, entry.data.get("before", {}))
    return None


def _role_at(request: HttpRequest, entity: Entity, name: str) -> Role | None:
    number = record_number(request.GET.get(name, ""))
    found: Role | None = get_visible(entity, asker(request), number) if number else None
    return found


def _matrix(request: HttpRequest, entity: Entity, role: Role, said: Mapping[str, Granted] | None) -> HttpResponse:
    user, beside = asker(request), _role_at(request, entity, "compare")
    lines = rows_of_matrix(role, said, beside=beside)
    changed = {line.code for line, now in zip(lines, rows_of_matrix(role), strict=True) if line.said != now.said}
    others = entity.rows_for(user).exclude(pk=role.pk).filter(is_archived=False).order_by("code")
    context = {
        **_shared(entity, role),
        "lines": [(line, line.code in changed or bool(line.other)) for line in lines],
        "reaches": [(str(value), str(label)) for value, label in Reach.choices],
        "levels": [(str(value), str(label)) for value, label in reversed(Level.choices)],
        "may_change": may_set(role, user),
        "roles": [(str(one.pk), one.name) for one in others],
        "beside": beside.name if beside else "",
        "beside_key": str(beside.pk) if beside else "",
        "is_begun": bool(changed),
        "all_given": any(line.code == ANY and line.is_given for line in lines),
        "people": people_with(role, user),
        "past": [_told(entry, entity, role) for entry in changes_of(role).select_related("actor")[:SHOWN_CHANGES]],
    }
    return render(request, "administration/rights.html", context)


def _preview(request: HttpRequest, entity: Entity, role: Role, wanted: Mapping[str, Granted]) -> HttpResponse:
    kept = [(name, value) for name, values in request.POST.lists() for value in values
            if name.startswith(("reach.", "verbs.", "level.")) or name == "version"]  # fmt: skip
    context = {
        **_shared(entity, role),
        "changes": changes_between(role, wanted),
        "kept": kept,
        "people": people_with(role, asker(request)),
    }
    return render(request, "administration/rights_preview.html", context)


def _shared(entity: Entity, role: Role) -> dict[str, Any]:
    return {
        "role": role,
        "role_name": role.name,
        "role_url": entity.url(role.pk),
        "list_url": entity.url(),
        "action": f"{entity.url(role.pk)}grants/",
        "version": role.version,
    }


def may_set(role: Role, user: User) -> bool:
    """Whether this person may change what the role grants: he has the right, and all that the role gives."""
    return not role.is_archived and may_change_role(user, role)


def people_with(role: Role, user: User) -> list[tuple[str, str]]:
    """Who holds the role, with the way to each."""
    entity = get_entity("user")
    rows = entity.rows_for(user).filter(roles=role, is_archived=False).order_by("surname", "given_name")
    return [(listed(person), entity.url(person.pk)) for person in rows[:MOST_PEOPLE]]


def _told(entry: JournalEntry, entity: Entity, role: Role) -> dict[str, str]:
    return {
        "when": formats.moment(timezone.localtime(entry.at)),
        "who": listed(entry.actor) if entry.actor else "",
        "what": ", ".join(_labels(entry.data.get("after", {}))),
        "url": f"{entity.url(role.pk)}grants/?before={entry.pk}",
    }


def _labels(codes: Mapping[str, Any]) -> list[str]:
    known = object_names() if codes else {}
    return [known.get(code, code) for code in codes]
