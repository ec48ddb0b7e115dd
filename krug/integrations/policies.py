"""Who sees which addresses of other programs, and what was sent to them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from krug.access.models import User
from krug.integrations.models import Webhook
from krug.kernel.visibility import by_parent, by_reach


def webhooks(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Own ones, those of the team, or all, by the reach of the role."""
    return by_reach(rows, user, "webhook")


def deliveries(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """What was sent to visible addresses."""
    return by_parent(rows, webhooks(Webhook.objects.all(), user), "webhook")
