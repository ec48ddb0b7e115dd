"""Jobs that put events on their way to other programs, and what the clock does for it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

KEPT_FOR = timedelta(days=30)
MOST_RESCUED = 500


@app.task(name="tell_webhooks", queue="webhooks", lock="tell_webhooks")
def tell_webhooks() -> None:
    """New events are put on their way."""
    from krug.integrations.webhooks.telling import read_on

    while read_on():
        pass


@app.task(name="send_webhook", queue="webhooks")
def send_webhook(delivery_id: int) -> None:
    """One attempt to deliver one message; one that is not due is left alone."""
    from krug.integrations.webhooks.sending import send

    send(delivery_id)


@app.periodic(cron="* * * * *")
@app.task(name="sweep_webhooks", queue="clock", queueing_lock="sweep_webhooks")
def sweep_webhooks(timestamp: int) -> None:
    """What a crash left lying goes on its way, and messages older than a month are forgotten."""
    from krug.integrations.models import Webhook, WebhookDelivery
    from krug.integrations.webhooks.telling import start_reading

    now = timezone.now()
    if Webhook.objects.filter(is_active=True).exists():
        start_reading()
    late = WebhookDelivery.objects.filter(state="waiting", next_at__lt=now - timedelta(minutes=1))
    for pk in late.order_by("next_at").values_list("pk", flat=True)[:MOST_RESCUED]:
        send_webhook.defer(delivery_id=pk)
    old = WebhookDelivery.objects.filter(created_at__lt=now - KEPT_FOR).exclude(state="waiting")
    WebhookDelivery.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:5_000])).delete()
