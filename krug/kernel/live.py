"""What open pages may hear, and how they are told: only a topic and an id; they fetch the rest themselves."""

from collections.abc import Sequence

from django.core import signing

CHANNEL = "krug_events"
SALT = "events"
SIGNED_OUT = "signed-out"
TICKET_LIVES = 12 * 3600


def ticket(topics: Sequence[str]) -> str:
    """A signed permission to hear these topics; whoever prints it has checked the right to each."""
    return signing.dumps(list(topics), salt=SALT, compress=True)
