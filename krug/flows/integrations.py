"""What follows from what happens with addresses of other programs."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from krug.activities.actions.tasks import NextStep, plan_task
from krug.integrations.events import WebhookSecretRenewed, WebhookSecretShown, WebhookStarted, WebhookStopped
from krug.kernel.dates import today_in, zone_called
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.recording import on


@on(WebhookSecretRenewed)
def webhook_secret_renewed(event: WebhookSecretRenewed) -> None:
    """A new secret, never its words, is written into the audit record."""
    audit("webhook.secret-renewed", actor=event.by, object=f"webhook:{event.webhook.pk}")


@on(WebhookSecretShown)
def webhook_secret_shown(event: WebhookSecretShown) -> None:
    """Whoever saw the secret stands in the audit record."""
    audit("webhook.secret-shown", actor=event.by, object=f"webhook:{event.webhook.pk}")


@on(WebhookStopped)
def webhook_stopped(event: WebhookStopped) -> None:
    """Its owner is given something to do when the house itself has switched it off."""
    audit("webhook.stopped", actor=event.by, object=f"webhook:{event.webhook.pk}", data={"reason": event.reason})
    owner = event.webhook.owner
    if not event.by.is_system or owner is None or not owner.is_active:
        return
    with override(owner.language):
        name = _("The webhook “%(name)s” was switched off. %(reason)s") % {
            "name": event.webhook.name,
            "reason": event.reason,
        }
    today = today_in(zone_called(owner.timezone))
    plan_task(NextStep(name=name[:200], due_on=today, assignee=owner, occasion="webhook"), by=event.by)


@on(WebhookStarted)
def webhook_started(event: WebhookStarted) -> None:
    """What happens from now on is told; the line in the audit record is enough."""
    audit("webhook.started", actor=event.by, object=f"webhook:{event.webhook.pk}")
