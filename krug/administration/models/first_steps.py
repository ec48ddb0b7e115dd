"""What a new person has tried on the first day."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from krug.access.models import User


class FirstSteps(models.Model):
    """The first-day tasks of one person; the row goes when all are done or put away, and never comes back."""

    has_history = False

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)
    done = ArrayField(models.CharField(max_length=16), default=list)

    class Meta:
        db_table = "first_steps"

    def __str__(self) -> str:
        return f"{self.person_id}: {', '.join(self.done)}"
