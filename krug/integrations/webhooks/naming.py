"""What events are called outside: `deal.won`, `party.changed`; and which of them an address wants."""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext as _

from krug.kernel.errors import Refusal

TEST = "webhook.test"
PATTERN = re.compile(r"\*|[a-z][a-z-]*\.(\*|[a-z][a-z-]*)")
MOST = 100


@cache
def type_of(entity: str, event: str) -> str:
    """The name of an event of a type of records, without the word that the type's code says already."""
    words = re.findall(r"[A-Z][a-z0-9]*|[A-Z]+(?![a-z])", event)
    own = [part.capitalize() for part in entity.split("-")]
    if words[: len(own)] == own and len(words) > len(own):
        words = words[len(own) :]
    elif words[:1] == ["Record"] and len(words) > 1:
        words = words[1:]
    return f"{entity}.{'-'.join(words).lower()}"


def read_types(text: str) -> str:
    """The wanted events as they are kept; what is none is refused."""
    wanted = list(dict.fromkeys(text.replace(",", " ").split())) or ["*"]
    for each in wanted:
        if not PATTERN.fullmatch(each):
            raise Refusal(
                _("“%(type)s” is no event. Write, for example, deal.won, party.* or *.") % {"type": each[:60]},
                field="types",
                code="NO_SUCH_EVENT",
            )
    if len(wanted) > MOST:
        raise Refusal(_("Name at most %(most)s events.") % {"most": MOST}, field="types")
    return " ".join(wanted)


def is_wanted(types: str, name: str) -> bool:
    """Whether an address with these wishes is told of the event."""
    wanted = types.split()
    return name == TEST or "*" in wanted or name in wanted or f"{name.partition('.')[0]}.*" in wanted
