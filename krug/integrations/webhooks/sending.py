"""Sends a message until it is taken: at growing intervals for three days, and no more when nobody wants it."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krug.access.models import User
from krug.administration.outgoing import Unreachable, client
from krug.integrations.events import WebhookStopped
from krug.integrations.models import Webhook, WebhookAttempt, WebhookDelivery
from krug.integrations.webhooks.payload import is_still_open, kept_payload
from krug.integrations.webhooks.signing import headers
from krug.kernel.journal.recording import begin_act, record

# The intervals that Standard Webhooks recommends: ten attempts within a little more than three days.
PAUSES = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.2
SECONDS = 15.0
LONGEST = 64_000
KEPT = 1_000
LEASE = timedelta(minutes=2)
GONE = 410
State = WebhookDelivery.State


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or the trouble on the way; and when to come again, if it says so."""

    status: int | None = None
    trouble: str = ""
    text: str = ""
    took: int = 0
    retry_after: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether the other side has the message now."""
        return self.status is not None and 200 <= self.status < 300


def send_soon(delivery: WebhookDelivery, *, at: datetime | None = None) -> None:
    """Have it sent by a job, after this transaction."""
    from krug.integrations.webhooks.tasks import send_webhook

    delivery.next_at = at or timezone.now()
    delivery.save(update_fields=["next_at"])
    send_webhook.configure(schedule_at=at).defer(delivery_id=delivery.pk)


def send(delivery_id: int) -> None:
    """One attempt: claim it, ask whether it may still be said, send it, write down the answer, with no transaction
    open in between. What is said never changes."""
    delivery = _claimed(delivery_id)
    if delivery is None:
        return
    webhook = delivery.webhook
    owner = User.objects.filter(pk=webhook.owner_id).first() if webhook.owner_id else None
    is_open = webhook.is_active and owner is not None and owner.may_be_served
    body = kept_payload(delivery, owner) if is_open and owner is not None else ""
    if owner is None or not body or not is_still_open(delivery, owner):
        WebhookDelivery.objects.filter(pk=delivery.pk).update(state=State.WITHHELD, next_at=None)
        return
    answer = _posted(webhook, delivery.message, body.encode())
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
        WebhookAttempt.objects.create(
            delivery=delivery, status=answer.status, trouble=answer.trouble, answer=answer.text, took=answer.took
        )
        _settle(webhook, delivery, answer)


@transaction.atomic
def _claimed(delivery_id: int) -> WebhookDelivery | None:
    """The delivery, if it is due and nobody else sends it just now; a crash frees it after a while."""
    rows = WebhookDelivery.objects.select_for_update(of=("self",), skip_locked=True).select_related("webhook")
    delivery = rows.filter(pk=delivery_id, state=State.WAITING, next_at__lte=timezone.now()).first()
    if delivery is not None:
        delivery.attempts += 1
        delivery.next_at = timezone.now() + LEASE
        delivery.save(update_fields=["attempts", "next_at"])
    return delivery


def _posted(webhook: Webhook, message: str, body: bytes) -> Answer:
    since = time.monotonic()
    signed = headers(webhook.secrets(), message, int(time.time()), body)
    try:
        with (
            client(seconds=SECONDS, most=LONGEST) as http,
            http.stream("POST", webhook.url, content=body, headers=signed) as came,
        ):
            status, wait = came.status_code, came.headers.get("Retry-After", "")
            text = ""
            try:
                for part in came.iter_bytes():
                    text += part.decode(errors="replace")
                    if len(text) > KEPT:
                        break
            except Unreachable:
                text = text or ""  # the status decides; whoever drips or floods has answered already
    except Unreachable as no:
        return Answer(trouble=str(no)[:200], took=_since(since))
    return Answer(
        status=status,
        text=text[:KEPT].replace("\0", ""),
        took=_since(since),
        retry_after=min(int(wait), PAUSES[-1]) if wait.isascii() and wait.isdigit() and len(wait) < 9 else 0,
    )


def _since(since: float) -> int:
    return int(1000 * (time.monotonic() - since))


def _settle(webhook: Webhook, delivery: WebhookDelivery, answer: Answer) -> None:
    """What the answer means for the message and for the address."""
    delivery.status, delivery.next_at = answer.status, None
    if answer.is_taken:
        delivery.state = State.DELIVERED
        if webhook.failing_since is not None:
            Webhook.objects.filter(pk=webhook.pk).update(failing_since=None)
    elif answer.status == GONE or delivery.attempts > len(PAUSES):
        delivery.state = State.FAILED
    delivery.save(update_fields=["state", "status", "next_at"])
    if answer.is_taken:
        return
    if webhook.failing_since is None:
        webhook.failing_since = timezone.now()
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=webhook.failing_since)
    if delivery.state == State.FAILED:
        gone = answer.status == GONE
        if webhook.is_active:
            switch_off(webhook, is_gone=gone)
        return
    pause = max(PAUSES[delivery.attempts - 1] * (1 + random.uniform(0, JITTER)), answer.retry_after)
    send_soon(delivery, at=timezone.now() + timedelta(seconds=pause))


def switch_off(webhook: Webhook, *, is_gone: bool) -> None:
    """The address is told nothing more until somebody switches it on again; its owner is given the reason."""
    from krug.administration.actions.people import clock_actor

    actor = clock_actor()
    begin_act(actor)
    with override(webhook.owner.language if webhook.owner else "ru"):
        webhook.stopped_because = (
            _("The other side says that this address is gone (410).")
            if is_gone
            else _("No message was accepted for three days in spite of all attempts.")
        )
    webhook.is_active = False
    webhook.save(update_fields=["is_active", "stopped_because", "updated_at"])
    record(WebhookStopped(webhook=webhook, reason=webhook.stopped_because, by=actor))
