"""How a deal presents itself, with its lines and people."""

from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.kernel.entity import Board, CalendarView, Dictionary, Entity, Section, Verb
from krug.kernel.fields import DateField, LongTextField, MoneyField, ReferenceField, TextField
from krug.kernel.visibility import everyone
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
from krug.sales.actions.lines import add_line, change_line, remove_line
from krug.sales.actions.moves import move_deal
from krug.sales.actions.results import record_result
from krug.sales.actions.visits import change_responsible
from krug.sales.actions.works import plan_work
from krug.sales.entities import boards
from krug.sales.models import Competitor, Deal, DealContact, DealLine, LossReason, Pipeline, Stage

REASON = TextField(name="reason", label=_("reason"), required=True, max_length=300)
WHY = TextField(name="reason", label=_("reason"), max_length=300)
EVIDENCE = TextField(
    name="evidence", label=_("evidence"), hint=_("A record made in this stage, for example interaction:17.")
)
STAGE = ReferenceField(name="stage", label=_("stage"), model=Stage, required=True)
LOSS = (
    ReferenceField(name="loss_reason", label=_("reason of loss"), model=LossReason),
    ReferenceField(name="competitor", label=_("competitor"), model=Competitor),
    LongTextField(name="loss_note", label=_("how it was lost")),
    MoneyField(name="amount", label=_("amount")),
    DateField(name="return_on", label=_("come back on")),
)
DEAL = Entity(
    code="deal",
    model=Deal,
    label=_("Deal"),
    plural=_("Deals"),
    icon="deal",
    menu="sales",
    visible=policies.deals,
    columns=("name", "party", "stage", "amount", "expected_on", "owner"),
    filters=("state", "stage", "pipeline", "party", "owner", "amount", "expected_on", "opened_on", "closed_at", "type",
             "loss_reason", "competitor"),
    sorts=("name", "amount", "expected_on", "opened_on", "closed_at"),
    order="-id",
    search={"name": "A", "party__display_name": "B"},
    quick=("name", "party", "amount"),
    form=(
        Section(_("Deal"), "name", "party", "owner", "type", "pipeline"),
        Section(_("Money"), "amount", "currency", "margin", "expected_on"),
        Section(_("Forecast"), "forecast_category", "probability_override", "probability_reason"),
    ),
    protected=("stage", "state", "stage_since", "opened_on", "closed_at", "suspended_until", "loss_reason",
               "competitor", "loss_note", "return_on"),
    hidden=("pipeline_version",),
    extra=(ReferenceField(name="pipeline", label=_("pipeline"), model=Pipeline, path="pipeline_version__pipeline"),),
    create=open_deal,
    change=change_deal,
    views=(
        Board(
            by="stage", total="amount", card=("name", "party", "amount", "expected_on", "owner"), move="move",
            columns=boards.columns, marks=boards.marks,
            only={"field": "state", "operator": "eq", "value": "open"},
        ),
        CalendarView(by="expected_on"),
    ),
    verbs=(
        Verb(move_deal, _("Move"), icon="move", when="is_running", key="KeyM",
             asks=(STAGE, EVIDENCE, WHY, TextField(name="override", label=_("why the conditions are waived")), *LOSS)),
        Verb(win_deal, _("Win"), icon="trophy", when="is_open", primary=True, asks=(EVIDENCE,)),
        Verb(lose_deal, _("Lose"), icon="lost", when="is_running", danger=True, asks=LOSS),
        Verb(suspend_deal, _("Suspend"), icon="pause", when="is_open",
             asks=(DateField(name="until", label=_("until"), required=True), WHY)),
        Verb(resume_deal, _("Resume"), icon="play", when="is_suspended"),
        Verb(reopen_deal, _("Reopen"), icon="undo", when="is_closed", asks=(REASON,)),
        Verb(record_result, _("Attach a result"), icon="clip", when="is_running", code="result",
             asks=(EVIDENCE, TextField(name="type", label=_("type of result")))),
        Verb(plan_work, _("Plan a work"), icon="plus", when="is_running", code="plan",
             asks=(TextField(name="name", label=_("what to do"), required=True, max_length=300),
                   ReferenceField(name="assignee", label=_("assignee"), model=User),
                   DateField(name="due", label=_("due")))),
        Verb(change_responsible, _("Hand over"), icon="people", when="is_running", code="handover",
             asks=(ReferenceField(name="to", label=_("to whom"), model=User, required=True), WHY)),
        Verb(correct_deal, _("Correct"), icon="edit", when="is_closed",
             asks=(REASON, "name", "party", "amount", "margin", "owner")),
    ),
    stands_with=("party",),
)  # fmt: skip
DEAL_LINE = Entity(
    code="deal-line",
    model=DealLine,
    label=_("Deal line"),
    plural=_("Deal lines"),
    icon="list",
    visible=policies.of_deals,
    columns=("product", "quantity", "price", "amount", "deal"),
    filters=("product", "deal"),
    form=(Section(_("Line"), "deal", "product", "quantity", "price"),),
    protected=("amount",),
    title="product",
    owner="",
    create=add_line,
    change=change_line,
    verbs=(Verb(remove_line, _("Remove"), icon="trash", danger=True),),
    page=("summary", "timeline"),
    stands_with=("deal",),
)
DEAL_CONTACT = Entity(
    code="deal-contact",
    model=DealContact,
    label=_("Person in the deal"),
    plural=_("People in deals"),
    icon="person",
    visible=policies.of_deals,
    columns=("contact", "role", "deal"),
    filters=("contact", "role", "deal"),
    form=(Section(_("Person"), "deal", "contact", "role"),),
    title="contact",
    owner="",
    page=("summary", "timeline"),
    stands_with=("deal",),
)
LOSS_REASON = Dictionary("loss-reason", LossReason, _("Reason of loss"), _("Reasons of loss"))
COMPETITOR = Entity(
    code="competitor",
    model=Competitor,
    label=_("Competitor"),
    plural=_("Competitors"),
    icon="company",
    visible=everyone,
    columns=("name", "party"),
    filters=("name", "party"),
    search={"name": "B"},
    form=(Section(_("Competitor"), "name", "party", "note"),),
    order="name",
    owner="",
    page=("summary", "related", "timeline"),
    stands_with=("party",),
)
