"""Creating and editing a record on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.kernel.attributes.serving import is_extensible
from krug.kernel.desk import forget_draft, keep_draft
from krug.kernel.doors import change_record, create_record, get_visible
from krug.kernel.errors import BadRequest, Invalid, Refusal, Stale
from krug.kernel.phrases import new_of
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.conflicts import clashes_of, settle
from krug.kernel.screens.controls import TEXT
from krug.kernel.screens.door import asker
from krug.kernel.screens.drafts import Kept, draft_at, draft_url
from krug.kernel.screens.forms import RecordForm, blank_form, fill, record_form, version_of
from krug.kernel.screens.undoing import undo_url
from krug.kernel.screens.verb import address_of
from krug.kernel.sight import demand_fillable
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import may

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, entity: Entity) -> HttpResponse:
    """The empty form, and the record that comes of it; quick creation asks only for the few fields that matter."""
    demand_fillable(entity, asker(request))
    sent = request.POST if request.method == "POST" else request.GET
    is_quick = bool(entity.quick) and sent.get("quick") == "1"
    form = blank_form(request, entity, entity.quick if is_quick else entity.editable)
    user, place = asker(request), new_place(entity, request)
    if request.method == "GET":
        kept = draft_at(user, place)
        return new_page(request, brought(fill(form, kept.data) if kept else form, request.GET), place, kept)
    fill(form, sent)
    if aside := led_aside(request, form, place):
        return aside
    if "more" in sent:
        form.names = entity.editable
        return new_page(request, form, place, None)
    try:
        made = create_record(entity, form.values(), by=user, once=sent.get("once"))
    except (Refusal, Invalid) as no:
        form.told(no, lambda values: create_record(entity, values, by=user))
        return new_page(request, form, place, None)
    forget_draft(user, place)
    words = _("Created: %(record)s") % {"record": entity.name_of(made)}
    toast(request, words, undo_url=f"{undo_url()}?next={entity.url()}")
    return go_to(request, local(request, entity.url(made.pk)))


def new_page(request: HttpRequest, form: RecordForm, place: str, kept: Kept | None) -> HttpResponse:
    """The page with the form of a new record."""
    entity = form.entity
    is_quick = len(form.names) < len(entity.editable)
    context = {
        "title": new_of(entity),
        "crumbs": ((str(entity.plural), entity.url()), (new_of(entity), "")),
        "action": request.get_full_path(),
        "submit": _("Create"),
        "cancel": local(request, entity.url()),
        "more": is_quick,
        "extra_hidden": {"quick": "1"} if is_quick else {},
    }
    return form_page(request, form, context, place, kept)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The form of a record; a colleague's edits merge, and where both wrote the same field the writer chooses."""
    user = asker(request)
    record = get_visible(entity, user, pk)
    form = record_form(request, entity, record)
    place = f"{entity.code}.{pk}.edit"
    if request.method == "GET":
        kept = draft_at(user, place)
        return edit_page(request, brought(fill(form, kept.data) if kept else form, request.GET), place, kept=kept)
    fill(form, request.POST)
    settle(form, request.POST)
    if aside := led_aside(request, form, place):
        return aside
    version = version_of(form.version)
    try:
        changed = change_record(entity, pk, form.changed(), by=user, version=version, seen=form.seen)
    except (Refusal, Invalid) as no:
        form.told(no, lambda values: change_record(entity, pk, values, by=user, version=version, seen=form.seen))
        return edit_page(request, form, place)
    except Stale as stale:
        return edit_page(request, form, place, clashes=clashes_of(form, stale))
    forget_draft(user, place)
    words = _("Saved: %(record)s") % {"record": entity.name_of(changed)}
    toast(request, words, undo_url=undo_url() if changed.version != version else "")
    return go_to(request, local(request, address_of(entity, user, pk)))


def edit_page(
    request: HttpRequest,
    form: RecordForm,
    place: str,
    *,
    kept: Kept | None = None,
    clashes: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    """The page with the form of a record that exists."""
    entity, record = form.entity, form.record
    name = entity.name_of(record)
    context = {
        "title": _("Edit: %(record)s") % {"record": name},
        "crumbs": ((str(entity.plural), entity.url()), (name, entity.url(record.pk)), (_("Edit"), "")),
        "action": request.get_full_path(),
        "submit": _("Save"),
        "cancel": local(request, entity.url(record.pk)),
        "clashes": clashes or [],
    }
    return form_page(request, form, context, place, kept)


def form_page(
    request: HttpRequest, form: RecordForm, context: dict[str, Any], place: str, kept: Kept | None
) -> HttpResponse:
    """One shape for all forms: the errors first, then the sections, then the buttons."""
    status = 409 if context.get("clashes") else 422 if form.errors else 200
    next_url = local(request, "")
    if request.method == "POST":
        with suppress(BadRequest):  # what is too long to be kept stands in the answer all the same
            keep_draft(asker(request), place, {**form.typed, **form.hidden()})
    base = {
        "entity": form.entity,
        "sections": form.sections(),
        "errors": form.errors,
        "in_the_way": form.in_the_way,
        "hidden": {**form.hidden(), **context.pop("extra_hidden", {}), **({"next": next_url} if next_url else {})},
        "draft": draft_url(place),
        "kept": kept,
        "clashes": [],
        "more": False,
        "may_add_field": may_add_field(request, form),
    }
    return render(request, "kernel/form.html", {**base, **context}, status=status)


def may_add_field(request: HttpRequest, form: RecordForm) -> bool:
    """Whether this person may add a field of the company's own to these records, and the whole form is open."""
    is_whole = len(form.names) == len(form.entity.editable)
    return is_whole and is_extensible(form.entity) and may(asker(request), "attribute", "create")


def led_aside(request: HttpRequest, form: RecordForm, place: str) -> HttpResponse | None:
    """Lead to a new field, or to where a value such as a file is made, and back; what was typed so far is kept."""
    made = form.entity.fields.get(request.POST.get("made_at", ""))
    url = f"/settings/attributes/{form.entity.code}/new/" if "add_field" in request.POST else made and made.made_at
    if not url:
        return None
    keep_draft(asker(request), place, {**form.typed, **form.hidden()})
    return go_to(request, f"{url}?{urlencode({'next': request.get_full_path(), 'into': made.name if made else ''})}")


def brought(form: RecordForm, given: Mapping[str, str]) -> RecordForm:
    """Take over the values that were made elsewhere and brought back in the address."""
    for item in form.fields:
        if item.made_at and given.get(item.name):
            form.typed[item.name] = given[item.name]
            form.typed.pop(f"{item.name}{TEXT}", None)
    return form


def new_place(entity: Entity, request: HttpRequest) -> str:
    """Where the draft of a new record is kept; each context, such as one customer, has its own."""
    given = [f"{name}-{request.GET[name]}" for name in entity.editable if request.GET.get(name, "").isalnum()]
    return ".".join([entity.code, "new", *given])[:150]
