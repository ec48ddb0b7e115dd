"""What one person has to do today, and what waits without a next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Sum, Window

from krug.access.models import Reach, User
from krug.activities.models import Obligation, Task
from krug.kernel.dates import bounds_of_day, zone_called
from krug.kernel.listing.concealing import visible_among
from krug.kernel.registry import get_entity
from krug.kernel.sight import is_open, veiled
from krug.kernel.visibility import holds, rights_of
from krug.parties.models import Party

SHOWN = 50
STEPLESS = 20
PROMISED_WITHIN = timedelta(days=7)
LARGEST_FIRST = (F("amount").desc(nulls_last=True), "id")


@dataclass(frozen=True)
class MyDay:
    """The tasks of the day, the promises of the days to come, and the deals that nobody has planned anything for."""

    overdue: list[Any]
    today: list[Any]
    next: list[Any]
    promises: list[Any]
    stepless: list[Any]
    stepless_count: int


@dataclass(frozen=True)
class Worth:
    """What open deals and this month's won ones come to, per currency: the own ones, or all within a wider reach."""

    reach: Reach
    open_count: int
    open_sums: dict[str, Decimal]
    won_count: int
    won_sums: dict[str, Decimal]


def my_day(user: User, today: date) -> MyDay:
    """Overdue first, then today, then the nearest days."""
    tasks = Task.objects.open().filter(assignee=user).select_related("party").by_day()
    promises = Obligation.objects.open().select_related("party")
    due = list(tasks.filter(due_on__lte=today)[: 2 * SHOWN])
    stepless = deals_without_step(user).select_related("party").annotate(how_many=Window(Count("*")))
    deals = [veiled(deal) for deal in stepless.order_by(*usual_order())[:STEPLESS]]
    day = MyDay(
        overdue=[task for task in due if task.due_on and task.due_on < today][:SHOWN],
        today=[task for task in due if task.due_on == today],
        next=list(tasks.filter(Q(due_on__gt=today) | Q(due_on=None))[:10]),
        promises=list(promises.filter(owner=user, due_on__lte=today + PROMISED_WITHIN).by_day()[:SHOWN]),
        stepless=deals,
        stepless_count=deals[0].how_many if deals else 0,
    )
    keep_quiet([*due, *day.next, *day.promises, *day.stepless], user)
    return day


def usual_order() -> tuple[Any, ...]:
    """The largest first, unless sums are closed to the person: the order would tell them."""
    return LARGEST_FIRST if is_open(get_entity("deal"), "amount") else ("id",)


def keep_quiet(rows: list[Any], user: User) -> None:
    """A customer who is not open to the person is not named beside the person's own work."""
    seen = visible_among(Party, {row.party_id for row in rows} - {None}, user)
    for row in rows:
        if seen is not None and row.party_id and row.party_id not in seen:
            row.party = None


def deals_without_step(user: User) -> Any:
    """The own open deals about which no open task stands."""
    planned = Task.objects.open().filter(about_entity="deal", about_id=OuterRef("pk"))
    rows = get_entity("deal").rows_for(user).filter(owner=user, state="open", is_archived=False)
    return rows.filter(~holds(planned))


def next_without_step(user: User, after: int | None) -> Any:
    """The largest own deal without a step, or the one that follows after this deal in the same order."""
    rows = deals_without_step(user)
    if not is_open(get_entity("deal"), "amount"):
        return rows.filter(pk__gt=after or 0).order_by("pk").first()
    if before := get_entity("deal").rows_for(user).filter(pk=after).first():
        later = Q(amount=before.amount, pk__gt=before.pk)
        rows = rows.filter(later if before.amount is None else later | Q(amount__lt=before.amount) | Q(amount=None))
    return rows.order_by(*LARGEST_FIRST).first()


def worth_of(user: User, today: date) -> Worth:
    """Open deals and those won since the first of the month; who owns none is told of everybody's within reach."""
    rows = get_entity("deal").rows_for(user).filter(is_archived=False)
    own, reach = _worth(rows.filter(owner=user), user, today, Reach.OWN), rights_of(user).reach("deal")
    if own.open_count or own.won_count or reach.rank < Reach.TEAM.rank:
        return own
    return _worth(rows, user, today, reach)


def _worth(rows: Any, user: User, today: date, reach: Reach) -> Worth:
    month, _next = bounds_of_day(today.replace(day=1), zone_called(user.timezone))
    grouped = [
        group
        for found in (rows.filter(state="open"), rows.filter(state="won", closed_at__gte=month))
        for group in found.order_by().values("state", "currency").annotate(how_many=Count("pk"), how_much=Sum("amount"))
    ]
    counts = {state: sum(row["how_many"] for row in grouped if row["state"] == state) for state in ("open", "won")}
    sums = {
        state: {row["currency"]: row["how_much"] for row in grouped if row["state"] == state and row["how_much"]}
        for state in ("open", "won")
        if is_open(get_entity("deal"), "amount")
    }
    return Worth(reach, counts["open"], sums.get("open", {}), counts["won"], sums.get("won", {}))
