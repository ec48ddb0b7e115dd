"""How rates of VAT present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.administration.settings_pages import SettingsPage, name_settings
from krug.kernel.entity import Entity, Section
from krug.kernel.visibility import everyone
from krug.parties.models import TaxRate

TAX_RATE = Entity(
    code="tax-rate",
    model=TaxRate,
    label=_("VAT rate"),
    new=_("New VAT rate"),
    plural=_("VAT rates"),
    icon="money",
    menu="settings/products",
    visible=everyone,
    columns=("name_ru", "name_en", "country", "rate", "valid_from", "valid_to"),
    filters=("country", "family", "code", "rate", "valid_from", "valid_to"),
    order="id",
    owner="",
    form=(
        Section(_("VAT rate"), "name_ru", "name_en", "country", "rate"),
        Section(_("Period"), "valid_from", "valid_to", "law"),
        Section(_("Exchange"), "code", "family", "edo_value"),
    ),
)
name_settings(
    SettingsPage(
        title=TAX_RATE.plural,
        url=TAX_RATE.url(),
        group="products",
        icon=TAX_RATE.icon,
        right=(TAX_RATE.code, ""),
        says=_("VAT rates with the dates from which they apply; offers and documents use the rate of their date."),
        covers=(TAX_RATE.code,),
    )
)
