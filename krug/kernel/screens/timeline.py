"""What the timeline panel needs: the lines, the filters above them, and the addresses of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from krug.kernel.journal.reading import types_around
from krug.kernel.journal.timeline import CHANGES, Timeline, Wanted
from krug.kernel.screens.door import asker
from krug.kernel.screens.offers import links_at

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

KEPT = ("list", "open")


def timeline_context(
    request: HttpRequest, entity: Entity, record: Any, story: Timeline, wanted: Wanted
) -> dict[str, Any]:
    """The story with its filters; every choice is an address, so that it can be shared and reloaded."""
    url = entity.url(record.pk)
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    asked = {
        name: value for name, value in (("kind", wanted.kind), ("who", wanted.who), ("words", wanted.words)) if value
    }
    kinds = [
        ("", _("Everything")),
        *((other.code, str(other.plural)) for other in types_around(entity)),
        (CHANGES, _("Changes")),
    ]
    return {
        "story": story,
        "ways": links_at("timeline", entity, story.lines, asker(request)),
        "is_more": False,
        "wanted": wanted,
        "timeline_url": url,
        "kinds": kinds,
        "people": [("", _("Anyone")), *story.people],
        "kept": kept,
        "earlier_url": f"{url}?{urlencode({**kept, **asked, 'earlier': story.earlier})}#timeline"
        if story.earlier
        else "",
        "clear_url": f"{url}?{urlencode(kept)}#timeline" if kept else f"{url}#timeline",
    }
