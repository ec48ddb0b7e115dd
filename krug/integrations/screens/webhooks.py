"""The page of a webhook with its secret and how to check it; the page of a message with every attempt."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krug.integrations.actions.webhooks import show_secret
from krug.integrations.models import WebhookDelivery
from krug.integrations.webhooks.payload import is_still_open
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.journal.recording import begin_act
from krug.kernel.screens.door import asker
from krug.kernel.screens.page import record_page, render_page
from krug.kernel.ui import formats
from krug.kernel.visibility import may

COLUMNS = ("time", "answer", "took", "text")


@require_safe
def webhook_page(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The usual page, with the secret that is shown once."""
    return _page(request, entity, pk)


@require_POST
def secret(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The same page with the secret in plain words; it is not shown again."""
    user = asker(request)
    webhook = get_visible(entity, user, pk)
    begin_act(user)
    return _page(request, entity, pk, fresh=show_secret(webhook, by=user))


def _page(request: HttpRequest, entity: Entity, pk: int, *, fresh: str = "") -> HttpResponse:
    user = asker(request)
    webhook = get_visible(entity, user, pk)
    page = record_page(entity, webhook, user)
    said = {
        "fresh": fresh,
        "may_show": not webhook.is_secret_shown and webhook.owner_id == user.pk and may(user, entity.code, "change"),
        "url": f"{entity.url(pk)}secret/",
        "overlap": formats.moment(timezone.localtime(webhook.previous_until))
        if webhook.previous_until and webhook.previous_until > timezone.now()
        else "",
        "trouble": webhook.stopped_because,
    }
    page.add("webhook_secret", said, before="related")
    return render_page(request, page)


@require_safe
def delivery_page(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """What was sent, to the owner with whose eyes it was read, and what came back each time."""
    user = asker(request)
    delivery = get_visible(entity, user, pk)
    page = record_page(entity, delivery, user)
    is_open = delivery.webhook.owner_id == user.pk and is_still_open(delivery, user)
    sent = delivery.sent if is_open else ""
    page.add("webhook_tries", {"tries": _tries(delivery), "sent": sent})
    return render_page(request, page)


def _tries(delivery: WebhookDelivery) -> list[dict[str, Any]]:
    return [
        {
            "at": formats.moment(timezone.localtime(each.at)),
            "status": str(each.status) if each.status else _("no answer"),
            "took": _("%(n)s ms") % {"n": formats.number(each.took)},
            "text": gettext(each.trouble) if each.trouble else each.answer,
            "is_good": each.status is not None and 200 <= each.status < 300,
        }
        for each in delivery.tries.order_by("-id")[:50]
    ]
