"""Why deals are lost, and to whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import Extensible, Stamped
from krug.language.bilingual import in_language


class LossReason(Stamped, Extensible):
    """A reason for which deals are lost; some ask for the competitor."""

    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    requires_competitor = models.BooleanField(_("asks for the competitor"), default=False)
    position = models.IntegerField(_("order"), default=0)
    code = models.SlugField(_("code"), max_length=40, blank=True, editable=False)

    class Meta:
        db_table = "loss_reason"
        verbose_name = _("reason of loss")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_ru="") | ~Q(name_en=""),
                name="loss_reason_has_name",
                violation_error_message=_("Give the reason a name in at least one language."),
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="loss_reason_code_once"),
        ]

    def __str__(self) -> str:
        return in_language(self.name_ru, self.name_en)


class Competitor(Stamped, Extensible):
    """Somebody who sells the same to the same customers; may be one of the parties."""

    name = models.CharField(_("name"), max_length=200)
    party = models.ForeignKey(
        "parties.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("its card")
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        db_table = "competitor"
        verbose_name = _("competitor")
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                name="competitor_name_once",
                violation_error_message=_("There is a competitor of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
