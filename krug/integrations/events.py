"""What happens with the addresses that are told of events."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from krug.integrations.models import Webhook
from krug.kernel.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class WebhookSecretRenewed(Event):
    """A webhook signs with a new secret; the one before counts for another day."""

    phrase = _("Secret replaced")
    icon = "lock"

    webhook: Webhook


@dataclass(frozen=True, kw_only=True)
class WebhookSecretShown(Event):
    """The secret of a webhook was shown, as it is once."""

    phrase = _("Secret shown")
    icon = "lock"

    webhook: Webhook


@dataclass(frozen=True, kw_only=True)
class WebhookStopped(Event):
    """A webhook is told nothing more."""

    phrase = _("Switched off: %(reason)s")
    icon = "warning"

    webhook: Webhook
    reason: str


@dataclass(frozen=True, kw_only=True)
class WebhookStarted(Event):
    """A webhook is told of events again, from now on."""

    phrase = _("Switched on")
    icon = "play"

    webhook: Webhook
