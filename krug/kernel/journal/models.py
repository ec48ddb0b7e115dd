"""The journal: what was done, by whom, to what; and beside it what changed in which columns."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalEntry(models.Model):
    """One fact: an event that a verb recorded in its own transaction. Partitioned by month of `at`."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    act = models.UUIDField(null=True)
    event = models.CharField(_("event"), max_length=80)
    entity = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    actor = models.ForeignKey(
        "access.User", models.DO_NOTHING, null=True, related_name="+", db_constraint=False, verbose_name=_("who")
    )
    source = models.CharField(max_length=60, blank=True, default="")
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "journal_entry"
        managed = False


class JournalMention(models.Model):
    """In whose history an entry stands: its subject and the records it is about. Partitioned like the journal."""

    id = models.BigAutoField(primary_key=True)
    entity = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    at = models.DateTimeField()
    entry_id = models.BigIntegerField()

    class Meta:
        db_table = "journal_mention"
        managed = False


class RowChange(models.Model):
    """What the database itself saw change in one row; written by triggers, so no path escapes."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    act = models.UUIDField(null=True)
    actor_id = models.BigIntegerField(null=True)
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    kind = models.CharField(max_length=1)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        db_table = "row_change"
        managed = False


class HistorySeal(models.Model):
    """One link of the chain that proves the history: the hash of these rows and of the link before."""

    table_name = models.CharField(max_length=63)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "history_seal"
        constraints = [models.UniqueConstraint(fields=["table_name", "first_id"], name="history_seal_once")]


class Owed(models.Model):
    """What an event still owes: a follow-up that runs after commit, perhaps twice, until it is paid."""

    entry_id = models.BigIntegerField()
    function = models.CharField(max_length=200)
    owed_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    trouble = models.TextField(blank=True)

    class Meta:
        db_table = "owed"
        constraints = [models.UniqueConstraint(fields=["entry_id", "function"], name="owed_once")]
        indexes = [models.Index(fields=["owed_at"], condition=models.Q(paid_at=None), name="owed_unpaid")]


class AuditRecord(models.Model):
    """What concerns safety: sign-ins, refusals, exports, changes of rights."""

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey("access.User", models.SET_NULL, null=True, related_name="+", db_constraint=False)
    address = models.GenericIPAddressField(null=True)
    object = models.CharField(max_length=120, blank=True)
    is_refused = models.BooleanField(default=False)
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_record"
        indexes = [
            models.Index(fields=["-at"], name="audit_record_at"),
            models.Index(fields=["kind", "-at"], name="audit_record_kind"),
        ]


class OncePerformed(models.Model):
    """A key that makes a repeated request harmless: the first answer is kept and given again."""

    actor = models.ForeignKey("access.User", models.CASCADE, related_name="+")
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, blank=True)
    status = models.IntegerField(null=True)
    answer = models.JSONField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "once_performed"
        constraints = [models.UniqueConstraint(fields=["actor", "route", "key"], name="once_performed_once")]
        indexes = [models.Index(fields=["at"], name="once_performed_at")]
