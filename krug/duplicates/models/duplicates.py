"""Which pairs of records look as if they were one, and the searches that find them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.access.models import User


class DuplicatePair(models.Model):
    """Two records of one type that look like one; what people decide about them is remembered."""

    has_history = False

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


class DuplicateKeys(models.Model):
    """What brings one record together with others: its rare words and numbers in a short form.

    A record without a row, because it is new or has changed, gets one before the next search.
    """

    has_history = False

    entity = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    signature = models.BigIntegerField()
    keys = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "duplicate_keys"
        constraints = [models.UniqueConstraint(fields=["entity", "record_id"], name="duplicate_keys_once")]


class DuplicateSearch(models.Model):
    """One search through the whole base of a type, with its progress."""

    has_history = False

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
