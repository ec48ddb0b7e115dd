"""Runs of imports: the files, what was found, how far it came, how it ended."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.access.models import User


class ImportRun(models.Model):
    """One import by a preset: checked first, written when somebody says so, and kept with its findings."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, not written yet")
        WRITING = "writing", _("Being written")
        DONE = "done", _("Written")
        FAILED = "failed", _("Failed, nothing was written")
        CANCELLED = "cancelled", _("Cancelled, nothing was written")

    preset = models.CharField(_("preset"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CHECKING)
    files = models.JSONField(default=dict)
    findings = models.JSONField(default=dict)
    trouble = models.TextField(blank=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "import_run"
        ordering = ("-id",)

    @property
    def is_running(self) -> bool:
        """Whether a job works on it now."""
        return self.state in (self.State.CHECKING, self.State.WRITING)
