"""Changing many records from a list: tick, choose what, look ahead, have it done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from krug.kernel.errors import Invalid, Refusal
from krug.kernel.fields import Field, Reading
from krug.kernel.links import record_number
from krug.kernel.listing.bulk import Deed, Preview, Selection, preview, start
from krug.kernel.listing.saved_views import asked_state
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.controls import control, raw_of, reading_of, sentence, typed_of
from krug.kernel.screens.offers import links_at
from krug.kernel.screens.undoing import run_url
from krug.kernel.screens.verb import asked_by
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render
from krug.kernel.visibility import may

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity

STEPS = ("values", "preview", "run")


@dataclass(frozen=True)
class Asked:
    """What one step of the way was asked for."""

    request: HttpRequest
    entity: Entity
    state: ListState
    selection: Selection


def deeds_for(entity: Entity, user: User) -> list[tuple[str, str, str]]:
    """What the user may do to many records of the type beside changing fields: code, words, icon."""
    deeds = [
        (f"verb:{verb.name}", str(verb.label), verb.icon)
        for verb in entity.verbs
        if verb.bulk and not asked_by(entity, verb) and may(user, entity.code, verb.name)
    ]
    if may(user, entity.code, "archive") and any(c.name == "is_archived" for c in entity.model._meta.concrete_fields):
        deeds.append(("archive", _("Put into the archive"), "archive"))
    return [("edit", _("Change fields"), "edit"), *deeds] if may_edit(entity, user) else deeds


def may_edit(entity: Entity, user: User) -> bool:
    """Whether the user may change fields of many records."""
    return bool(entity.editable) and may(user, entity.code, "change")


@require_http_methods(["GET", "POST"])
def bulk_page(request: HttpRequest, entity: Entity) -> HttpResponse:
    """One step after the other, each a page: which fields, which values, the look ahead, then the run."""
    reading = reading_of(request)
    state = asked_state(entity, reading.user, request.GET)
    if request.method == "GET":
        return go_to(request, list_url(entity, state))
    selection = chosen(request, state)
    asked = Asked(request, entity, state, selection)
    step = request.POST.get("step", "")
    if step not in STEPS or not (selection.ids or selection.is_all):
        return _fields_page(asked)
    deed, errors = deed_sent(request, entity, reading)
    if step == "values" and deed.kind == "edit":
        return _values_page(asked, {})
    if errors:
        return _values_page(asked, errors)
    try:
        if step == "run":
            return go_to(request, run_url(start(entity, selection, deed, reading)))
        seen = preview(entity, selection, deed, reading)
    except (Refusal, Invalid) as no:
        faults = {fault.field: str(fault.message) for fault in no.faults} if isinstance(no, Invalid) else {"": str(no)}
        return _values_page(asked, faults)
    return _preview_page(asked, deed, seen)


def chosen(request: HttpRequest, state: ListState) -> Selection:
    """The selection that the list or a later step sent: of all found, the shown rows without a tick are left out."""
    sent = request.POST
    ids = [number for each in sent.getlist("id") if (number := record_number(each))]
    if sent.get("all") != "true":
        return Selection(ids=tuple(ids))
    left_out = [number for each in sent.get("except", "").split(",") if (number := record_number(each))]
    if ids:
        shown = [number for each in sent.get("shown", "").split(",") if (number := record_number(each))]
        left_out = [number for number in shown if number not in set(ids)]
    return Selection(ids=tuple(left_out), is_all=True, tree=state.tree, q=state.q)


def deed_sent(request: HttpRequest, entity: Entity, reading: Reading) -> tuple[Deed, dict[str, str]]:
    """What is to be done, its values in the form that does not depend on who reads; and what could not be read."""
    kind, _colon, verb = request.POST.get("deed", "edit").partition(":")
    if kind != "edit":
        return Deed("verb" if verb else "archive", verb=verb), {}
    fields = _picked(request, entity)
    raw, errors = raw_of(typed_of(request.POST, fields), fields, reading)
    return Deed("edit", {item.name: raw.get(item.name, "") for item in fields}), errors


def _picked(request: HttpRequest, entity: Entity) -> list[Field]:
    return [entity.fields[name] for name in entity.editable if name in request.POST.getlist("pick")]


def _fields_page(asked: Asked) -> HttpResponse:
    entity, selection, user = asked.entity, asked.selection, reading_of(asked.request).user
    groups = [
        (
            str(section.title),
            [(name, sentence(entity.fields[name].label)) for name in section.fields if name in entity.editable],
        )
        for section in entity.sections
    ]
    context = {
        "groups": [group for group in groups if group[1]] if may_edit(entity, user) else [],
        "deeds": [deed for deed in deeds_for(entity, user) if deed[0] != "edit"],
        "links": links_at("ticked", entity, selection.ids, user) if not selection.is_all else [],
        "is_empty": not (selection.ids or selection.is_all),
    }
    return _page(asked, "kernel/bulk_fields.html", context)


def _values_page(asked: Asked, errors: dict[str, str]) -> HttpResponse:
    request = asked.request
    reading, fields = reading_of(request), _picked(request, asked.entity)
    if not fields:
        return _fields_page(asked)
    typed = typed_of(request.POST, fields)
    context = {
        "controls": [control(item, reading, typed, errors.get(item.name, "")) for item in fields],
        "picked": [item.name for item in fields],
        "errors": errors,
    }
    return _page(asked, "kernel/bulk_values.html", context, status=422 if errors else 200)


def _preview_page(asked: Asked, deed: Deed, seen: Preview) -> HttpResponse:
    request, entity = asked.request, asked.entity
    fields = _picked(request, entity) if deed.kind == "edit" else []
    skipped = sum(each["count"] for each in seen.outcome.skipped.values())
    verb = entity.verb(deed.verb)
    context = {
        "deed": request.POST.get("deed", "edit"),
        "deed_words": str(verb.label) if verb else _("Put into the archive") if deed.kind == "archive" else "",
        "picked": [item.name for item in fields],
        "typed": _kept(request, fields),
        "seen": seen,
        "count_words": records_words(seen.count, is_exact=seen.is_exact),
        "skipped": seen.outcome.skipped,
        "skipped_count": skipped,
        "is_partial": seen.looked_at < seen.count,
    }
    return _page(asked, "kernel/bulk_preview.html", context)


def _kept(request: HttpRequest, fields: list[Field]) -> dict[str, str]:
    names = [name for item in fields for name in (item.name, f"{item.name}__text")]
    return {name: request.POST[name] for name in names if name in request.POST}


def _page(asked: Asked, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    entity, state, selection = asked.entity, asked.state, asked.selection
    numbers = ",".join(str(number) for number in selection.ids)
    title = _("Bulk edit: %(records)s") % {"records": sentence(entity.plural)}
    shared = {
        "entity": entity,
        "title": title,
        "crumbs": ((str(entity.plural), list_url(entity, state)), (title, "")),
        "action": f"{entity.url()}bulk/?{state.query()}",
        "back_url": list_url(entity, state),
        "ids": () if selection.is_all else selection.ids,
        "selection": {"all": "true", "except": numbers} if selection.is_all else {},
        "selected_words": selected_words(selection),
    }
    return render(asked.request, template, {**shared, **context}, status=status)


def selected_words(selection: Selection) -> str:
    """The selection in words."""
    count = len(selection.ids)
    if not selection.is_all:
        return _("Selected: %(records)s.") % {"records": records_words(count)}
    if not count:
        return _("Selected: everything the filter finds.")
    return _("Selected: everything the filter finds, except %(records)s.") % {"records": records_words(count)}


def records_words(count: int, *, is_exact: bool = True) -> str:
    """How many records, in words."""
    words = ngettext("%(count)s record", "%(count)s records", count) % {"count": formats.number(count)}
    return words if is_exact else f"≈ {words}"
