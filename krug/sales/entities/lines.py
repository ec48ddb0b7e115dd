"""How the lines and people of a deal, and the dictionaries of losses present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.kernel.entity import Dictionary, Entity, Section, Verb
from krug.kernel.visibility import everyone
from krug.sales import policies
from krug.sales.actions.lines import add_line, change_line, remove_line
from krug.sales.models import Competitor, DealContact, DealLine, LossReason

DEAL_LINE = Entity(
    code="deal-line",
    model=DealLine,
    label=_("Deal line"),
    new=_("New product in the deal"),
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
    new=_("New person in the deal"),
    plural=_("People in deals"),
    icon="person",
    visible=policies.people_of_deals,
    columns=("contact", "role", "deal"),
    filters=("contact", "role", "deal"),
    form=(Section(_("Person"), "deal", "contact", "role"),),
    title="contact",
    owner="",
    page=("summary", "timeline"),
    stands_with=("deal",),
)
LOSS_REASON = Dictionary("loss-reason", LossReason, _("Loss reason"), _("Loss reasons"), new=_("New loss reason"))
COMPETITOR = Entity(
    code="competitor",
    model=Competitor,
    label=_("Competitor"),
    new=_("New competitor"),
    plural=_("Competitors"),
    icon="company",
    menu="settings",
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
