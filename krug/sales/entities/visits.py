"""How stays in stages, their results and works present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.kernel.entity import CalendarView, Entity, Section, Verb
from krug.kernel.fields import TextField
from krug.sales import policies
from krug.sales.actions.works import cancel_work, continue_work, create_work, finish_work, start_work
from krug.sales.models import StageResult, StageVisit, Work

STAGE_VISIT = Entity(
    code="stage-visit",
    model=StageVisit,
    label=_("Time in a stage"),
    plural=_("Times in stages"),
    icon="history",
    visible=policies.of_deals,
    columns=("stage", "deal", "responsible", "entered_at", "left_at", "outcome"),
    filters=("stage", "deal", "responsible", "entered_at", "left_at", "outcome", "is_history"),
    sorts=("entered_at", "left_at"),
    form=(),
    protected=("deal", "stage", "responsible", "entered_at", "left_at", "outcome", "result", "reason", "is_history"),
    title="stage",
    owner="responsible",
    page=("summary", "related"),
    stands_with=("deal",),
)
STAGE_RESULT = Entity(
    code="stage-result",
    model=StageResult,
    label=_("Result of a stage"),
    plural=_("Results of stages"),
    icon="check-circle",
    visible=policies.of_deals,
    columns=("type", "evidence_name", "deal", "recorded_by", "recorded_at"),
    filters=("type", "deal", "recorded_by", "recorded_at", "is_binding"),
    form=(),
    protected=("deal", "visit", "type", "evidence_name", "is_binding", "recorded_by", "recorded_at"),
    title="evidence_name",
    owner="recorded_by",
    page=("summary",),
    stands_with=("deal",),
)
WORK = Entity(
    code="work",
    model=Work,
    label=_("Work"),
    new=_("New work"),
    plural=_("Works"),
    icon="task",
    visible=policies.works,
    columns=("name", "deal", "assignee", "due", "state"),
    filters=("state", "assignee", "due", "deal", "type"),
    sorts=("due",),
    search={"name": "C"},
    form=(Section(_("Work"), "deal", "name", "type", "assignee", "due"),),
    protected=("visit", "state", "outcome"),
    owner="assignee",
    in_work={"field": "state", "operator": "in", "value": ["planned", "in_progress"]},
    create=create_work,
    verbs=(
        Verb(start_work, _("Start"), icon="play", when="is_planned"),
        Verb(finish_work, _("Finish"), icon="check", when="is_open", primary=True, bulk=True,
             asks=(TextField(name="outcome", label=_("outcome of the work"), max_length=300),)),
        Verb(continue_work, _("Continue in the next stage"), icon="move", when="is_open"),
        Verb(cancel_work, _("Cancel the work"), icon="close", when="is_open",
             asks=(TextField(name="reason", label=_("reason"), required=True, max_length=300),)),
    ),
    views=(CalendarView(by="due"),),
    page=("summary", "timeline"),
    stands_with=("deal",),
)  # fmt: skip
