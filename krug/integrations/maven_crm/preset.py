"""The preset “maven-crm”: which files it needs and what it writes."""

from django.utils.translation import gettext_lazy as _

from krug.exchange.importing.presets import FileNeed, Preset
from krug.integrations.maven_crm.writing import run

MAVEN_CRM = Preset(
    code="maven-crm",
    label=_("Maven CRM Sales Opportunities"),
    files=(
        FileNeed(
            "accounts.csv",
            ("account", "sector", "year_established", "revenue", "employees", "office_location", "subsidiary_of"),
            _("companies"),
        ),
        FileNeed("products.csv", ("product", "series", "sales_price"), _("products")),
        FileNeed("sales_teams.csv", ("sales_agent", "manager", "regional_office"), _("sellers and their managers")),
        FileNeed(
            "sales_pipeline.csv",
            (
                "opportunity_id",
                "sales_agent",
                "product",
                "account",
                "deal_stage",
                "engage_date",
                "close_date",
                "close_value",
            ),
            _("deals"),
        ),
    ),
    run=run,
    entities=("user", "team", "product", "party", "deal"),
)
