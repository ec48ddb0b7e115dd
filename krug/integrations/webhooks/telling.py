"""Reads the journal in the order that stays and puts each event on its way to every address that wants it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from procrastinate.exceptions import AlreadyEnqueued

from krug.access.models import User
from krug.integrations.following.feed import Place, final_numbers
from krug.integrations.models import Webhook, WebhookDelivery, WebhookReader
from krug.integrations.webhooks.naming import is_wanted, type_of
from krug.integrations.webhooks.payload import payload_of
from krug.kernel.journal.events import Event
from krug.kernel.journal.models import JournalEntry
from krug.kernel.journal.reading import visible_links

NUMBERS = "journal_entry_id_seq"
AT_ONCE = 500
LOOK_EVERY = 2.0


@dataclass
class _Look:
    """Whether any address was switched on a moment ago, so that not every event has to ask."""

    is_any: bool = False
    until: float = 0.0


_look = _Look()


def tell_soon(event: Event) -> None:
    """After this transaction the journal is read on; the clock does so every minute anyway."""
    now = time.monotonic()
    if now > _look.until:
        _look.is_any, _look.until = Webhook.objects.filter(is_active=True).exists(), now + LOOK_EVERY
    if _look.is_any and not any(entry[1] is start_reading for entry in connection.run_on_commit):
        transaction.on_commit(start_reading)


def look_again() -> None:
    """An address was added or switched on."""
    _look.until = 0.0


def start_reading(*, seconds: int = 0) -> None:
    """Have the journal read by a job, unless one waits already."""
    from krug.integrations.webhooks.tasks import tell_webhooks

    job = tell_webhooks.configure(queueing_lock="tell_webhooks", schedule_in={"seconds": seconds} if seconds else None)
    try:
        with transaction.atomic():
            job.defer()
    except AlreadyEnqueued:
        return


def read_on() -> bool:
    """Put the next events on their way; false when there is nothing more that is final now."""
    from krug.integrations.webhooks.sending import send_soon

    with transaction.atomic():
        reader, _is_new = WebhookReader.objects.select_for_update().get_or_create(pk=1)
        final, place = final_numbers(Place(reader.position, reader.announced, reader.until), NUMBERS)
        webhooks = list(Webhook.objects.filter(is_active=True, is_archived=False).select_related("owner"))
        first = min((webhook.since_entry for webhook in webhooks), default=final)
        position = max(reader.position, first)
        found = JournalEntry.objects.filter(id__gt=position, id__lte=final, source="").order_by("id")
        entries = list(found.select_related("actor")[:AT_ONCE])
        reader.position = entries[-1].pk if len(entries) == AT_ONCE else max(final, reader.position)
        reader.announced, reader.until = max(place.announced, reader.position), place.until
        reader.save()
        made = [delivery for webhook in webhooks for delivery in _deliveries(webhook, entries)]
        known = set(
            WebhookDelivery.objects.filter(message__in=[d.message for d in made]).values_list("webhook_id", "message")
        )
        fresh = [each for each in made if (each.webhook_id, each.message) not in known]
        WebhookDelivery.objects.bulk_create(fresh)
        for delivery in fresh:
            send_soon(delivery)
    if reader.position < reader.announced and len(entries) < AT_ONCE:
        start_reading(seconds=1)  # somebody's transaction is still open: what comes after it waits
    return len(entries) == AT_ONCE


def _deliveries(webhook: Webhook, entries: Iterable[JournalEntry]) -> list[WebhookDelivery]:
    wanted = [
        entry
        for entry in entries
        if entry.pk > webhook.since_entry and is_wanted(webhook.types, type_of(entry.entity, entry.event))
    ]
    owner = webhook.owner
    if not wanted or owner is None or not owner.may_come_in:
        return []
    reader = User.objects.get(pk=owner.pk)
    seen = visible_links(((entry.entity, entry.subject_id) for entry in wanted), reader)
    made = []
    for entry in wanted:
        name = type_of(entry.entity, entry.event)
        body = payload_of(entry, name, reader) if (entry.entity, entry.subject_id) in seen else ""
        if body:
            message = f"evt_{entry.pk}"
            made.append(WebhookDelivery(webhook=webhook, entry_id=entry.pk, message=message, type=name, sent=body))
    return made
