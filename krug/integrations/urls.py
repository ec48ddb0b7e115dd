"""Addresses of what speaks with other programs."""

from functools import partial, update_wrapper

from django.urls import path

from krug.integrations.entities.webhooks import WEBHOOK, WEBHOOK_DELIVERY
from krug.integrations.screens import webhooks
from krug.kernel.screens.door import door
from krug.kernel.screens.urls import entity_urls

shown = update_wrapper(partial(webhooks.secret, entity=WEBHOOK), webhooks.secret)

urlpatterns = [
    *entity_urls(WEBHOOK, record=webhooks.webhook_page),
    path("webhooks/<int:pk>/secret/", door("webhook.change")(shown), name="webhook-secret"),
    *entity_urls(WEBHOOK_DELIVERY, record=webhooks.delivery_page),
]
