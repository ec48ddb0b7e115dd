"""Which record became part of which: the history, the doors and the addresses of both follow it."""

from __future__ import annotations

from django.db import models

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
