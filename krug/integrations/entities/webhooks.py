"""How addresses of other programs and what was sent to them present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.administration.settings_pages import SettingsPage, name_settings
from krug.integrations import policies
from krug.integrations.actions.webhooks import (
    change_webhook,
    create_webhook,
    redeliver,
    renew_secret,
    start_webhook,
    stop_webhook,
    try_webhook,
)
from krug.integrations.models import Webhook, WebhookDelivery
from krug.kernel.entity import Entity, Section, Verb

WEBHOOK = Entity(
    code="webhook",
    model=Webhook,
    label=_("Webhook"),
    new=_("New webhook"),
    plural=_("Webhooks"),
    icon="link",
    menu="settings/exchange",
    visible=policies.webhooks,
    columns=("name", "url", "types", "owner", "is_active"),
    filters=("owner", "is_active", "name"),
    sorts=("name",),
    order="name",
    form=(Section(_("Webhook"), "name", "url", "types", "owner"),),
    protected=("is_active", "stopped_because", "failing_since"),
    hidden=("secret", "previous_secret", "previous_until", "is_secret_shown", "since_entry"),
    create=create_webhook,
    change=change_webhook,
    verbs=(
        Verb(try_webhook, _("Send a test"), icon="play", when="is_active", primary=True, code="test"),
        Verb(
            renew_secret,
            _("Replace the secret"),
            icon="lock",
            danger=True,
            says=_("For another day messages are signed with the old secret as well: change it in the other program."),
        ),
        Verb(stop_webhook, _("Switch off"), icon="close", when="is_active"),
        Verb(start_webhook, _("Switch on"), icon="undo", when="is_stopped"),
    ),
)

WEBHOOK_DELIVERY = Entity(
    code="webhook-delivery",
    model=WebhookDelivery,
    label=_("Webhook delivery"),
    plural=_("Webhook deliveries"),
    plural_code="webhook-deliveries",
    icon="mail",
    visible=policies.deliveries,
    columns=("type", "state", "status", "attempts", "created_at", "next_at"),
    filters=("webhook", "state", "created_at"),
    sorts=("created_at",),
    form=(),
    protected=("webhook", "message", "type", "state", "attempts", "next_at", "status"),
    hidden=("entry_id", "sent"),
    title="type",
    owner="",
    page=("summary",),
    verbs=(Verb(redeliver, _("Send again"), icon="undo", when="is_over", primary=True),),
    stands_with=("webhook",),
)
name_settings(
    SettingsPage(
        title=WEBHOOK.plural,
        url=WEBHOOK.url(),
        group="exchange",
        icon=WEBHOOK.icon,
        right=(WEBHOOK.code, ""),
        says=_("Which programs are notified, and of which events."),
        covers=(WEBHOOK.code,),
    )
)
