"""Deals and the regulated process they go through."""

from krug.sales.models.deals import Deal, DealContact, DealLine
from krug.sales.models.losses import Competitor, LossReason
from krug.sales.models.pipelines import Pipeline, PipelineVersion, Stage
from krug.sales.models.visits import Handover, StageResult, StageVisit, Work

__all__ = [
    "Competitor",
    "Deal",
    "DealContact",
    "DealLine",
    "Handover",
    "LossReason",
    "Pipeline",
    "PipelineVersion",
    "Stage",
    "StageResult",
    "StageVisit",
    "Work",
]
