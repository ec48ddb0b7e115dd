"""Work for later and for the clock, where the worker looks for it."""

from krug.integrations.webhooks.tasks import send_webhook, sweep_webhooks, tell_webhooks

__all__ = ["send_webhook", "sweep_webhooks", "tell_webhooks"]
