"""Tables of what speaks with other programs."""

from krug.integrations.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookReader

__all__ = ["Webhook", "WebhookAttempt", "WebhookDelivery", "WebhookReader"]
