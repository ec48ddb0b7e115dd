"""Hangs the history triggers on every table of the business after each migration."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models import Model

from krug.kernel.attributes.serving import has_room


def watched_models() -> list[type[Model]]:
    """The models whose rows have a history: all but the kernel's own bookkeeping."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("krug.")
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed
        and model._meta.pk.name == "id"
        and getattr(model, "has_history", config.label != "kernel")
    ]


def watch_tables(app_config: Any = None, using: str = "default", **kwargs: Any) -> None:
    """Give each table its triggers; tables that have them already are left alone."""
    if app_config is not None and app_config.label != "kernel":
        return
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('krug_watch(regclass)') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        for table in sorted({model._meta.db_table for model in watched_models()}):
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
            if cursor.fetchone()[0]:
                cursor.execute("SELECT krug_watch(%s::regclass)", [table])
        cursor.execute("SELECT to_regprocedure('krug_watch_attributes(regclass)') IS NOT NULL")
        if cursor.fetchone()[0]:
            for table in sorted({model._meta.db_table for model in watched_models() if has_room(model)}):
                cursor.execute(
                    "SELECT krug_watch_attributes(%s::regclass) WHERE to_regclass(%s) IS NOT NULL", [table, table]
                )
