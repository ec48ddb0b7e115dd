"""A place where the API may be called wildly: an administrator, a record of each type, all of it taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings

Send = Callable[[str, str, bytes, dict[str, str]], Any]


@contextmanager
def as_administrator() -> Iterator[tuple[dict[str, Any], Send]]:
    """The published document, and how to send a call; each call is undone when it is answered."""
    from krug.kernel.registry import entities
    from krug.kernel.testing.cast import administrator_role, make_user
    from krug.kernel.testing.contract import make
    from krug.kernel.tokens import issue

    limits = dict.fromkeys(settings.KRUG_API_LIMITS, 10_000_000)
    with override_settings(KRUG_API_LIMITS=limits, ALLOWED_HOSTS=["testserver"]), transaction.atomic():
        owner = make_user(role=administrator_role(), surname="Fuzz")
        for entity in entities():
            make(entity, owner)
        head = {"Authorization": f"Bearer {issue(owner).text}"}
        client = Client(raise_request_exception=False)

        def send(method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
            sent = {name: value for name, value in headers.items() if _may_stand_in_a_header(value)}
            with transaction.atomic():
                answer = client.generic(method, path, body, content_type="application/json", headers={**sent, **head})
                transaction.set_rollback(True)
            return answer

        schema = client.get("/api/v1/schema", headers=head).content
        yield json.loads(schema), send
        transaction.set_rollback(True)


def _may_stand_in_a_header(value: str) -> bool:
    return str(value).isascii() and str(value).isprintable()
