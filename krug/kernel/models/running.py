"""Work over many records at once: bulk edits and the undoing of what was done, tied to their acts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.access.models import User


class ChangeRun(models.Model):
    """One bulk edit or one undoing: what was wanted, how far it came, what was skipped and why."""

    class Kind(models.TextChoices):
        EDIT = "edit", _("Bulk edit")
        ARCHIVE = "archive", _("Put into the archive")
        VERB = "verb", _("Bulk act")
        UNDO = "undo", _("Undoing")

    class State(models.TextChoices):
        WORKING = "working", _("Under way")
        DONE = "done", _("Carried out")
        FAILED = "failed", _("Stopped by an error")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    entity = models.CharField(max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WORKING)
    wanted = models.JSONField(default=dict)
    skipped = models.JSONField(default=dict)
    trouble = models.TextField(blank=True)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "change_run"
        ordering = ("-id",)
        indexes = [models.Index(fields=["created_by", "-id"], name="change_run_mine")]

    @property
    def is_running(self) -> bool:
        """Whether a job works on it now."""
        return self.state == self.State.WORKING

    @property
    def left_alone(self) -> int:
        """How many records were skipped."""
        return sum(int(each["count"]) for each in self.skipped.values())


class RunAct(models.Model):
    """One act of a run; an act that undoes another names it."""

    act = models.UUIDField(primary_key=True)
    run = models.ForeignKey(ChangeRun, models.CASCADE, related_name="acts")
    undoes = models.UUIDField(null=True, db_index=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "change_run_act"
