"""A server that really runs in the place of another program, and a webhook that leads there."""

from __future__ import annotations

import pytest

from krug.integrations.testing import make_webhook
from krug.kernel.testing.receiving import receiving


@pytest.fixture
def partner(settings):
    """The other program, let in by the list of exceptions."""
    with receiving() as receiver:
        settings.KRUG_OUTGOING_ALLOWED = [receiver.place]
        yield receiver


@pytest.fixture
def webhook(partner, anna):
    return make_webhook(partner.url("/hook"), owner=anna, types="party.*")
