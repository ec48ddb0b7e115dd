"""The board of deals: stages of one pipeline as columns, and what its heads and cards say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krug.access.models import User
from krug.activities.models import Task
from krug.kernel.dates import today_in, zone_called
from krug.kernel.links import record_number
from krug.kernel.registry import get_entity
from krug.kernel.sight import is_open
from krug.kernel.ui import formats
from krug.language.bilingual import in_language
from krug.lists.rules.boards import BoardColumn, BoardLayout, BoardMarks, CardMark, HeadMark
from krug.sales.entities.steps import step_words
from krug.sales.models import Deal, PipelineVersion, Stage
from krug.sales.rules.ageing import Age, age_of, days_between

if TYPE_CHECKING:
    from django.db.models import QuerySet


def columns(user: User, tree: Any) -> BoardLayout:
    """The stages of the pipeline that the filter names, or of the one for new deals; the two ends only receive."""
    version = _version(_pipeline_in(tree))
    if version is None:
        return BoardLayout([])
    stages = Stage.objects.select_related("role", "employee", "pipeline_version").filter(
        pipeline_version__pipeline=version.pipeline_id
    )
    ours = list(stages.filter(pipeline_version=version, is_archived=False).order_by("position"))
    earlier = list(stages.exclude(pipeline_version=version).order_by("pipeline_version__number", "position"))
    same = {stage.pk: tuple(each.pk for each in earlier if _is_same(stage, each)) for stage in ours}
    folded = {pk for pks in same.values() for pk in pks}
    left = [stage for stage in earlier if stage.pk not in folded and stage.is_open]
    used = set(Deal.objects.open().filter(stage__in=left).values_list("stage", flat=True)) if left else set()
    alone = [_column(stage) for stage in left if stage.pk in used]
    return BoardLayout([*alone, *(_column(stage, same[stage.pk]) for stage in ours)], _choices(tree, version), _meant)


def _is_same(stage: Stage, earlier: Stage) -> bool:
    """Whether a stage of another edition is this one: of the same kind and called the same in one of the languages."""
    names = ((stage.name_ru, earlier.name_ru), (stage.name_en, earlier.name_en))
    return stage.kind == earlier.kind and any(one and one.casefold() == other.casefold() for one, other in names)


def _meant(deal: Deal, stage: Stage) -> Stage:
    """The stage that a column means for a deal: that of the edition by which the deal goes."""
    if stage.pipeline_version_id == deal.pipeline_version_id:
        return stage
    own = Stage.objects.filter(pipeline_version=deal.pipeline_version_id, is_archived=False).order_by("position")
    return next((each for each in own if _is_same(stage, each)), stage)


def _choices(tree: Any, shown: PipelineVersion) -> tuple[tuple[str, Any, bool], ...]:
    """The pipelines in force, when there is more than one; each is a board of its own."""
    active = PipelineVersion.objects.filter(state=PipelineVersion.State.ACTIVE).select_related("pipeline")
    versions = list(active.order_by("-pipeline__is_default", "pipeline_id"))
    return tuple(
        (str(version.pipeline), _with_pipeline(tree, version.pipeline_id), version == shown)
        for version in versions
        if len(versions) > 1
    )


def _with_pipeline(tree: Any, pipeline: int) -> dict[str, Any]:
    """The same filter over another pipeline."""
    nodes = tree.get("all", [tree]) if isinstance(tree, dict) else []
    others = [node for node in nodes if not (isinstance(node, dict) and node.get("field") in ("pipeline", "stage"))]
    return {"all": [{"field": "pipeline", "operator": "eq", "value": pipeline}, *others]}


def marks(rows: QuerySet[Any], shown: Iterable[int], user: User) -> BoardMarks:
    """Weighted sums, stale and stepless deals per stage; the next step and the age of each card shown."""
    now = timezone.now()
    steps = get_entity("task").rows_for(user).open()
    cards = _cards(list(shown), steps, now, today_in(zone_called(user.timezone)))
    return BoardMarks(heads=lambda: _heads(rows, now), cards=cards)


def _heads(rows: QuerySet[Any], now: datetime) -> dict[Any, HeadMark]:
    deal = get_entity("deal")
    is_told = is_open(deal, "amount") and is_open(deal, "probability_override")
    open_stages = Stage.objects.filter(kind=Stage.Kind.OPEN).select_related("pipeline_version")
    stages = {stage.pk: stage for stage in open_stages}
    late = Q(pk__in=[])
    for stage in stages.values():
        if stage.max_days is not None:
            late |= Q(stage=stage.pk, stage_since__lt=now - timedelta(days=stage.max_days + 1))
    found = (
        rows.filter(stage__in=list(stages))
        .order_by()
        .values("stage", "currency", "probability_override")
        .annotate(
            much=Sum("amount"),
            late=Count("pk", filter=late),
            stepless=Count("pk", filter=~Q(pk__in=_with_steps())),
        )
    )
    sums: dict[int, dict[str, Decimal]] = {}
    counts: dict[int, tuple[int, int]] = {}
    for row in found:
        pk, own = row["stage"], row["probability_override"]
        weight = stages[pk].probability if own is None else own
        likely, weighted = (row["much"] or Decimal(0)) * weight / 100, sums.setdefault(pk, {})
        weighted[row["currency"]] = weighted.get(row["currency"], Decimal(0)) + likely
        before = counts.get(pk, (0, 0))
        counts[pk] = (before[0] + row["stepless"], before[1] + row["late"])
    return _folded(stages, sums if is_told else {}, counts)


def _folded(
    stages: dict[int, Stage], sums: dict[int, dict[str, Decimal]], counts: dict[int, tuple[int, int]]
) -> dict[Any, HeadMark]:
    """The marks of each stage together with those of the same stage in other editions."""
    marks = {}
    for pk, stage in stages.items():
        alike = [
            each.pk
            for each in stages.values()
            if each.pipeline_version.pipeline_id == stage.pipeline_version.pipeline_id
            and (each == stage or _is_same(stage, each))
        ]
        weighted: dict[str, Decimal] = {}
        for currency, amount in (item for one in alike for item in sums.get(one, {}).items()):
            weighted[currency] = weighted.get(currency, Decimal(0)) + amount
        stepless, late = (sum(counts.get(one, (0, 0))[place] for one in alike) for place in (0, 1))
        marks[pk] = HeadMark(weighted=formats.short_sums(weighted) if weighted else "", note=_note(stepless, late))
    return marks


def _note(stepless: int, late: int) -> str:
    words = []
    if stepless:
        words.append(_("without a step: %(count)s") % {"count": formats.number(stepless)})
    if late:
        words.append(_("stale: %(count)s") % {"count": formats.number(late)})
    return " · ".join(words)


def _cards(shown: list[int], tasks: Any, now: datetime, today: date) -> dict[int, CardMark]:
    steps: dict[int, Task] = {}
    for task in tasks.filter(about_entity="deal", about_id__in=shown).by_day():
        steps.setdefault(task.about_id or 0, task)
    found = {}
    for pk, since, norm in Deal.objects.filter(pk__in=shown).values_list("pk", "stage_since", "stage__max_days"):
        days = days_between(since, now)
        step = steps.get(pk)
        found[pk] = CardMark(
            next=step_words(step.name, step.due_on, step.due_time) if step else "",
            next_late=bool(step and step.due_on and step.due_on < today),
            stale="" if age_of(days, norm) is Age.FRESH else in_stage(days),
        )
    return found


def in_stage(days: int) -> str:
    """How long a deal has stood in its stage."""
    return ngettext("%(count)s day in the stage", "%(count)s days in the stage", days) % {"count": days}


def _with_steps() -> Any:
    return Task.objects.open().filter(about_entity="deal").values("about_id")


def _column(stage: Stage, same: tuple[int, ...] = ()) -> BoardColumn:
    return BoardColumn(
        value=stage.pk,
        same=same,
        label=str(stage) if stage.pipeline_version.is_active else f"{stage} · {stage.pipeline_version.number}",
        who=_who(stage),
        result=str(stage.get_exit_result_type_display()) if stage.exit_result_type else "",
        has_cards=stage.is_open,
    )


def _who(stage: Stage) -> str:
    if stage.employee is not None and stage.owner_rule == Stage.OwnerRule.EMPLOYEE:
        return stage.employee.short_name
    if stage.role is not None and stage.owner_rule == Stage.OwnerRule.ROLE:
        return in_language(stage.role.name_ru, stage.role.name_en)
    return ""


def _version(pipeline: int | None) -> PipelineVersion | None:
    active = PipelineVersion.objects.filter(state=PipelineVersion.State.ACTIVE)
    chosen = active.filter(pipeline=pipeline) if pipeline else active.filter(pipeline__is_default=True)
    return chosen.first() or (None if pipeline else active.order_by("pipeline_id").first())


def _pipeline_in(tree: Any) -> int | None:
    """The pipeline that the user's filter names at its top."""
    nodes = tree.get("all", [tree]) if isinstance(tree, dict) else []
    for node in nodes:
        if isinstance(node, dict) and node.get("field") == "pipeline" and node.get("operator") == "eq":
            return record_number(node.get("value", ""))
    return None
