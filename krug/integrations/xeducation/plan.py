"""The shipped plan “xeducation”: leads without names or addresses; refused mails and calls become their refusals."""

from django.utils.translation import gettext_lazy as _

from krug.exchange.importing.plans import FILLERS, ColumnPlan, OnMatch, SetPlan, TablePlan

REFUSED = {"Yes": "refused", "No": ""}
LEADS = TablePlan(
    "leads",
    "party",
    (
        ColumnPlan("Prospect ID", "source_key"),
        ColumnPlan("Lead Number"),
        ColumnPlan("", "display_name", constant="Lead {Lead Number}"),
        ColumnPlan("", "kind", constant="person"),
        ColumnPlan("", "language", constant="en"),
        ColumnPlan("Lead Source", "contact_source", missing="create"),
        ColumnPlan("Do Not Email", "no-email.decision", words=REFUSED),
        ColumnPlan("Do Not Call", "no-call.decision", words=REFUSED),
        ColumnPlan("Specialization", "industry", missing="create"),
        ColumnPlan("City", "city"),
        ColumnPlan("Country", "country", constant="IN", missing="empty"),
        ColumnPlan("Converted", "role.role", words={"1": "customer", "0": "prospect"}),
        ColumnPlan("Last Notable Activity", "note"),
    ),
    keys=("source",),
    on_match=OnMatch.SKIP.value,
    system="xeducation",
    fillers=(*FILLERS, "unknown", "asia/pacific region"),
)
XEDUCATION = SetPlan("xeducation", _("X Education leads"), (LEADS,))
