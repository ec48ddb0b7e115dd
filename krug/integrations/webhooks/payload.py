"""What is said of an event: which record, by which act, and what changed in the fields that the owner may see.

It is said once, when the event is put on its way: every attempt then sends the same words under the same number.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from krug.access.models import User
from krug.integrations.models import WebhookDelivery
from krug.integrations.webhooks.naming import TEST
from krug.kernel.api.history import changes_of
from krug.kernel.fields import Field
from krug.kernel.fields.masked import MaskedField
from krug.kernel.journal.models import JournalEntry
from krug.kernel.registry import get_entity
from krug.kernel.sight import seen_by, sight_of

PLAIN_CHANGE = "RecordChanged"


def payload_of(entry: JournalEntry, name: str, user: User) -> str:
    """The body of the message as the owner may read it; nothing when the record is not open to him, or when nothing
    that he may see was changed."""
    entity = get_entity(entry.entity)
    record = entity.rows_for(user).filter(pk=entry.subject_id).first()
    if record is None:
        return ""
    act = str(entry.act or "")
    with seen_by(user):
        changes = [each for told in changes_of(entity, record, act) for each in told["changes"]] if act else []
    if entry.event == PLAIN_CHANGE and not changes and sight_of(entity, user) is not None:
        return ""
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
    return _written(name, entry.at, data)


def trial_payload(webhook_id: int, at: datetime) -> str:
    """A message of no consequence."""
    return _written(TEST, at, {"webhook": webhook_id})


def kept_payload(delivery: WebhookDelivery, user: User) -> str:
    """What the message says; for one of an older version that did not keep it, what it says from now on."""
    if not delivery.sent and delivery.entry_id:
        entry = JournalEntry.objects.filter(pk=delivery.entry_id).first()
        delivery.sent = payload_of(entry, delivery.type, user) if entry else ""
        delivery.save(update_fields=["sent"])
    return delivery.sent


def is_still_open(delivery: WebhookDelivery, user: User) -> bool:
    """Whether the owner may still read everything that the message says."""
    if delivery.type == TEST or not delivery.sent:
        return bool(delivery.sent)
    data = json.loads(delivery.sent)["data"]
    entity = get_entity(data["entity"])
    with seen_by(user):
        known = dict(entity.fields)
    if not all(_is_shown(known.get(change["field"]), change) for change in data["changes"]):
        return False
    return bool(entity.rows_for(user).filter(pk=data["id"]).exists())


def _is_shown(field: Field | None, change: dict[str, Any]) -> bool:
    """Whether a reader of the field may read this: of a covered one only what was covered when it was written."""
    if not isinstance(field, MaskedField):
        return field is not None
    return all(field.covers(change[side]) for side in ("old", "new"))


def _written(name: str, at: datetime, data: dict[str, Any]) -> str:
    said = {"type": name, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=str)
