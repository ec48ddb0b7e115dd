"""Which record went into which, and which pairs look as if they were one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.access.models import User


class RecordMerge(models.Model):
    """One record was merged into another by one act; the row goes when they are split again."""

    has_history = True

    entity = models.CharField(max_length=60)
    loser_id = models.BigIntegerField()
    keeper_id = models.BigIntegerField()
    act = models.UUIDField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        db_table = "record_merge"
        constraints = [
            models.UniqueConstraint(fields=["entity", "loser_id"], name="record_merge_once"),
            models.CheckConstraint(
                condition=~models.Q(loser_id=models.F("keeper_id")), name="record_merge_into_another"
            ),
        ]
        indexes = [models.Index(fields=["entity", "keeper_id"], name="record_merge_keeper")]


class DuplicatePair(models.Model):
    """Two records of one type that look like one; what people decide about them is remembered."""

    class State(models.TextChoices):
        OPEN = "open", _("To be looked at")
        MERGED = "merged", _("Merged")
        DISTINCT = "distinct", _("Not duplicates")

    entity = models.CharField(max_length=60)
    one_id = models.BigIntegerField()
    two_id = models.BigIntegerField()
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(auto_now=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "duplicate_pair"
        constraints = [
            models.UniqueConstraint(fields=["entity", "one_id", "two_id"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=models.Q(one_id__lt=models.F("two_id")), name="duplicate_pair_in_order"),
        ]
        indexes = [
            models.Index(
                fields=["entity", "-score", "id"], condition=models.Q(state="open"), name="duplicate_pair_queue"
            ),
            models.Index(fields=["entity", "two_id"], name="duplicate_pair_two"),
        ]


class DuplicateSearch(models.Model):
    """One search through the whole base of a type, with its progress."""

    class State(models.TextChoices):
        WORKING = "working", _("Under way")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped by an error")
        CANCELLED = "cancelled", _("Cancelled")

    entity = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WORKING)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    found = models.IntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "duplicate_search"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["entity"], condition=models.Q(state="working"), name="duplicate_search_one_at_a_time"
            )
        ]
