"""How requisites, banks, accounts and addresses present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.kernel.entity import Entity, Section
from krug.kernel.visibility import everyone
from krug.parties import policies
from krug.parties.actions.accounts import add_bank_account, change_bank, change_bank_account, register_bank
from krug.parties.actions.addresses import add_address, change_address
from krug.parties.actions.requisites import add_requisites, change_requisites
from krug.parties.models import Address, Bank, BankAccount, Requisites

REQUISITES = Entity(
    code="requisites",
    plural_code="requisites",
    model=Requisites,
    label=_("Requisites"),
    new=_("New requisites"),
    plural=_("Requisites"),
    icon="file",
    visible=policies.of_party,
    columns=("short_name", "party", "inn", "kpp", "ogrn", "valid_from", "valid_to"),
    filters=("party", "inn", "kpp", "ogrn", "tax_regime", "vat_payer", "valid_from"),
    order="id",
    search={"short_name": "C"},
    search_digits=("inn",),
    title="short_name",
    form=(
        Section(_("Whose and since when"), "party", "valid_from", "valid_to"),
        Section(_("Name"), "short_name", "full_name", "legal_form_code"),
        Section(_("Numbers"), "inn", "kpp", "ogrn", "ogrn_date", "okpo", "oktmo", "okved_main", "foreign_tax_id"),
        Section(_("Taxes"), "tax_regime", "vat_payer"),
        Section(_("Head of the company"), "director_name", "director_position", "acts_on_basis"),
    ),
    create=add_requisites,
    change=change_requisites,
    stands_with=("party",),
)

BANK = Entity(
    code="bank",
    model=Bank,
    label=_("Bank"),
    new=_("New bank"),
    plural=_("Banks"),
    icon="money",
    visible=everyone,
    columns=("name", "bic", "city", "corr_account", "is_active", "source_date"),
    filters=("bic", "name", "city", "is_active"),
    order="id",
    search={"name": "C", "bic": "C"},
    form=(Section(_("Bank"), "bic", "name", "city", "corr_account", "is_active", "source_date"),),
    create=register_bank,
    change=change_bank,
)

BANK_ACCOUNT = Entity(
    code="bank-account",
    model=BankAccount,
    label=_("Bank account"),
    new=_("New bank account"),
    plural=_("Bank accounts"),
    icon="money",
    visible=policies.of_party,
    columns=("number", "party", "bank", "currency", "is_main", "valid_from", "valid_to"),
    filters=("party", "bank", "currency", "is_main", "number"),
    order="id",
    title="number",
    form=(
        Section(_("Account"), "party", "bank", "number", "currency", "is_main"),
        Section(_("Period"), "valid_from", "valid_to"),
    ),
    create=add_bank_account,
    change=change_bank_account,
    stands_with=("party",),
)

ADDRESS = Entity(
    code="address",
    plural_code="addresses",
    model=Address,
    label=_("Address"),
    new=_("New address"),
    plural=_("Addresses"),
    icon="pin",
    visible=policies.of_party,
    columns=("free_text", "kind", "party", "city", "street", "house", "is_main"),
    filters=("party", "kind", "city", "region_name", "postcode", "country", "is_main"),
    order="id",
    title="free_text",
    form=(
        Section(_("Whose"), "party", "kind", "is_main"),
        Section(_("In one line"), "free_text"),
        Section(
            _("In parts"), "country", "postcode", "region_code", "region_name", "district", "city", "settlement",
            "street", "house", "block", "flat",
        ),
        Section(_("For the map and for EDI"), "latitude", "longitude", "gln"),
    ),
    create=add_address,
    change=change_address,
    stands_with=("party",),
)  # fmt: skip
