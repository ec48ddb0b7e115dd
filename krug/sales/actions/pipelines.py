"""Making pipelines and their versions; only drafts are edited, running deals keep what they began with."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.registry import get_entity
from krug.sales.events import PipelineActivated, PipelineDrafted
from krug.sales.models import Pipeline, PipelineVersion, Stage

COPIED = (
    "position", "name_ru", "name_en", "kind", "probability", "max_days", "owner_rule", "role", "employee",
    "exit_result_type", "entry_criteria", "exit_criteria", "work_templates", "forecast_category", "custom",
)  # fmt: skip
State = PipelineVersion.State


@transaction.atomic
def create_pipeline(*, by: User, **values: Any) -> Pipeline:
    """Begin a pipeline with a first draft that already has its two ends."""
    pipeline: Pipeline = writing.create(get_entity("pipeline"), values, by=by)
    version = PipelineVersion.objects.create(pipeline=pipeline, number=1, created_by=by, updated_by=by)
    ends = ((Stage.Kind.WON, "Выиграна", "Won", 100), (Stage.Kind.LOST, "Проиграна", "Lost", 0))
    for place, (kind, russian, english, probability) in enumerate(ends):
        Stage.objects.create(
            pipeline_version=version,
            position=98 + place,
            name_ru=russian,
            name_en=english,
            kind=kind,
            probability=probability,
            created_by=by,
            updated_by=by,
        )
    record(PipelineDrafted(version=version, by=by))
    return pipeline


@transaction.atomic
def new_version(pipeline: Pipeline, *, by: User) -> PipelineVersion:
    """Begin a draft as a copy of the version in force."""
    if pipeline.versions.filter(state=State.DRAFT).exists():
        raise Refusal(_("This pipeline already has a draft: finish that one."), code="PIPELINE_DRAFT_EXISTS")
    latest = pipeline.versions.order_by("-number").first()
    source = pipeline.versions.filter(state=State.ACTIVE).first() or latest
    version = PipelineVersion.objects.create(
        pipeline=pipeline, number=latest.number + 1 if latest else 1, created_by=by, updated_by=by
    )
    if source is not None:
        Stage.objects.bulk_create(
            Stage(
                pipeline_version=version,
                created_by=by,
                updated_by=by,
                **{name: getattr(stage, name) for name in COPIED},
            )
            for stage in source.stages.filter(is_archived=False).select_related("role", "employee")
        )
    record(PipelineDrafted(version=version, by=by))
    return version


@transaction.atomic
def activate_version(version: PipelineVersion, *, by: User) -> PipelineVersion:
    """Put a draft in force for new deals; the version before it is retired, its deals go on in it."""
    if not version.is_draft:
        raise Refusal(_("Only a draft can be activated."), code="PIPELINE_NOT_DRAFT")
    kinds = list(version.stages.filter(is_archived=False).values_list("kind", flat=True))
    if kinds.count(Stage.Kind.WON) != 1 or kinds.count(Stage.Kind.LOST) != 1:
        raise Refusal(
            _("A pipeline needs exactly one stage “Won” and exactly one stage “Lost”."), code="PIPELINE_NO_TERMINAL"
        )
    if Stage.Kind.OPEN not in kinds:
        raise Refusal(_("A pipeline needs at least one working stage."), code="PIPELINE_NO_STAGES")
    version.pipeline.versions.filter(state=State.ACTIVE).update(state=State.RETIRED)
    version.state, version.activated_at = State.ACTIVE, timezone.now()
    version.save(update_fields=["state", "activated_at", "updated_at"])
    record(PipelineActivated(version=version, by=by))
    return version


@transaction.atomic
def create_stage(*, by: User, **values: Any) -> Stage:
    """Put a stage into a draft."""
    _must_be_draft(values["pipeline_version"])
    stage: Stage = writing.create(get_entity("stage"), values, by=by)
    return stage


@transaction.atomic
def change_stage(stage: Stage, values: dict[str, Any], *, by: User) -> Stage:
    """Change a stage of a draft."""
    _must_be_draft(stage.pipeline_version)
    _must_be_draft(values.get("pipeline_version", stage.pipeline_version))
    changed: Stage = writing.change(get_entity("stage"), stage, values, by=by)
    return changed


def _must_be_draft(version: PipelineVersion) -> None:
    if not version.is_draft:
        raise Refusal(
            _(
                "The stages of a version in force are not changed, so that running deals keep their rules. "
                "Begin a new version."
            ),
            field="pipeline_version",
            code="PIPELINE_NOT_DRAFT",
        )
