"""The list of one entity type: one address for table, board and calendar, with filter, sort, columns and page in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from krug.kernel.errors import BadRequest, NotFound
from krug.kernel.fields import Reading
from krug.kernel.listing.chips import Chip, describe
from krug.kernel.listing.groups import without_condition
from krug.kernel.listing.paging import Page
from krug.kernel.listing.query import Found, count_exactly, estimate, read_page, rows_matching
from krug.kernel.listing.saved_views import asked_state, default_view, is_changed, kept_state, ready_views, saved_views
from krug.kernel.listing.state import LIMITS, ListState, list_url, read_state
from krug.kernel.screens.as_of import as_asked, moment_context
from krug.kernel.screens.beside import layout_in, layouts_of, mended, told_beside
from krug.kernel.screens.bulk import deeds_for
from krug.kernel.screens.columns import column_choices, table_of
from krug.kernel.screens.controls import reading_of, sentence
from krug.kernel.screens.filter_form import field_choices, filter_step
from krug.kernel.screens.offers import links_at
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render, wants_part
from krug.kernel.visibility import may

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from krug.kernel.entity import Entity

MOST_ADVICE = 5


@require_GET
def list_page(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Records of one type as the address says; the plain address opens the view that the user's role begins with."""
    reading = reading_of(request)
    if not request.GET and (usual := default_view(entity, reading.user)):
        return HttpResponseRedirect(list_url(entity, ListState(saved=usual)))
    kept, gone = _kept(request, entity, reading)
    try:
        return _shown(request, entity, reading, kept, gone)
    except BadRequest as no:
        request.GET, left = mended(entity, request.GET, reading, no)  # type: ignore[assignment]  # a mutable copy
        if not left:
            raise
        return _shown(request, entity, reading, kept, [*gone, *left])


def _kept(request: HttpRequest, entity: Entity, reading: Reading) -> tuple[dict[str, str], list[dict[str, str]]]:
    """What the named view keeps; in place of one that is gone, or open no longer, stands the usual list, as is said."""
    key = request.GET.get("saved", "")
    try:
        return kept_state(entity, reading.user, key), []
    except NotFound as no:
        usual = default_view(entity, reading.user)
        sent = request.GET.copy()
        sent["saved"] = usual
        request.GET = sent  # type: ignore[assignment]  # a mutable copy
        told = {"field": _("the view “%(name)s”") % {"name": key[:80]}, "why": str(no)}
        gone = {**told, "again_url": "", "remove_url": list_url(entity, ListState(saved=usual))}
        return kept_state(entity, reading.user, usual), [gone]


def _shown(
    request: HttpRequest, entity: Entity, reading: Reading, kept: dict[str, str], left: list[dict[str, str]]
) -> HttpResponse:
    state = read_state(entity, request.GET, kept)
    form, added_url = filter_step(request, entity, state, reading)
    if added_url:
        return HttpResponseRedirect(added_url)
    if form and request.headers.get("HX-Target") == "filter-adder":
        return render(request, "kernel/_filter_form.html", {**_adder(entity, state, reading), "filter_form": form})
    context = {
        **head_of(request, entity, state, reading, kept),
        **told_beside(request, entity, state),
        "filter_form": form,
        "left_out": left,
        **_body(request, entity, state, reading),
    }
    return render(request, "kernel/list.html", context, status=422 if form and form.error else 200)


@require_GET
def count_page(request: HttpRequest, entity: Entity) -> HttpResponse:
    """The exact number of records, counted because somebody asked for it."""
    reading = reading_of(request)
    state = asked_state(entity, reading.user, request.GET)
    if not wants_part(request):
        return HttpResponseRedirect(f"{entity.url()}?{state.query()}{'&' if state.query() else ''}count=exact")
    with as_asked(request, entity):
        counted = count_exactly(rows_matching(entity, state, reading))
    return HttpResponse(found_words(counted), content_type="text/plain; charset=utf-8")


def head_of(
    request: HttpRequest, entity: Entity, state: ListState, reading: Reading, kept: dict[str, Any]
) -> dict[str, Any]:
    """Everything above the records: views, layouts, chips, search, columns."""
    user = reading.user
    ready, saved = ready_views(entity, user), saved_views(entity, user)
    current = next((view for view in (*ready, *saved) if view.key == (state.saved or "all")), None)
    others = [(layout.name, layout.label, layout.icon) for layout, _view in layouts_of(entity).values()]
    layouts = [
        (str(label), list_url(entity, state, view=name), icon, state.view == name)
        for name, label, icon in (("table", _("Table"), "list"), *others)
    ]
    return {
        "entity": entity,
        "state": state,
        "title": sentence(entity.plural),
        "printed_at": formats.moment(timezone.localtime(), reading.language),
        "ready_views": [(view, list_url(entity, ListState(saved=view.key, view=state.view))) for view in ready],
        "saved_views": [(view, list_url(entity, ListState(saved=view.key))) for view in saved],
        "current_view": current,
        "is_changed": is_changed(state, kept),
        "reset_url": list_url(entity, ListState(saved=state.saved or "all")),
        "views_url": f"{entity.url()}views/?{state.query()}",
        "view_links": links_at("views", entity, state, user),
        "layouts": layouts if len(layouts) > 1 else [],
        "chips": [chip_of(entity, state, chip) for chip in describe(entity, state.tree, reading)],
        "clear_url": list_url(entity, state, tree=None, q=""),
        "without_words_url": list_url(entity, state, q=""),
        "new_url": f"{entity.url()}new/" if may(user, entity.code, "create") and entity.editable else "",
        "file_links": links_at("files", entity, state, user),
        "keep": {name: value for name, value in state.changed(q="").to_params().items() if name != "q"},
        "moment_keep": state.changed(as_of="").to_params(),
        **moment_context(request),
        **_adder(entity, state, reading),
    }


def chip_of(entity: Entity, state: ListState, chip: Chip) -> dict[str, str]:
    """A chip with the address of the list without it."""
    return {
        "field": sentence(chip.field),
        "operator": chip.operator,
        "value": chip.value,
        "remove_url": list_url(entity, state, tree=without_condition(state.tree, chip.place)),
    }


def found_words(found: Found) -> str:
    """How many, with a sign when it is only an estimate."""
    number = formats.number(found.count)
    return _("Found: %(count)s") % {"count": number} if found.is_exact else f"≈ {number}"


def _adder(entity: Entity, state: ListState, reading: Reading) -> dict[str, Any]:
    return {
        "entity": entity,
        "filter_fields": field_choices(entity, state, reading),
        "filter_keep": state.changed(open="").to_params(),
        "list_url": list_url(entity, state),
    }


def _body(request: HttpRequest, entity: Entity, state: ListState, reading: Reading) -> dict[str, Any]:
    if found := layout_in(entity, state.view):
        layout, view = found
        told = layout.context(entity, view, state, reading)
        return {"layout_name": layout.name, "layout_template": layout.template, **told}
    return {"layout_name": "table", **_table(request, entity, state, reading)}


def _table(request: HttpRequest, entity: Entity, state: ListState, reading: Reading) -> dict[str, Any]:
    matching = rows_matching(entity, state, reading)
    page = read_page(entity, state, reading, rows=matching)
    total, is_exact = _total(request, matching, page)
    return {
        "table": table_of(entity, state, reading, page.rows),
        "columns": column_choices(entity, state),
        "previous_url": list_url(entity, state.changed(before=page.previous, after="", open=""))
        if page.previous
        else "",
        "next_url": list_url(entity, state.changed(after=page.next, before="", open="")) if page.next else "",
        "first_url": list_url(entity, state.changed(after="", before="")) if state.after or state.before else "",
        "sizes": [(size, list_url(entity, state, limit=size)) for size in LIMITS],
        "total": total,
        "bulk_url": f"{entity.url()}bulk/?{state.query()}" if page.rows and deeds_for(entity, reading.user) else "",
        "exact_url": "" if is_exact else f"{entity.url()}count/?{state.query()}",
        "empty": None if page.rows else empty_of(entity, state, reading),
    }


def _total(request: HttpRequest, matching: QuerySet[Any], page: Page) -> tuple[str, bool]:
    if page.is_whole:
        found = Found(len(page.rows), True)
    elif request.GET.get("count") == "exact":
        found = count_exactly(matching)
    else:
        found = estimate(matching)
    return (found_words(found) if found.count else ""), found.is_exact


def empty_of(entity: Entity, state: ListState, reading: Reading) -> dict[str, Any]:
    """Why nothing is shown: no right, nothing yet, or filters; then which one to drop."""
    if entity.rows_for(reading.user).query.is_empty():
        return {
            "kind": "no_rights",
            "title": _("Your role does not show these records"),
            "text": _("An administrator can grant it."),
        }
    if not state.tree and not state.q:
        kind = "not_found" if state.after or state.before else "nothing_yet"
        return {"kind": kind, "title": _("Nothing here yet"), "text": ""}
    chips = describe(entity, state.tree, reading)
    asked = [chip.text for chip in chips] + ([_("search “%(words)s”") % {"words": state.q}] if state.q else [])
    advice = []
    for chip in chips[:MOST_ADVICE] if len(asked) > 1 else []:
        without = state.changed(tree=without_condition(state.tree, chip.place))
        if rows_matching(entity, without, reading).exists():
            advice.append((chip.text, list_url(entity, without)))
    return {
        "kind": "not_found",
        "title": _("Nothing found"),
        "text": _("Filters: %(filters)s.") % {"filters": "; ".join(asked)},
        "advice": advice,
    }
