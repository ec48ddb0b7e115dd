"""The way between two stages: what may be passed over."""

from __future__ import annotations

from django.utils.translation import gettext as _

from krug.kernel.errors import Refusal
from krug.sales.models import ResultType, Stage


def stages_between(here: Stage, there: Stage) -> list[Stage]:
    """The working stages strictly between two stages; the end of a pipeline lies behind all of them."""
    found = Stage.objects.filter(
        pipeline_version=here.pipeline_version_id, kind=Stage.Kind.OPEN, is_archived=False, position__gt=here.position
    )
    if there.is_open:
        found = found.filter(position__lt=there.position)
    return list(found.order_by("position"))


def check_the_way(here: Stage, there: Stage) -> None:
    """Stages may be passed over only when each of them asks for no result."""
    missing = next((stage for stage in stages_between(here, there) if stage.exit_result_type), None)
    if missing is not None:
        raise Refusal(
            _("The stage “%(stage)s” can not be passed over: it needs its result — %(result)s.")
            % {"stage": missing, "result": ResultType(missing.exit_result_type).label},
            field="stage",
            code="STAGE_SKIPPED",
        )
