"""How a deal presents itself."""

from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.kernel.entity import Board, CalendarView, Entity, Section, Verb
from krug.kernel.fields import DateField, ReferenceField, TextField
from krug.sales import policies
from krug.sales.actions.deals import (
    change_deal,
    correct_deal,
    lose_deal,
    open_deal,
    reopen_deal,
    resume_deal,
    suspend_deal,
    win_deal,
)
from krug.sales.actions.moves import move_deal
from krug.sales.actions.results import attach_paper, record_result
from krug.sales.actions.visits import change_responsible
from krug.sales.actions.works import plan_work
from krug.sales.entities import boards, moving
from krug.sales.entities.reached import REACHED
from krug.sales.entities.steps import NEXT_STEP
from krug.sales.models import Deal, Pipeline

PIPELINE = ReferenceField(name="pipeline", label=_("pipeline"), model=Pipeline, path="pipeline_version__pipeline")
DEAL = Entity(
    code="deal",
    model=Deal,
    label=_("Deal"),
    new=_("New deal"),
    plural=_("Deals"),
    icon="deal",
    menu="sales",
    visible=policies.deals,
    columns=("name", "party", "stage", "amount", "expected_on", "next_step", "owner"),
    filters=("state", "stage", "pipeline", "party", "owner", "amount", "expected_on", "opened_on", "closed_at", "type",
             "loss_reason", "competitor", "next_step"),
    sorts=("name", "amount", "expected_on", "opened_on", "closed_at"),
    order="-id",
    search={"name": "A", "party__display_name": "B"},
    alike={"party": "same", "amount": "amount"},
    quick=("name", "party", "amount"),
    form=(
        Section(_("Deal"), "name", "party", "owner", "type", "pipeline"),
        Section(_("Money"), "amount", "currency", "margin", "expected_on"),
        Section(_("Forecast"), "forecast_category", "probability_override", "probability_reason"),
    ),
    protected=("stage", "state", "stage_since", "opened_on", "closed_at", "suspended_until", "loss_reason",
               "competitor", "loss_note", "return_on", "pipeline_version"),
    extra=(PIPELINE, REACHED, NEXT_STEP),
    in_work={"field": "state", "operator": "eq", "value": "open"},
    create=open_deal,
    change=change_deal,
    views=(
        Board(
            by="stage", total="amount", card=("name", "party", "amount", "expected_on", "owner"), move="move",
            columns=boards.columns, marks=boards.marks,
        ),
        CalendarView(by="expected_on"),
    ),
    verbs=(
        Verb(move_deal, _("Move"), icon="move", when="is_running", asks=moving.MOVE,
             fitting=moving.to_move),
        Verb(win_deal, _("Win"), icon="trophy", when="is_open", primary=True, asks=moving.WIN, fitting=moving.to_win),
        Verb(lose_deal, _("Lose"), icon="lost", when="is_running", danger=True, asks=moving.LOSS,
             fitting=moving.to_lose),
        Verb(suspend_deal, _("Suspend"), icon="pause", when="is_open",
             asks=(DateField(name="until", label=_("until what day"), required=True), moving.WHY)),
        Verb(resume_deal, _("Resume"), icon="play", when="is_suspended"),
        Verb(reopen_deal, _("Reopen"), icon="undo", when="is_closed", asks=(moving.REASON,)),
        Verb(record_result, _("Attach a result"), icon="clip", when="is_running", code="result",
             asks=(moving.EVIDENCE, TextField(name="type", label=_("type of result"))), fitting=moving.to_attach),
        Verb(plan_work, _("Plan work"), icon="plus", when="is_running", code="plan",
             asks=(TextField(name="name", label=_("what to do"), required=True, max_length=300),
                   ReferenceField(name="assignee", label=_("assignee"), model=User),
                   DateField(name="due", label=_("due")))),
        Verb(attach_paper, _("Add a document"), icon="file", code="paper", asks=moving.PAPERS),
        Verb(change_responsible, _("Hand over"), icon="people", when="is_running", code="handover", bulk=True,
             asks=(ReferenceField(name="to", label=_("to whom"), model=User, required=True), moving.WHY)),
        Verb(correct_deal, _("Correct"), icon="edit", when="is_closed",
             asks=(moving.REASON, "name", "party", "amount", "margin", "owner")),
    ),
    page=("next_step", "obligations", "summary", "timeline"),
    stands_with=("party",),
)  # fmt: skip
