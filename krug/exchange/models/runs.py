"""Runs of imports: the files, what was found, how far it came, how it ended."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.access.models import User


class ImportRun(models.Model):
    """One import, by a preset or by a plan: checked first, written when somebody says so, kept with its findings."""

    has_history = False

    class State(models.TextChoices):
        OPENING = "opening", _("Being opened")
        PLANNING = "planning", _("Waiting for column matching")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, not written yet")
        WRITING = "writing", _("Being written")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    preset = models.CharField(_("preset"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CHECKING)
    files = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    signature = models.CharField(max_length=64, blank=True)
    place = models.JSONField(default=list)
    acts = models.JSONField(default=list)
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
        indexes = [models.Index(fields=["created_by", "signature", "-id"], name="import_run_signature")]

    @property
    def writes(self) -> bool:
        """Whether the check accepted any row; a run that counts otherwise is taken to have some."""
        tables = self.findings.get("tables")
        return tables is None or any(
            count and fate not in ("bad", "ask") for table in tables.values() for fate, count in table.items()
        )

    @property
    def is_running(self) -> bool:
        """Whether a job works on it now."""
        return self.state in (self.State.OPENING, self.State.CHECKING, self.State.WRITING, self.State.UNDOING)


class ImportRow(models.Model):
    """What became of one row of an import, or what will become of it: its record, what changes, or the reason."""

    has_history = False

    class Fate(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Unchanged")
        SKIPPED = "skipped", _("Skipped")
        ASK = "ask", _("Needs a decision")
        BAD = "bad", _("Refused")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    table = models.SmallIntegerField()
    number = models.IntegerField()
    fate = models.CharField(max_length=7, choices=Fate.choices)
    record_id = models.BigIntegerField(null=True)
    note = models.JSONField(default=dict)

    @property
    def told(self) -> dict[str, Any]:
        """What people are told of the row: its record in words, all that is wrong with it, what changes."""
        title, faults = self.note.get("title", ""), self.note.get("faults") or []
        if not faults and self.note.get("reason"):  # as runs of before were kept
            faults = [[self.note.get("column", ""), self.note["reason"]]]
        if self.fate == self.Fate.SKIPPED and self.record_id:
            faults = [["", _("Known already: %(title)s, № %(number)s.") % {"title": title, "number": self.record_id}]]
        return {
            "title": title,
            "faults": [{"column": column, "reason": reason} for column, reason in faults],
            "changes": self.note.get("changes", []),
        }

    class Meta:
        db_table = "import_row"
        indexes = [models.Index(fields=["run", "fate", "table", "number"], name="import_row_fate")]


class ExportRun(models.Model):
    """One long list that a job writes into a file; the file is kept for a day."""

    has_history = False

    class State(models.TextChoices):
        WORKING = "working", _("Under way")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    entity = models.CharField(max_length=60)
    format = models.CharField(max_length=5)
    query = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="ru")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WORKING)
    trouble = models.TextField(blank=True)
    as_of = models.DateTimeField(null=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    size = models.BigIntegerField(default=0)
    created_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "export_run"
        ordering = ("-id",)
        indexes = [models.Index(fields=["expires_at"], name="export_run_expires")]

    @property
    def is_running(self) -> bool:
        """Whether a job works on it now."""
        return self.state == self.State.WORKING
