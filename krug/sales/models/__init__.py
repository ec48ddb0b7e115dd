"""Deals and the regulated process they go through."""

from krug.sales.models.deals import Deal, DealContact, DealLine
from krug.sales.models.losses import Competitor, LossReason
from krug.sales.models.pipelines import ForecastCategory, Pipeline, PipelineVersion, ResultType, Stage
from krug.sales.models.visits import Handover, StageResult, StageVisit, Work

__all__ = [
    "Competitor",
    "Deal",
    "DealContact",
    "DealLine",
    "ForecastCategory",
    "Handover",
    "LossReason",
    "Pipeline",
    "PipelineVersion",
    "ResultType",
    "Stage",
    "StageResult",
    "StageVisit",
    "Work",
]
