"""Deals by the furthest stage they have ever reached, so that each figure of the funnel opens its deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.fields import Cell, Reading, ReferenceField
from krug.sales.models import Stage, StageVisit


@dataclass(frozen=True, kw_only=True)
class ReachedField(ReferenceField):
    """The deal was once in this stage or in a later one, or was won."""

    operators: ClassVar[tuple[str, ...]] = ("eq",)

    def paths(self) -> tuple[str, ...]:
        return ("id",)

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        return Cell("", kind=self.kind)

    def condition(self, operator: str, value: Any, reading: Reading) -> Q:
        super().condition(operator, value, reading)
        stage = Stage.objects.get(pk=self.filter_value(value, reading))
        there = StageVisit.objects.filter(
            stage__pipeline_version=stage.pipeline_version_id,
            stage__kind=Stage.Kind.OPEN,
            stage__position__gte=stage.position,
        )
        return Q(pk__in=there.values("deal")) | Q(state="won", pipeline_version=stage.pipeline_version_id)

    def compare(self, operator: str, value: Any) -> Q:
        return Q(pk__isnull=False)


REACHED = ReachedField(name="reached", label=_("has reached the stage"), model=Stage, editable=False)
