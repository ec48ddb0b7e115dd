"""Addresses of other programs: added, changed, tried out, switched off and on; their secrets shown once and renewed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.locked import lock, unlock
from krug.access.models import User
from krug.administration.outgoing import Unreachable, is_opened, refuse_inner
from krug.integrations.events import WebhookSecretRenewed, WebhookSecretShown, WebhookStarted, WebhookStopped
from krug.integrations.models import Webhook, WebhookDelivery
from krug.integrations.models.webhooks import PURPOSE
from krug.integrations.webhooks.naming import TEST, read_types
from krug.integrations.webhooks.payload import trial_payload
from krug.integrations.webhooks.sending import send_soon
from krug.integrations.webhooks.signing import new_secret
from krug.integrations.webhooks.telling import look_again
from krug.kernel import writing
from krug.kernel.entity import Entity
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.registry import get_entity

BOTH_COUNT = timedelta(hours=24)
MOST = 50
PORTS = {"http": 80, "https": 443}


@transaction.atomic
def create_webhook(*, by: User, **values: Any) -> Webhook:
    """Another program is told of events from now on."""
    owner = values.get("owner") or by
    if owner.pk != by.pk:
        raise Refusal(_("A webhook shows what its owner may see, so you can only make your own."), field="owner")
    if Webhook.objects.filter(owner=owner, is_archived=False).count() >= MOST:
        raise Refusal(_("Fifty webhooks are enough: remove those that are not needed."))
    ready = {
        **values,
        "owner": owner,
        "url": read_url(values.get("url", "")),
        "types": read_types(values.get("types", "")),
    }
    ready |= {"secret": lock(new_secret(), purpose=PURPOSE), "since_entry": _newest_entry()}
    made: Webhook = writing.create(_type(), ready, by=by)
    transaction.on_commit(look_again)
    return made


@transaction.atomic
def change_webhook(webhook: Webhook, values: dict[str, Any], *, by: User) -> Webhook:
    """Name, address and wanted events may change; the owner stays, since the right to see is his."""
    if "owner" in values and values["owner"] != webhook.owner:
        raise Refusal(_("A webhook shows what its owner may see, so you can only make your own."), field="owner")
    ready = dict(values)
    if "url" in ready:
        ready["url"] = read_url(ready["url"])
        if ready["url"] != webhook.url:
            _refuse_others(webhook, by)
    if "types" in ready:
        ready["types"] = read_types(ready["types"])
    changed: Webhook = writing.change(_type(), webhook, ready, by=by)
    return changed


@transaction.atomic
def renew_secret(webhook: Webhook, *, by: User) -> Webhook:
    """A new secret signs beside the old one for a day, so that the other side can change over in between."""
    webhook.previous_secret, webhook.previous_until = webhook.secret, timezone.now() + BOTH_COUNT
    webhook.secret, webhook.is_secret_shown = lock(new_secret(), purpose=PURPOSE), False
    webhook.save(update_fields=["secret", "previous_secret", "previous_until", "is_secret_shown", "updated_at"])
    record(WebhookSecretRenewed(webhook=webhook, by=by))
    return webhook


@transaction.atomic
def show_secret(webhook: Webhook, *, by: User) -> str:
    """The secret in plain words, this once and to the owner; afterwards there are only new ones."""
    _refuse_others(webhook, by)
    if webhook.is_secret_shown:
        raise Refusal(_("The secret was shown already. Make a new one if it is lost."), code="SHOWN_ALREADY")
    webhook.is_secret_shown = True
    webhook.save(update_fields=["is_secret_shown", "updated_at"])
    record(WebhookSecretShown(webhook=webhook, by=by))
    return unlock(webhook.secret, purpose=PURPOSE)


@transaction.atomic
def try_webhook(webhook: Webhook, *, by: User) -> Webhook:
    """A message of no consequence is sent, to see whether the other side takes it."""
    delivery = WebhookDelivery.objects.create(
        webhook=webhook,
        message=f"evt_{uuid4().hex}",
        type=TEST,
        sent=trial_payload(webhook.pk, timezone.now()),
        created_by=by,
        updated_by=by,
    )
    send_soon(delivery)
    return webhook


@transaction.atomic
def stop_webhook(webhook: Webhook, *, by: User) -> Webhook:
    """Somebody switches a webhook off; what waits is not sent."""
    webhook.is_active, webhook.stopped_because = False, ""
    webhook.save(update_fields=["is_active", "stopped_because", "updated_at"])
    WebhookDelivery.objects.filter(webhook=webhook, state="waiting").update(state="withheld", next_at=None)
    record(WebhookStopped(webhook=webhook, reason=_("by hand"), by=by))
    return webhook


@transaction.atomic
def start_webhook(webhook: Webhook, *, by: User) -> Webhook:
    """A webhook is told of what happens from now on; what was missed can be sent again one by one."""
    webhook.is_active, webhook.stopped_because, webhook.failing_since = True, "", None
    webhook.since_entry = _newest_entry()
    webhook.save(update_fields=["is_active", "stopped_because", "failing_since", "since_entry", "updated_at"])
    transaction.on_commit(look_again)
    record(WebhookStarted(webhook=webhook, by=by))
    return webhook


@transaction.atomic
def redeliver(delivery: WebhookDelivery, *, by: User) -> WebhookDelivery:
    """The same message is sent once more, with the same number."""
    if not delivery.webhook.is_active:
        raise Refusal(_("The webhook is switched off. Switch it on first."), code="SWITCHED_OFF")
    delivery.state, delivery.attempts, delivery.updated_by = WebhookDelivery.State.WAITING, 0, by
    delivery.save(update_fields=["state", "attempts", "updated_by", "updated_at"])
    send_soon(delivery)
    return delivery


def read_url(text: str) -> str:
    """An address that a webhook may have: outside by the guard that also stands at sending, or opened by name."""
    given = text.strip()
    whole = Refusal(_("Give a whole address that begins with https://."), field="url", code="URL")
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise whole from None
    if parts.scheme not in PORTS or not host or parts.username or port == 0 or not given.isprintable() or " " in given:
        raise whole
    port = port or PORTS[parts.scheme]
    if parts.scheme == "http" and not is_opened(host, port):
        raise whole
    try:
        refuse_inner(host, port)
    except Unreachable:
        words = _("This address stands inside your own network. An administrator can add it under “Allowed hosts”.")
        raise Refusal(words, field="url", code="URL_INSIDE") from None
    return given


def _refuse_others(webhook: Webhook, by: User) -> None:
    """Where messages go and how they are signed is the owner's: they hold what he may see."""
    if webhook.owner_id != by.pk:
        raise Refusal(_("Only the owner of a webhook says where it sends and sees its secret."), field="url")


def _newest_entry() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM journal_entry_id_seq")
        return int(cursor.fetchone()[0])


def _type() -> Entity:
    return get_entity("webhook")
