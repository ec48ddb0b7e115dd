"""Editing one field in place: a cell of a list or a line of a page becomes a small form and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.kernel.doors import change_record, get_visible
from krug.kernel.errors import Invalid, NotFound, Refusal, Stale
from krug.kernel.fields import Field
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.conflicts import clashes_of, settle
from krug.kernel.screens.door import asker
from krug.kernel.screens.forms import RecordForm, fill, record_form, version_of
from krug.kernel.screens.page import values_of
from krug.kernel.screens.undoing import undo_url
from krug.kernel.ui.pages import render, wants_part
from krug.kernel.ui.toasts import toast

if TYPE_CHECKING:
    from krug.kernel.entity import Entity


@require_http_methods(["GET", "POST"])
def inline(request: HttpRequest, entity: Entity, pk: int, name: str) -> HttpResponse:
    """The form of one field, and the new content of its place after saving."""
    record = get_visible(entity, asker(request), pk)
    if name not in entity.editable:
        raise NotFound(_("This field is not changed by hand."))
    form = record_form(request, entity, record, [name])
    if request.method == "GET":
        return cell(request, form, record) if "shown" in request.GET else inline_form(request, form)
    fill(form, request.POST)
    settle(form, request.POST)
    return save(request, form, name)


def save(request: HttpRequest, form: RecordForm, name: str) -> HttpResponse:
    """Write the one field; on leaving it unchanged nothing happens."""
    entity, record, user = form.entity, form.record, asker(request)
    try:
        read = form.changed()
        changed = change_record(entity, record.pk, read, by=user, version=version_of(form.version), seen=form.seen)
    except (Refusal, Invalid) as no:
        if not form.errors:
            form.refuse(no)
        return inline_form(request, form)
    except Stale as stale:
        return inline_form(request, form, clashes=clashes_of(form, stale))
    if read:
        words = _("Saved: %(field)s, %(record)s") % {
            "field": entity.fields[name].label,
            "record": entity.name_of(changed),
        }
        toast(request, words, undo_url=undo_url())
    if not wants_part(request):
        return go_to(request, entity.url(record.pk))
    return cell(request, form, changed)


def inline_form(request: HttpRequest, form: RecordForm, clashes: list[dict[str, Any]] | None = None) -> HttpResponse:
    """The small form: one control, save and cancel."""
    field: Field = form.fields[0]
    url = f"{form.entity.url(form.record.pk)}field/{field.name}/"
    context = {
        "title": _("%(field)s: %(record)s") % {"field": field.label, "record": form.entity.name_of(form.record)},
        "control": replace(form.control(field), hide_label=wants_part(request)),
        "action": url,
        "cancel": f"{url}?shown=1",
        "record_url": form.entity.url(form.record.pk),
        "hidden": form.hidden(),
        "errors": form.errors,
        "is_part": wants_part(request),
        "clashes": clashes or [],
    }
    status = 422 if form.errors or (clashes and wants_part(request)) else 409 if clashes else 200
    return render(request, "kernel/inline.html", context, status=status)


def cell(request: HttpRequest, form: RecordForm, record: Any) -> HttpResponse:
    """The value as it is shown."""
    field = form.fields[0]
    shown = field.cell(values_of(form.entity, record, form.reading.user), form.reading.language)
    context = {"cell": shown, "record_url": form.entity.url(record.pk), "title": str(field.label)}
    return render(request, "kernel/cell.html", context)
