"""The funnel in its two views, which are never mixed: what became of a cohort, and what flowed in a period."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum

from krug.access.models import User
from krug.analytics.rules.periods import Period
from krug.analytics.rules.shares import Share
from krug.kernel.registry import get_entity
from krug.sales.models import Pipeline, PipelineVersion, Stage, StageVisit

PAST_ALL = 1_000_000


@dataclass(frozen=True)
class Step:
    """One stage of the funnel: how many came here, how many went on, and the sums behind them."""

    stage: Stage
    count: int
    amount: dict[str, Decimal] = field(default_factory=dict)
    on: Share | None = None
    back: int = 0
    lost: int = 0


@dataclass(frozen=True)
class Funnel:
    """The steps in order, and the share of the whole that was won."""

    version: PipelineVersion
    steps: list[Step]
    won: Share
    undated: int = 0


def cohort(user: User, version: PipelineVersion, period: Period, *, owner: User | None = None) -> Funnel:
    """Deals opened in the period, counted by the furthest stage each has ever reached."""
    rows = _deals(user, version, owner)
    furthest = (
        StageVisit.objects.filter(deal=OuterRef("pk"), stage__kind=Stage.Kind.OPEN)
        .order_by("-stage__position")
        .values("stage__position")[:1]
    )
    inside = rows.filter(opened_on__gte=period.first, opened_on__lt=period.after)
    grouped = (
        inside.annotate(furthest=Subquery(furthest, output_field=IntegerField()))
        .order_by()
        .values("furthest", "state", "currency")
        .annotate(how_many=Count("pk"), how_much=Sum("amount"))
    )
    reached: Counter[int] = Counter()
    sums: dict[int, Counter[str]] = {}
    won = whole = 0
    for row in grouped:
        place = PAST_ALL if row["state"] == "won" else (row["furthest"] or 0)
        reached[place] += row["how_many"]
        sums.setdefault(place, Counter())[row["currency"]] += row["how_much"] or 0
        won += row["how_many"] if row["state"] == "won" else 0
        whole += row["how_many"]
    stages = _open_stages(version)
    counts = [sum(number for place, number in reached.items() if place >= stage.position) for stage in stages]
    following = [*counts[1:], won]
    steps = [
        Step(stage, count, _sums_from(sums, stage.position), Share(after, count))
        for stage, count, after in zip(stages, counts, following, strict=True)
    ]
    return Funnel(version, steps, Share(won, whole), rows.filter(opened_on=None).count())


def flow(user: User, version: PipelineVersion, period: Period, *, owner: User | None = None, zone: ZoneInfo) -> Funnel:
    """Stays in stages that ended in the period: how many, and how many of them led on."""
    first, after = (datetime.combine(day, time.min, zone) for day in (period.first, period.after))
    visits = StageVisit.objects.filter(
        deal__in=_deals(user, version, owner).values("pk"), left_at__gte=first, left_at__lt=after
    )
    found: dict[int, Counter[str]] = {}
    sums: dict[int, dict[str, Decimal]] = {}
    grouped = (
        visits.order_by()
        .values("stage", "outcome", currency=F("deal__currency"))
        .annotate(how_many=Count("pk"), how_much=Sum("deal__amount"))
    )
    for row in grouped:
        found.setdefault(row["stage"], Counter())[row["outcome"]] += row["how_many"]
        held = sums.setdefault(row["stage"], {})
        held[row["currency"]] = held.get(row["currency"], Decimal(0)) + (row["how_much"] or 0)
    steps = []
    for stage in _open_stages(version):
        outcomes = found.get(stage.pk, Counter())
        count = sum(outcomes.values())
        on = outcomes["forward"] + outcomes["won"]
        steps.append(Step(stage, count, sums.get(stage.pk, {}), Share(on, count), outcomes["back"], outcomes["lost"]))
    closed = sum(counter["won"] + counter["lost"] for counter in found.values())
    return Funnel(version, steps, Share(sum(counter["won"] for counter in found.values()), closed))


def versions_to_choose() -> list[PipelineVersion]:
    """The pipelines whose funnel can be drawn: the version in force of each."""
    return list(
        PipelineVersion.objects.filter(
            state=PipelineVersion.State.ACTIVE, pipeline__in=Pipeline.objects.filter(is_archived=False)
        )
        .select_related("pipeline")
        .order_by("-pipeline__is_default", "pipeline__id")
    )


def _deals(user: User, version: PipelineVersion, owner: User | None) -> Any:
    rows = get_entity("deal").rows_for(user).filter(pipeline_version=version, is_archived=False)
    return rows.filter(owner=owner) if owner is not None else rows


def _open_stages(version: PipelineVersion) -> list[Stage]:
    return list(version.stages.filter(Q(kind=Stage.Kind.OPEN)).order_by("position"))


def _sums_from(sums: dict[int, Counter[str]], order: int) -> dict[str, Decimal]:
    total: Counter[str] = Counter()
    for place, held in sums.items():
        if place >= order:
            total.update(held)
    return {currency: Decimal(amount) for currency, amount in total.items() if amount}
