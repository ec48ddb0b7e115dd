"""Where a party is registered, works, takes letters and goods."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import Extensible, Sourced, Stamped
from krug.parties.models.parties import Party


class Address(Stamped, Extensible, Sourced):
    """One address of a party; what was typed is kept beside the parts."""

    class Kind(models.TextChoices):
        LEGAL = "legal", _("Legal")
        POSTAL = "postal", _("Postal")
        ACTUAL = "actual", _("Actual")
        DELIVERY = "delivery", _("Delivery")

    party = models.ForeignKey(Party, models.CASCADE, related_name="addresses", verbose_name=_("party"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.ACTUAL)
    free_text = models.CharField(_("address in one line"), max_length=1000, blank=True)
    country = models.CharField(_("country"), max_length=2, default="RU")
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    region_code = models.CharField(_("code of the region"), max_length=2, blank=True)
    region_name = models.CharField(_("region"), max_length=120, blank=True)
    district = models.CharField(_("district"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    settlement = models.CharField(_("settlement"), max_length=120, blank=True)
    street = models.CharField(_("street"), max_length=160, blank=True)
    house = models.CharField(_("house"), max_length=40, blank=True)
    block = models.CharField(_("block"), max_length=40, blank=True)
    flat = models.CharField(_("flat or office"), max_length=40, blank=True)
    gar_guid = models.UUIDField(_("GAR object"), null=True, blank=True, editable=False)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    gln = models.CharField(_("GLN"), max_length=13, blank=True)
    is_main = models.BooleanField(_("main"), default=False)

    class Meta:
        db_table = "address"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind"], condition=Q(is_main=True, is_archived=False), name="address_one_main"
            ),
            models.CheckConstraint(
                condition=~Q(country="RU") | Q(postcode="") | Q(postcode__regex=r"^\d{6}$"),
                name="address_postcode",
                violation_error_message=_("A Russian postcode has 6 digits."),
                violation_error_code="POSTCODE",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="address_coordinates",
                violation_error_message=_("Give both coordinates: latitude −90 to 90, longitude −180 to 180."),
            ),
            models.CheckConstraint(
                condition=Q(gln="") | Q(gln__regex=r"^\d{13}$"),
                name="address_gln",
                violation_error_message=_("A GLN has 13 digits."),
            ),
        ]

    def __str__(self) -> str:
        return self.free_text or self.one_line

    @property
    def one_line(self) -> str:
        """The parts of the address in the order of a letter."""
        parts = (
            self.postcode, self.region_name, self.district, self.city, self.settlement,
            self.street, self.house, self.block, self.flat,
        )  # fmt: skip
        return ", ".join(dict.fromkeys(part for part in parts if part))
