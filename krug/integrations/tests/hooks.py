"""What the tests of webhooks do in the place of jobs, of people and of time."""

from __future__ import annotations

import json

from django.utils import timezone

from krug.integrations.models import WebhookDelivery
from krug.integrations.webhooks.sending import send
from krug.integrations.webhooks.telling import read_on
from krug.kernel import doors
from krug.kernel.registry import get_entity


def change(party, by, **values):
    return doors.change_record(get_entity("party"), party.pk, values, by=by)


def go_out():
    """What the jobs would do: read the journal on, and send what is due."""
    while read_on():
        pass
    for pk in list(
        WebhookDelivery.objects.filter(state="waiting", next_at__lte=timezone.now()).values_list("pk", flat=True)
    ):
        send(pk)


def come_due():
    """The next attempt of everything that waits is now."""
    WebhookDelivery.objects.filter(state="waiting").update(next_at=timezone.now())


def body_of(came):
    return json.loads(came.body)
