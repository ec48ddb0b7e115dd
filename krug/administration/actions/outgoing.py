"""Which hosts of the inner network the server may connect to."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.administration.models import OpenedHost
from krug.kernel import writing
from krug.kernel.entity import Entity
from krug.kernel.errors import Refusal
from krug.kernel.registry import get_entity

EXACT = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:[1-9][0-9]{0,4})?")


def open_host(*, by: User, **values: Any) -> OpenedHost:
    """Adapters may connect to one host more, though it stands inside."""
    made: OpenedHost = writing.create(_type(), {**values, "host": exact_host(values.get("host", ""))}, by=by)
    return made


def change_host(opened: OpenedHost, values: dict[str, Any], *, by: User) -> OpenedHost:
    """Another host is opened in its place, or another reason is written."""
    if "host" in values:
        values = {**values, "host": exact_host(values["host"])}
    changed: OpenedHost = writing.change(_type(), opened, values, by=by)
    return changed


def opened_hosts() -> list[str]:
    """What is open beside the list in the settings of the server."""
    return list(OpenedHost.objects.filter(is_archived=False).values_list("host", flat=True))


def exact_host(text: str) -> str:
    """The host as it is kept; a pattern or an address with a path is refused."""
    given = text.strip().lower().rstrip(".")
    if not EXACT.fullmatch(given):
        raise Refusal(
            _("Name one exact host, for example erp.local or 10.0.0.7:8069, without https:// and without asterisks."),
            field="host",
            code="NOT_EXACT",
        )
    return given


def _type() -> Entity:
    return get_entity("opened-host")
