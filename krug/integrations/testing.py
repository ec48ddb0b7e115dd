"""Webhooks for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from krug.access.models import User
from krug.integrations.actions.webhooks import create_webhook
from krug.integrations.models import Webhook, WebhookDelivery
from krug.integrations.webhooks.payload import trial_payload
from krug.kernel.testing.cast import make_user

_numbers = count(1)


def make_webhook(url: str = "https://partner.example/hook", *, owner: User | None = None, **values: Any) -> Webhook:
    """An address that is told of everything unless events are named."""
    owner = owner or make_user()
    return create_webhook(
        by=owner, owner=owner, url=url, **{"name": f"Partner {next(_numbers)}", "types": "*", **values}
    )


def make_delivery(webhook: Webhook | None = None, *, owner: User | None = None, **values: Any) -> WebhookDelivery:
    """A message that waits for nobody."""
    webhook = webhook or make_webhook(owner=owner)
    told = {"message": f"evt_sample_{next(_numbers)}", "type": "webhook.test", "state": "delivered", "status": 204}
    told["sent"] = trial_payload(webhook.pk, timezone.now())
    return WebhookDelivery.objects.create(webhook=webhook, **{**told, **values})


SAMPLES = {"webhook": make_webhook, "webhook-delivery": make_delivery}
