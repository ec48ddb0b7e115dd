"""Addresses of sales: ready-made screens, and the pages of a deal and of a pipeline that are ours."""

from krug.kernel.registry import get_entity
from krug.kernel.screens.urls import entity_urls
from krug.sales.entities.deals import DEAL
from krug.sales.entities.lines import COMPETITOR, DEAL_CONTACT, DEAL_LINE
from krug.sales.entities.pipelines import PIPELINE, PIPELINE_VERSION, STAGE
from krug.sales.entities.visits import STAGE_RESULT, STAGE_VISIT, WORK
from krug.sales.screens.deals import deal_page
from krug.sales.screens.pipelines import pipeline_page, version_page

urlpatterns = [
    *entity_urls(DEAL, record=deal_page),
    *entity_urls(DEAL_LINE),
    *entity_urls(DEAL_CONTACT),
    *entity_urls(WORK),
    *entity_urls(STAGE_VISIT),
    *entity_urls(STAGE_RESULT),
    *entity_urls(PIPELINE, record=pipeline_page),
    *entity_urls(PIPELINE_VERSION, record=version_page),
    *entity_urls(STAGE),
    *entity_urls(get_entity("loss-reason")),
    *entity_urls(COMPETITOR),
]
