"""How the exceptions from the guard over outgoing connections present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.administration import policies
from krug.administration.actions.outgoing import change_host, open_host
from krug.administration.models import OpenedHost
from krug.kernel.entity import Entity, Section

OPENED_HOST = Entity(
    code="opened-host",
    model=OpenedHost,
    label=_("Opened host"),
    new=_("New opened host"),
    plural=_("Opened hosts"),
    icon="lock",
    menu="settings/exchange",
    visible=policies.opened_hosts,
    columns=("host", "note", "is_archived"),
    filters=("host",),
    sorts=("host",),
    order="host",
    form=(Section(_("Opened host"), "host", "note"),),
    title="host",
    owner="",
    page=("summary", "timeline"),
    create=open_host,
    change=change_host,
)
