"""Taking foreign files in: choose the set, see what was found and mended, then have it written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from krug.kernel.errors import No, NotFound
from krug.kernel.exchange.presets import get_preset, presets
from krug.kernel.exchange.running import (
    cancel_run,
    check_again,
    may_check_again,
    may_import,
    runs_of,
    start_run,
    write_run,
)
from krug.kernel.exchange.tables import csv_lines
from krug.kernel.models import ImportRun
from krug.kernel.registry import get_entity
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.ui.pages import render


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """The sets that can be taken in, and the runs so far; sending the files starts a check."""
    user = asker(request)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            run = start_run(get_preset(request.POST.get("preset", "")), request.FILES.getlist("files"), by=user)
        except NotFound:
            errors = {"preset": _("Choose what the files are.")}
        except No as no:
            if no.status == 403:
                raise
            errors = {no.field or "": str(no)}
        else:
            return go_to(request, f"/import/{run.pk}/")
    known = list(presets())
    may_import(user, known[0])
    context = {
        "presets": known,
        "choices": [(preset.code, preset.label) for preset in known],
        "chosen": request.POST.get("preset") or known[0].code,
        "errors": errors,
        "runs": [described(run) for run in runs_of(user)[:20]],
    }
    return render(request, "kernel/import.html", context, status=422 if errors else 200)


@door(SIGNED_IN)
@require_safe
def import_run(request: HttpRequest, number: int) -> HttpResponse:
    """One run: its progress while it works, then its findings and the next act."""
    run = the_run(request, number)
    return render(request, "kernel/import_run.html", {"run": run, **described(run)})


@door(SIGNED_IN)
@require_POST
def import_act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Write a checked run, stop a running one, or check again one that ended before its time."""
    run = the_run(request, number)
    if act == "write":
        write_run(run, by=asker(request))
    elif act == "cancel":
        cancel_run(run)
    elif act == "again":
        check_again(run, by=asker(request))
    else:
        raise NotFound
    return go_to(request, f"/import/{run.pk}/")


@door(SIGNED_IN)
@require_safe
def import_bad_rows(request: HttpRequest, number: int) -> HttpResponse:
    """The rows that were not taken, as a file with the reasons."""
    run = the_run(request, number)
    rows = run.findings.get("bad_rows", [])
    names = list(dict.fromkeys(name for row in rows for name in row["cells"]))
    head = [_("File"), _("Row"), _("Reason"), *names]
    table = [
        head,
        *(
            [row["file"], str(row["row"]), row["reason"], *(row["cells"].get(name, "") for name in names)]
            for row in rows
        ),
    ]
    response = StreamingHttpResponse(
        (line.encode() for line in ["\ufeff", *csv_lines(table)]), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}-refused.csv"'
    return response  # type: ignore[return-value]  # a stream is an answer too


def the_run(request: HttpRequest, number: int) -> ImportRun:
    """A run of one's own; another's does not exist."""
    run = next((run for run in runs_of(asker(request)) if run.pk == number), None)
    if run is None:
        raise NotFound
    may_import(asker(request), get_preset(run.preset))
    return run


def described(run: ImportRun) -> dict[str, object]:
    """A run in words and figures."""
    found = run.findings
    types = dict.fromkeys([*found.get("read", {}), *found.get("created", {}), *found.get("same", {})])
    return {
        "url": f"/import/{run.pk}/",
        "label": get_preset(run.preset).label,
        "state": run.get_state_display(),
        "may_check_again": may_check_again(run),
        "tone": {"done": "success", "failed": "danger", "cancelled": "warning"}.get(run.state, "neutral"),
        "created_at": timezone.localtime(run.created_at),
        "share": round(100 * run.done / run.total) if run.total else 0,
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
