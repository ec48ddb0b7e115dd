"""Exports as files: in four formats, at once or by a job, kept for a day for the one who asked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krug.access.models import User
from krug.exchange.exporting.books import write_ods, write_xlsx
from krug.exchange.exporting.lines import BATCH, export_csv, json_lines, typed_lines
from krug.exchange.importing.planned import Cancelled
from krug.exchange.importing.telling import Teller
from krug.exchange.models import ExportRun
from krug.kernel.dates import today_in, zone_called
from krug.kernel.entity import Entity
from krug.kernel.errors import No, NotFound, Refusal
from krug.kernel.fields import Reading
from krug.kernel.journal.as_of import looking_at
from krug.kernel.links import record_number
from krug.kernel.listing.chips import describe
from krug.kernel.listing.query import in_order, rows_matching
from krug.kernel.listing.saved_views import asked_state
from krug.kernel.listing.state import ListState
from krug.kernel.moment import looking_back
from krug.kernel.registry import get_entity
from krug.kernel.sight import seen_by
from krug.kernel.ui import formats
from krug.kernel.visibility import demand

AT_ONCE = 5_000
KEPT = timedelta(hours=24)
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "jsonl": "application/x-ndjson",
}
Follow = Callable[[Iterable[Any]], Iterator[Any]]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """One list to be written: its type, the state that its address names, and who reads it."""

    entity: Entity
    state: ListState
    reading: Reading

    @property
    def user(self) -> User:
        """Whose rights decide."""
        return self.reading.user

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the list as it is shown."""
        return self.state.shown_columns(self.entity)

    def rows(self) -> Any:
        """The rows that this reader may see, as the list orders them."""
        return in_order(rows_matching(self.entity, self.state, self.reading), self.entity, self.state, self.reading)


def as_it_comes(lines: Iterable[Any]) -> Iterator[Any]:
    """Nobody follows."""
    return iter(lines)


def write_file(path: Path, kind: str, wanted: Wanted, follow: Follow = as_it_comes) -> None:
    """Write the list into a file of a kind, with the rights of its reader; `follow` sees its lines go by."""
    demand(wanted.user, wanted.entity.code, "export")
    language, columns = wanted.reading.language, wanted.columns
    if kind in ("xlsx", "ods"):
        lines = typed_lines(wanted.entity, wanted.rows(), wanted.user, language=language, columns=columns)
        write = write_xlsx if kind == "xlsx" else write_ods
        write(path, follow(lines), about_lines(wanted), titles=(str(wanted.entity.plural)[:31], _("About")))
        return
    text: Iterable[str] = (
        export_csv(wanted.entity, wanted.rows(), wanted.user, language=language, columns=columns)
        if kind == "csv"
        else json_lines(wanted.entity, wanted.rows(), wanted.user, columns=columns)
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(follow(text))


def about_lines(wanted: Wanted) -> Iterator[list[Any]]:
    """What the second sheet says: the filters, who made the file, when, in which time zone."""
    chips = describe(wanted.entity, wanted.state.tree, wanted.reading)
    zone = zone_called(wanted.user.timezone)
    yield [_("What stands in this file"), str(wanted.entity.plural)]
    if looking := looking_back():
        yield [_("As of"), formats.moment(timezone.localtime(looking.at, zone))]
    for chip in chips:
        yield [_("Filters"), f"{chip.field} {chip.operator} {chip.value}"]
    if not chips:
        yield [_("Filters"), _("none")]
    if wanted.state.q:
        yield [_("Search words"), wanted.state.q]
    yield [_("Rows"), wanted.rows().count()]
    yield [_("Who made it"), str(wanted.user)]
    yield [_("Made on"), timezone.localtime(timezone.now(), zone).replace(tzinfo=None, microsecond=0)]
    yield [_("Time zone"), str(zone)]


def is_long(wanted: Wanted) -> bool:
    """Whether the list is too long to be written while somebody waits."""
    return bool(wanted.rows().order_by()[: AT_ONCE + 1].count() > AT_ONCE)


def kind_called(name: str) -> str:
    """The format of that name."""
    if name not in KINDS:
        raise Refusal(_("There is no such format: choose CSV, XLSX, ODS or JSON lines."), code="NO_SUCH_FORMAT")
    return name


def start_export(wanted: Wanted, kind: str, *, query: str, as_of: datetime | None = None) -> ExportRun:
    """Have a long list written by a job, as it stands or as it stood at a moment."""
    from krug.exchange.jobs import run_export

    demand(wanted.user, wanted.entity.code, "export")
    with transaction.atomic():
        run = ExportRun.objects.create(
            entity=wanted.entity.code, format=kind, query=query[:8000], as_of=as_of, language=wanted.reading.language,
            created_by=wanted.user, expires_at=timezone.now() + KEPT,
        )  # fmt: skip
        run_export.defer(run_id=run.pk)
    return run


def work_on_export(run: ExportRun) -> None:
    """What the job does: write the file whole, then say that it is ready; a killed job begins anew."""
    from django.http import QueryDict

    if run.state != ExportRun.State.WORKING:
        return
    user, entity = run.created_by, get_entity(run.entity)
    today = today_in(zone_called(user.timezone), now=timezone.now())
    path = path_of(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished, state, trouble = path.with_suffix(".unfinished"), ExportRun.State.READY, ""
    with override(run.language), seen_by(user):
        try:
            reading = Reading(user=user, today=today, language=run.language)
            wanted = Wanted(entity, asked_state(entity, user, QueryDict(run.query)), reading)
            with looking_at(run.as_of) if run.as_of else nullcontext():
                write_file(unfinished, run.format, wanted, _followed(run, wanted.rows().count()))
            unfinished.replace(path)
        except Cancelled:
            state = ExportRun.State.CANCELLED
        except No as no:
            state, trouble = ExportRun.State.FAILED, str(no)
        except Exception:
            log.exception("Export run %s failed", run.pk)
            state, trouble = ExportRun.State.FAILED, _("The export stopped because of an error in the program.")
    unfinished.unlink(missing_ok=True)
    run.state, run.trouble = state, trouble
    run.size = path.stat().st_size if path.exists() else 0
    run.save(update_fields=["state", "trouble", "size"])


def _followed(run: ExportRun, total: int) -> Follow:
    """Tells how far the file has come, part by part, and ends it when somebody cancels."""

    def follow(lines: Iterable[Any]) -> Iterator[Any]:
        teller = Teller(run)
        try:
            for done, line in enumerate(lines):
                if done % BATCH == 0 and teller.tell(min(done, total), total):
                    raise Cancelled
                yield line
            if teller.tell(total, total):
                raise Cancelled
        finally:
            teller.close()

    return follow


def cancel_export(run: ExportRun) -> None:
    """Ask the job to stop; what it has written so far is thrown away."""
    ExportRun.objects.filter(pk=run.pk, state=ExportRun.State.WORKING).update(is_cancelled=True)


def the_export(user: User, number: int) -> ExportRun:
    """An export of one's own; another's does not exist."""
    run = ExportRun.objects.filter(created_by=user, pk=record_number(number) or 0).first()
    if run is None:
        raise NotFound(_("There is no such export, or it is not yours."))
    return run


def path_of(run: ExportRun) -> Path:
    """Where the file of an export lies; its name on disk is ours."""
    return Path(settings.DATA) / "exports" / f"{run.pk}.{run.format}"


def drop_expired() -> int:
    """Remove files whose day is over; answers how many."""
    runs = list(ExportRun.objects.filter(expires_at__lt=timezone.now())[:500])
    for run in runs:
        path_of(run).unlink(missing_ok=True)
        run.delete()
    return len(runs)
