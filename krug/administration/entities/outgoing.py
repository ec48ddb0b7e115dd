"""How the exceptions from the guard over outgoing connections present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.administration import policies
from krug.administration.actions.outgoing import change_host, open_host
from krug.administration.models import OpenedHost
from krug.administration.settings_pages import SettingsPage, name_settings
from krug.kernel.entity import Entity, Section

OPENED_HOST = Entity(
    code="opened-host",
    model=OpenedHost,
    label=_("Allowed host"),
    new=_("New allowed host"),
    plural=_("Allowed hosts"),
    icon="lock",
    menu="settings/exchange",
    visible=policies.opened_hosts,
    columns=("host", "note", "is_archived"),
    filters=("host",),
    sorts=("host",),
    order="host",
    form=(Section(_("Allowed host"), "host", "note"),),
    title="host",
    owner="",
    page=("summary", "timeline"),
    create=open_host,
    change=change_host,
)
name_settings(
    SettingsPage(
        title=OPENED_HOST.plural,
        url=OPENED_HOST.url(),
        group="exchange",
        icon=OPENED_HOST.icon,
        right=(OPENED_HOST.code, ""),
        says=_("Hosts inside your own network that Krug may connect to."),
        covers=(OPENED_HOST.code,),
    )
)
