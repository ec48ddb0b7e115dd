"""Taking foreign files in: choose them, say what they are, see every row's fate, then have it written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from krug.exchange.importing.guessing import importable
from krug.exchange.importing.planned import tables_in
from krug.exchange.importing.plans import Days, Missing, OnMatch, Plan, plan_from, shipped_plans
from krug.exchange.importing.presets import get_preset, presets
from krug.exchange.importing.receiving import start_run
from krug.exchange.importing.refused import HELD_BACK, refused_file
from krug.exchange.importing.running import (
    NOTHING_TO_WRITE,
    cancel_run,
    check_again,
    folder_of,
    keep_plan,
    may_check_again,
    plan_run,
    runs_of,
    the_run,
    undo_run,
    write_run,
)
from krug.exchange.models import ImportRow, ImportRun
from krug.exchange.screens.import_plan import SPLITTERS, forms_of, plan_sent
from krug.kernel.errors import No, NotAllowed, NotFound
from krug.kernel.registry import get_entity
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.ui.pages import render, wants_part

PAGE = 50


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """The files to take in, and the runs so far; what the files are is recognised."""
    user = asker(request)
    if not importable(user):
        raise NotAllowed(_("Your role has no right to do this. An administrator can grant it."))
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            run = start_run(request.FILES.getlist("files"), by=user, preset=request.POST.get("preset", ""))
        except NotFound:
            errors = {"preset": _("Choose what the files are.")}
        except No as no:
            if no.status == 403:
                raise
            errors = {no.field or "files": str(no)}
        else:
            return go_to(request, f"/import/{run.pk}/")
    known = list(presets())
    context = {
        "presets": known,
        "plans": shipped_plans(),
        "choices": [("", _("Recognise by the columns")), *((preset.code, preset.label) for preset in known)],
        "chosen": request.POST.get("preset", ""),
        "errors": errors,
        "runs": [described(run) for run in runs_of(user)[:20]],
    }
    return render(request, "exchange/import.html", context, status=422 if errors else 200)


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def import_run(request: HttpRequest, number: int) -> HttpResponse:
    """One run: its plan while it waits for one, its progress while it works, then its findings and the next act."""
    run = the_run(asker(request), number)
    if run.state == ImportRun.State.PLANNING and wants_part(request) and request.method == "GET":
        return go_to(request, f"/import/{run.pk}/")
    if run.state == ImportRun.State.PLANNING or (request.GET.get("plan") and run.plan and not run.place):
        return _plan_page(request, run)
    context = {"run": run, **described(run)}
    return render(request, "exchange/import_plan_run.html" if run.plan else "exchange/import_run.html", context)


def _plan_page(request: HttpRequest, run: ImportRun) -> HttpResponse:
    user = asker(request)
    plan, trouble = plan_from(run.plan), ""
    tables = tables_in(folder_of(run), run.files, plan)
    if request.method == "POST":
        try:
            sent = plan_sent(request, plan, tables, user)
            if not _shows_other(sent, plan) and request.POST.get("act") != "show":
                plan = sent
                plan_run(run, plan, by=user)
                return go_to(request, f"/import/{run.pk}/")
            run, plan = keep_plan(run, sent), sent
            if not wants_part(request):
                return go_to(request, f"/import/{run.pk}/?plan=1")
            tables = tables_in(folder_of(run), run.files, plan)
        except No as no:
            if no.status == 403:
                raise
            trouble = str(no)
    context = {
        "run": run,
        "url": f"/import/{run.pk}/",
        "trouble": trouble,
        "label": label_of(run),
        "tables": forms_of(plan, tables, run.files, user),
        "on_match": OnMatch.choices,
        "missing": Missing.choices,
        "days": Days.choices,
        "splitters": [("", _("It is one value")), *((sign, sign) for sign in SPLITTERS)],
        "signs": [("", _("Detect automatically")), (".", _("A point")), (",", _("A comma"))],
    }
    return render(request, "exchange/import_plan.html", context, status=422 if trouble else 200)


def _shows_other(sent: Plan, before: Plan) -> bool:
    """Whether the form has to be shown again before the check: other columns, or other fields for them."""
    looks = [
        [(each.entity, each.head, each.encoding, each.separator) for each in plan.tables] for plan in (sent, before)
    ]
    return looks[0] != looks[1]


@door(SIGNED_IN)
@require_safe
def import_rows(request: HttpRequest, number: int, fate: str) -> HttpResponse:
    """The rows of one fate, page by page."""
    run = the_run(asker(request), number)
    if fate not in ImportRow.Fate.values:
        raise NotFound
    after = request.GET.get("after", "")
    rows = run.rows.filter(fate=fate).order_by("table", "number")
    if after.count("-") == 1 and after.replace("-", "").isascii() and after.replace("-", "").isdigit():
        table, last = (min(int(part), 2**31 - 1) for part in after.split("-"))
        rows = rows.filter(table__gt=min(table, 32_000)) | rows.filter(table=min(table, 32_000), number__gt=last)
    found = list(rows[: PAGE + 1])
    plan = plan_from(run.plan)
    last_row = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "run": run,
        "label": label_of(run),
        "fate": ImportRow.Fate(fate),
        "url": f"/import/{run.pk}/",
        "rows": [
            {
                "table": plan.tables[row.table].table,
                "number": row.number,
                "url": get_entity(plan.tables[row.table].entity).url(row.record_id) if row.record_id else "",
                **row.told,
            }
            for row in found[:PAGE]
        ],
        "next": f"?after={last_row.table}-{last_row.number}" if last_row else "",
    }
    return render(request, "exchange/import_rows.html", context)


@door(SIGNED_IN)
@require_POST
def import_act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Write a checked run, stop a running one, check again one that ended early, take back one that is written."""
    run = the_run(asker(request), number)
    if act == "write":
        write_run(run, by=asker(request))
    elif act == "cancel":
        cancel_run(run)
    elif act == "again":
        check_again(run, by=asker(request))
    elif act == "undo":
        undo_run(run, by=asker(request))
    else:
        raise NotFound
    return go_to(request, f"/import/{run.pk}/")


@door(SIGNED_IN)
@require_safe
def import_bad_rows(request: HttpRequest, number: int) -> HttpResponse:
    """The rows that were not taken, as a file of the same kind with the reasons."""
    run, fate = the_run(asker(request), number), request.GET.get("fate", "")
    name, kind, blocks = refused_file(run, (fate,) if fate in ImportRow.Fate.values else HELD_BACK)
    response = StreamingHttpResponse(blocks, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]  # a stream is an answer too


def label_of(run: ImportRun) -> str:
    """What people call a run: the set that it is, or its files."""
    return str(get_preset(run.preset).label) if run.preset else ", ".join(run.files)[:120]


def described(run: ImportRun) -> dict[str, object]:
    """A run in words and figures."""
    found = run.findings
    fates = fates_of(run)
    types = dict.fromkeys([*found.get("read", {}), *found.get("created", {}), *found.get("same", {})])
    return {
        "url": f"/import/{run.pk}/",
        "label": label_of(run),
        "state": run.get_state_display(),
        "nothing_to_write": NOTHING_TO_WRITE,
        "may_check_again": may_check_again(run),
        "tone": {"done": "success", "failed": "danger", "cancelled": "warning"}.get(run.state, "neutral"),
        "created_at": timezone.localtime(run.created_at),
        "share": round(100 * run.done / run.total) if run.total else 0,
        "fates": fates,
        "has_refused": any(count and fate in HELD_BACK for table in fates for fate, count in table["counts"]),
        "emptied": found.get("emptied", 0),
        "made": [(get_entity(code).plural, count) for code, count in found.get("made", {}).items()],
        "counts": [
            (
                str(get_entity(code).plural),
                get_entity(code).url(),
                *(found.get(part, {}).get(code, 0) for part in ("read", "created", "changed", "same")),
            )
            for code in types
        ],
        "repairs": found.get("repairs", []),
        "repaired": found.get("repaired", 0),
        "bad_rows": found.get("bad_rows", [])[:20],
        "refused": found.get("refused", 0),
    }


def fates_of(run: ImportRun) -> list[dict[str, Any]]:
    """The tables of a planned run with how many rows have each fate."""
    plan = plan_from(run.plan)
    counted = run.findings.get("tables", {})
    return [
        {
            "table": table.table,
            "label": get_entity(table.entity).plural if table.entity else _("Left out"),
            "counts": [(fate, counted.get(str(place), {}).get(fate, 0)) for fate in ImportRow.Fate.values],
        }
        for place, table in enumerate(plan.tables)
    ]
