"""What the database keeps of added fields that are worked out, and which records wait for it."""

from __future__ import annotations

from django.db import models


class AttributeWork(models.Model):
    """How the values of one field are made, from which table, and how far its index is."""

    attribute_id = models.BigIntegerField(primary_key=True)
    own = models.CharField(max_length=63)
    source = models.CharField(max_length=63, db_index=True)
    recipe = models.JSONField()
    day = models.DateField(null=True)
    reached = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    is_ready = models.BooleanField(default=False)
    begun_at = models.DateTimeField(auto_now=True)
    trouble = models.TextField(blank=True)

    class Meta:
        db_table = "attribute_work"

    def __str__(self) -> str:
        return f"{self.source}: {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        """How far the index is."""
        return 100 if self.is_ready else min(99, 100 * self.done // max(self.total, 1))


class AttributeDue(models.Model):
    """A record whose summary has to be made anew, because a record that leads to it has changed."""

    record_id = models.BigIntegerField(primary_key=True)
    attribute_id = models.BigIntegerField()

    class Meta:
        db_table = "attribute_due"
        managed = False
