"""Exceptions from the guard over outgoing connections: exact hosts that the administrator opens."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import Stamped


class OpenedHost(Stamped):
    """One host of the inner network, or one host and port, that adapters may connect to."""

    why_no_attributes = "It is a rule of the guard and nothing that anybody keeps records about."

    host = models.CharField(
        _("host"),
        max_length=255,
        unique=True,
        help_text=_("An exact name or address, with a port if it is an unusual one: erp.local or 10.0.0.7:8069."),
    )
    note = models.CharField(_("what for"), max_length=200, blank=True)

    class Meta:
        db_table = "opened_host"

    def __str__(self) -> str:
        return self.host
