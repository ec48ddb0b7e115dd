"""Views that a person keeps at hand under their list in the navigation."""

from __future__ import annotations

from django.db import models

from krug.access.models import User


class PinnedView(models.Model):
    """One view of one type, ready-made or saved, pinned by one user."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    entity = models.CharField(max_length=60)
    key = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "pinned_view"
        constraints = [models.UniqueConstraint(fields=["user", "entity", "key"], name="pinned_view_once")]

    def __str__(self) -> str:
        return f"{self.entity} {self.key}"
