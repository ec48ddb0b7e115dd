"""Files that people upload: stored under names of ours, told by the names they had."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import Stamped


class StoredFile(Stamped):
    """One file as it was uploaded; it is never changed, only put away."""

    why_no_attributes = "A file is the value of a field of another record; what is to be said of it stands there."

    name = models.CharField(_("name"), max_length=150)
    key = models.CharField(max_length=32, unique=True, editable=False)
    size = models.BigIntegerField(_("size, bytes"), editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64, editable=False)

    class Meta:
        db_table = "stored_file"
        verbose_name = _("file")
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="stored_file_has_name")]
        indexes = [models.Index(fields=["created_by", "-id"], name="stored_file_of_maker")]

    def __str__(self) -> str:
        return self.name
