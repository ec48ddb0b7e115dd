"""Pipelines described as values: the one we ship, and those that an import brings along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone

from krug.access.models import User
from krug.sales.models import (
    ForecastCategory,
    LossReason,
    Pipeline,
    PipelineVersion,
    ResultType,
    Stage,
)


@dataclass(frozen=True, kw_only=True)
class StagePlan:
    """One stage to be made."""

    ru: str
    en: str
    probability: Decimal = Decimal(0)
    result: str = ""
    max_days: int | None = None
    kind: str = Stage.Kind.OPEN
    forecast: str = ForecastCategory.PIPELINE


@dataclass(frozen=True, kw_only=True)
class PipelinePlan:
    """A pipeline to be made, its stages in order."""

    code: str
    ru: str
    en: str
    stages: Sequence[StagePlan]
    currency: str = "RUB"
    is_default: bool = False


WON: Final = StagePlan(ru="Выиграна", en="Won", probability=Decimal(100), kind=Stage.Kind.WON)
LOST: Final = StagePlan(ru="Проиграна", en="Lost", kind=Stage.Kind.LOST)
SHIPPED: Final = PipelinePlan(
    code="sales",
    ru="Продажи",
    en="Sales",
    is_default=True,
    stages=(
        StagePlan(ru="Интерес", en="Interest", probability=Decimal(10), result=ResultType.MEETING_MINUTES, max_days=14),
        StagePlan(
            ru="Презентация",
            en="Presentation",
            probability=Decimal(25),
            result=ResultType.CUSTOMER_CONFIRMATION,
            max_days=14,
        ),
        StagePlan(
            ru="Условия и договор",
            en="Terms and contract",
            probability=Decimal(50),
            result=ResultType.DOCUMENT_SIGNED,
            max_days=30,
            forecast=ForecastCategory.BEST_CASE,
        ),
        StagePlan(
            ru="Поставка",
            en="Delivery",
            probability=Decimal(90),
            result=ResultType.SHIPMENT,
            max_days=45,
            forecast=ForecastCategory.COMMIT,
        ),
        StagePlan(
            ru="Консультации и обучение",
            en="Advice and training",
            probability=Decimal(95),
            result=ResultType.CUSTOMER_CONFIRMATION,
            max_days=30,
            forecast=ForecastCategory.COMMIT,
        ),
        WON,
        LOST,
    ),
)
REASONS: Final = (
    ("price", "Цена", "Price", False),
    ("competitor", "Выбрали конкурента", "Chose a competitor", True),
    ("no_budget", "Нет бюджета", "No budget", False),
    ("no_decision", "Решение отложено", "Decision postponed", False),
    ("no_answer", "Перестали отвечать", "Stopped answering", False),
    ("not_fit", "Не подошёл товар или условия", "The product or terms did not fit", False),
)


@transaction.atomic
def install_pipeline(plan: PipelinePlan, *, by: User | None = None) -> PipelineVersion:
    """The version in force of the planned pipeline, made at the first call and left alone afterwards."""
    others = Pipeline.objects.filter(is_default=True).exclude(code=plan.code).exists()
    pipeline, _is_new = Pipeline.objects.get_or_create(
        code=plan.code,
        defaults={
            "name_ru": plan.ru, "name_en": plan.en, "currency": plan.currency,
            "is_default": plan.is_default and not others, "created_by": by, "updated_by": by,
        },
    )  # fmt: skip
    version = pipeline.versions.filter(state=PipelineVersion.State.ACTIVE).first()
    if version is not None:
        return version
    latest = pipeline.versions.order_by("-number").first()
    version = PipelineVersion.objects.create(
        pipeline=pipeline,
        number=latest.number + 1 if latest else 1,
        state=PipelineVersion.State.ACTIVE,
        activated_at=timezone.now(),
        created_by=by,
        updated_by=by,
    )
    Stage.objects.bulk_create(
        Stage(
            pipeline_version=version,
            position=place,
            name_ru=stage.ru,
            name_en=stage.en,
            kind=stage.kind,
            probability=stage.probability,
            max_days=stage.max_days,
            exit_result_type=stage.result,
            forecast_category=stage.forecast,
            created_by=by,
            updated_by=by,
        )
        for place, stage in enumerate(plan.stages, start=1)
    )
    return version


def ensure_shipped_pipeline(*, by: User | None = None, currency: str = SHIPPED.currency) -> PipelineVersion:
    """The five-stage pipeline and the usual reasons of loss, so that a new company can sell at once."""
    for place, (code, russian, english, asks) in enumerate(REASONS, start=1):
        LossReason.objects.get_or_create(
            code=code,
            defaults={
                "name_ru": russian, "name_en": english, "requires_competitor": asks, "position": place,
                "created_by": by, "updated_by": by,
            },
        )  # fmt: skip
    return install_pipeline(replace(SHIPPED, currency=currency), by=by)
