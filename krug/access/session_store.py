"""Sessions live in the database with their user, so that they can be listed and ended at once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """Keeps the user's id beside each session."""

    @classmethod
    def get_model_class(cls) -> Any:
        from krug.access.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.user_id = int(data["_auth_user_id"]) if "_auth_user_id" in data else None
        row.address = data.get("address")
        row.device = data.get("device", "")[:200]
        return row
