"""Recording deals of the past as they were: thousands at once, with their source and true dates, past no gate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.copying import insert_many
from krug.kernel.errors import Refusal
from krug.kernel.journal.events import Event
from krug.kernel.journal.recording import record_past
from krug.kernel.money import round_money
from krug.kernel.registry import get_entity
from krug.kernel.search.indexing import index_records
from krug.sales.events import DealLost, DealOpened, DealWon
from krug.sales.models import Deal, DealLine, Stage, StageVisit

CHUNK = 2000


@dataclass(frozen=True, kw_only=True)
class PastVisit:
    """One stay in a stage as the source tells it; only the last one of a running deal has no end."""

    stage: Stage
    responsible: User
    entered_at: datetime
    left_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class PastLine:
    """One product of a past deal."""

    product_id: int
    price: Decimal
    quantity: Decimal = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class PastDeal:
    """One deal as another system kept it."""

    source_key: str
    name: str
    stage: Stage
    owner: User
    party_id: int | None = None
    amount: Decimal | None = None
    currency: str = "RUB"
    opened_on: date | None = None
    expected_on: date | None = None
    closed_on: date | None = None
    loss_reason_id: int | None = None
    type: str = Deal.Type.NEW
    lines: Sequence[PastLine] = ()
    visits: Sequence[PastVisit] = ()

    @property
    def state(self) -> str:
        """Won and lost follow from the stage."""
        return Deal.State.OPEN if self.stage.is_open else self.stage.kind


@dataclass(frozen=True)
class HistoryReport:
    """How many deals were written, and which were there already and left alone."""

    made: int = 0
    known: int = 0
    ids: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def record_history(
    past: Sequence[PastDeal], *, source: str, by: User, working_stage: Stage | None = None
) -> HistoryReport:
    """Write deals of the past set by set; those that this source brought before are left as they are now.

    A closed deal whose visits are not told gets one stay, in `working_stage` or in the last working stage.
    """
    if not source:
        raise Refusal(_("Name the system from which the history comes."), field="source", code="SOURCE_REQUIRED")
    known = dict(
        Deal.objects.filter(source_system=source, source_key__in=[deal.source_key for deal in past])
        .values_list("source_key", "pk")
    )  # fmt: skip
    fresh = list({deal.source_key: deal for deal in past if deal.source_key not in known}.values())
    _check(fresh)
    now = timezone.now()
    stays = _Stays(working_stage)
    for start in range(0, len(fresh), CHUNK):
        part = fresh[start : start + CHUNK]
        made = insert_many(_row(deal, source, by, now) for deal in part)
        pairs = list(zip(part, made, strict=True))
        insert_many(visit for told, row in pairs for visit in stays.of(told, row, by, now))
        insert_many(line for told, row in pairs for line in _lines(told, row, by))
        record_past([fact for told, row in pairs for fact in _facts(told, row, now)], source=source)
        index_records(get_entity("deal"), [row.pk for row in made])
        known.update({row.source_key: row.pk for row in made})
    return HistoryReport(made=len(fresh), known=len(past) - len(fresh), ids=known)


def _check(past: Sequence[PastDeal]) -> None:
    for deal in past:
        if not deal.stage.is_open and (deal.party_id is None or deal.closed_on is None):
            raise Refusal(
                _("The deal %(key)s is closed and lacks its customer or its date of closing.")
                % {"key": deal.source_key},
                field="party" if deal.party_id is None else "closed_on",
                code="HISTORY_INCOMPLETE",
            )


def _at(day: date) -> datetime:
    """A day of the past without its hour is written as noon, so that no zone shifts it; today is now."""
    return min(datetime.combine(day, time(12), tzinfo=UTC), timezone.now())


def _row(told: PastDeal, source: str, by: User, now: datetime) -> Deal:
    closed = _at(told.closed_on) if told.closed_on and not told.stage.is_open else None
    began = told.visits[-1].entered_at if told.visits else _at(told.opened_on) if told.opened_on else now
    return Deal(
        name=told.name[:200], party_id=told.party_id, owner=told.owner, type=told.type,
        pipeline_version_id=told.stage.pipeline_version_id, stage=told.stage, stage_since=closed or began,
        state=told.state, amount=told.amount, currency=told.currency, opened_on=told.opened_on,
        expected_on=told.expected_on, closed_at=closed, loss_reason_id=told.loss_reason_id,
        forecast_category=told.stage.forecast_category, source_system=source, source_key=told.source_key,
        created_by=by, updated_by=by,
    )  # fmt: skip


class _Stays:
    """Makes the stays of past deals; looks up the working stage of each pipeline once."""

    def __init__(self, working_stage: Stage | None) -> None:
        self.given = working_stage
        self.last: dict[int, Stage] = {}

    def of(self, told: PastDeal, deal: Deal, by: User, now: datetime) -> Iterator[StageVisit]:
        """The stays of one deal: as told, or the one that its dates imply."""
        for visit in told.visits or [self._implied(told, deal, now)]:
            yield StageVisit(
                deal=deal, stage=visit.stage, responsible=visit.responsible, entered_at=visit.entered_at,
                left_at=visit.left_at, outcome=visit.outcome, is_history=visit.left_at is not None,
                source_system=deal.source_system, source_key=deal.source_key, created_by=by, updated_by=by,
            )  # fmt: skip

    def _implied(self, told: PastDeal, deal: Deal, now: datetime) -> PastVisit:
        began = _at(told.opened_on) if told.opened_on else deal.closed_at or now
        if told.stage.is_open:
            return PastVisit(stage=told.stage, responsible=told.owner, entered_at=began)
        ended = max(began, deal.closed_at or now)
        return PastVisit(
            stage=self._working(told.stage), responsible=told.owner, entered_at=began, left_at=ended, outcome=told.state
        )

    def _working(self, end: Stage) -> Stage:
        version = end.pipeline_version_id
        if self.given is not None and self.given.pipeline_version_id == version:
            return self.given
        if version not in self.last:
            stages = Stage.objects.filter(pipeline_version=version, kind=Stage.Kind.OPEN).order_by("-position")
            self.last[version] = stages[0]
        return self.last[version]


def _lines(told: PastDeal, deal: Deal, by: User) -> Iterator[DealLine]:
    for line in told.lines:
        yield DealLine(
            deal=deal, product_id=line.product_id, quantity=line.quantity, price=line.price,
            amount=round_money(line.quantity * line.price), created_by=by, updated_by=by,
        )  # fmt: skip


def _facts(told: PastDeal, deal: Deal, now: datetime) -> Iterator[tuple[Event, datetime]]:
    first = told.visits[0].stage if told.visits else told.stage
    began = (
        told.visits[0].entered_at if told.visits else _at(told.opened_on) if told.opened_on else deal.closed_at or now
    )
    yield DealOpened(deal=deal, stage=first, amount=told.amount, currency=told.currency, by=told.owner), began
    if deal.state == Deal.State.WON and deal.closed_at:
        yield DealWon(deal=deal, amount=told.amount, currency=told.currency, by=told.owner), deal.closed_at
    if deal.state == Deal.State.LOST and deal.closed_at:
        yield DealLost(deal=deal, by=told.owner), deal.closed_at
