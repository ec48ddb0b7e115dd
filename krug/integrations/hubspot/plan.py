"""The shipped plan “hubspot”: where the columns of each file go, and what the stages and kinds are called there."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.exchange.importing.plans import ColumnPlan, OnMatch, SetPlan, TablePlan
from krug.sales.actions.shipped import LOST, WON, PipelinePlan, StagePlan, install_pipeline

SYSTEM = "hubspot"
STAGES = (
    ("Appointment Scheduled", "Встреча назначена", 20),
    ("Qualified to Buy", "Потребность подтверждена", 40),
    ("Presentation Scheduled", "Презентация назначена", 60),
    ("Decision Maker Bought-In", "Решающее лицо согласно", 80),
    ("Contract Sent", "Договор отправлен", 90),
)
PIPELINES = (("Sales Pipeline", "Продажи HubSpot"), ("Renewals Pipeline", "Продления HubSpot"))


def prepare(*, by: User) -> None:
    """The two pipelines of HubSpot with their stages."""
    stages = tuple(StagePlan(ru=ru, en=en, probability=Decimal(share)) for en, ru, share in STAGES)
    for en, ru in PIPELINES:
        code = f"hubspot-{en.partition(' ')[0].lower()}"
        install_pipeline(PipelinePlan(code=code, ru=ru, en=en, currency="USD", stages=(*stages, WON, LOST)), by=by)


def owner(column: str, target: str = "owner") -> ColumnPlan:
    """Owners are named by e-mail; who is not known here is written down without a way to sign in."""
    return ColumnPlan(column, target, missing="create")


COMPANIES = TablePlan(
    "companies",
    "party",
    (
        ColumnPlan("Company ID", "source_key"),
        ColumnPlan("Company Name", "display_name"),
        ColumnPlan("Company Domain Name", "site.raw"),
        ColumnPlan("Industry", "industry", missing="create"),
        ColumnPlan("Number of Employees", "employees"),
        ColumnPlan("Annual Revenue", "annual_revenue"),
        ColumnPlan("Phone Number", "phone.raw"),
        ColumnPlan("Website", "site.raw"),
        ColumnPlan("Street Address", "address.free_text"),
        ColumnPlan("City", "city"),
        ColumnPlan("State/Region", "region"),
        ColumnPlan("Country", "country", constant="US", missing="empty"),
        owner("Company Owner"),
        ColumnPlan("", "kind", constant="foreign_legal"),
        ColumnPlan("", "currency", constant="USD"),
        ColumnPlan("", "language", constant="en"),
    ),
    keys=("source",),
    on_match=OnMatch.UPDATE.value,
    system=SYSTEM,
    decimal=".",
)
CONTACTS = TablePlan(
    "contacts",
    "contact",
    (
        ColumnPlan("Contact ID", "source_key"),
        ColumnPlan("First Name", "given_name"),
        ColumnPlan("Last Name", "surname"),
        ColumnPlan("Email", "email.raw"),
        ColumnPlan("Phone Number", "phone.raw"),
        ColumnPlan("Mobile Phone Number", "phone.raw"),
        ColumnPlan("Job Title", "position.position"),
        ColumnPlan("Associated Company Domain", "position.party", by="site"),
        ColumnPlan("Website URL", "site.raw"),
        owner("Contact Owner"),
        ColumnPlan("", "language", constant="en"),
    ),
    keys=("source",),
    on_match=OnMatch.UPDATE.value,
    system=SYSTEM,
)
DEALS = TablePlan(
    "deals",
    "deal",
    (
        ColumnPlan("Deal ID", "source_key"),
        ColumnPlan("Deal Name", "name"),
        ColumnPlan("Deal Stage", "stage", words={"Closed Won": "won", "Closed Lost": "lost"}),
        ColumnPlan("Pipeline", "pipeline"),
        ColumnPlan("Amount", "amount"),
        ColumnPlan("Close Date", "closed_on"),
        ColumnPlan("Create Date", "opened_on"),
        owner("Deal Owner"),
        ColumnPlan("Deal Type", "type", words={"New Business": "new", "Existing Business": "repeat"}),
        ColumnPlan("Closed Lost Reason", "loss_reason", missing="create"),
        ColumnPlan("Associated Company Domain", "party", by="site"),
        ColumnPlan("Associated Contact Email", "person.contact", by="email"),
        ColumnPlan("", "currency", constant="USD"),
    ),
    keys=("source",),
    on_match=OnMatch.SKIP.value,
    system=SYSTEM,
    decimal=".",
)
ACTIVITIES = TablePlan(
    "activities",
    "interaction",
    (
        ColumnPlan("Activity ID", "source_key"),
        ColumnPlan(
            "Activity Type",
            "kind",
            words={"Call": "call_out", "Meeting": "meeting", "Email": "letter", "Note": "message", "Task": "message"},
        ),
        ColumnPlan("Activity Date", "at"),
        owner("Activity Owner", "curator"),
        ColumnPlan("Call/Meeting Title/Subject", "text"),
        ColumnPlan("Notes/Description", "text"),
        ColumnPlan("Call Outcome", "outcome"),
        ColumnPlan("Meeting Outcome", "outcome"),
        ColumnPlan("Task Status", "outcome"),
        ColumnPlan("Associated Contact Email", "contact", by="email"),
    ),
    keys=("source",),
    on_match=OnMatch.SKIP.value,
    system=SYSTEM,
)
TICKETS = TablePlan(
    "tickets",
    "",
    (ColumnPlan("Ticket ID"), ColumnPlan("Ticket Name"), ColumnPlan("Ticket Status"), ColumnPlan("Ticket Priority")),
    note="There is no type of record for tickets yet: the file is left out.",
)
HUBSPOT = SetPlan(
    "hubspot",
    _("HubSpot"),
    (COMPANIES, CONTACTS, DEALS, ACTIVITIES, TICKETS),
    prepare=prepare,
    note=_("Tickets wait until there is a type of record for them."),
)
