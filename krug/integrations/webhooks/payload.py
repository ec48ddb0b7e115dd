"""What is said of an event: which record, by which act, and what changed in the fields that the owner may see."""

from __future__ import annotations

import json
from typing import Any

from krug.access.models import User
from krug.integrations.models import WebhookDelivery
from krug.integrations.webhooks.naming import TEST
from krug.kernel.api.history import changes_of
from krug.kernel.journal.models import JournalEntry
from krug.kernel.registry import get_entity
from krug.kernel.sight import seen_by


def payload_of(delivery: WebhookDelivery, user: User) -> bytes | None:
    """The body of the message as the owner may read it at this moment; nothing when the record is not open to him."""
    at = delivery.created_at.isoformat().replace("+00:00", "Z")
    if delivery.type == TEST:
        return _written(delivery.type, at, {"webhook": delivery.webhook_id})
    entry = JournalEntry.objects.get(pk=delivery.entry_id or 0)
    entity = get_entity(entry.entity)
    record = entity.rows_for(user).filter(pk=entry.subject_id).first()
    if record is None:
        return None
    act = str(entry.act or "")
    with seen_by(user):
        told = changes_of(entity, record)
    changes = [each for change in told if change["act"] == act for each in change["changes"]]
    data = {
        "entity": entry.entity,
        "id": entry.subject_id,
        "version": getattr(record, "version", None),
        "event": entry.event,
        "actor": entry.actor_id,
        "act": act,
        "sequence": entry.pk,
        "changes": changes,
    }
    return _written(delivery.type, entry.at.isoformat().replace("+00:00", "Z"), data)


def _written(name: str, at: str, data: dict[str, Any]) -> bytes:
    said = {"type": name, "timestamp": at, "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=str).encode()
