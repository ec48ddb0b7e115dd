"""How deals, pipelines and dictionaries of sales present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.administration.actions.shipped_roles import ship
from krug.kernel.registry import grantable, register
from krug.sales.entities import intakes  # noqa: F401  # puts the intakes on the list
from krug.sales.entities.deals import DEAL
from krug.sales.entities.lines import COMPETITOR, DEAL_CONTACT, DEAL_LINE, LOSS_REASON
from krug.sales.entities.pipelines import PIPELINE, PIPELINE_VERSION, STAGE
from krug.sales.entities.roles import DEALS, SEEN
from krug.sales.entities.visits import STAGE_RESULT, STAGE_VISIT, WORK

register(
    DEAL,
    DEAL_LINE,
    DEAL_CONTACT,
    WORK,
    STAGE_VISIT,
    STAGE_RESULT,
    PIPELINE,
    PIPELINE_VERSION,
    STAGE,
    LOSS_REASON,
    COMPETITOR,
)
ship(DEALS, SEEN)
grantable(DEAL, "override", _("waive conditions"))
