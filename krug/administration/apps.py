"""The administration package as Django knows it."""

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class AdministrationConfig(AppConfig):
    """Registers krug.administration under the short label `administration`."""

    name = "krug.administration"
    label = "administration"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Complete the shipped roles whenever the tables were brought up to date; offer calls and exceptions."""
        from krug.administration.actions.outgoing import opened_hosts
        from krug.administration.actions.putting_back import put_people_back
        from krug.administration.attribute_calls import CALLS
        from krug.administration.outgoing import open_exceptions
        from krug.kernel.journal.undo import put_people_back_by
        from krug.kernel.screens.offers import offer

        offer(*CALLS)
        put_people_back_by(put_people_back)
        open_exceptions(opened_hosts)
        post_migrate.connect(complete_roles, sender=self, dispatch_uid="krug.shipped_roles")
        post_migrate.connect(watch_worked_out, sender=self, dispatch_uid="krug.worked_out")
        from krug.administration.screens.why import why_link, why_page
        from krug.kernel.screens.offers import Screen, offer, offer_links

        offer(Screen("why", why_page, "view", of_record=True))
        offer_links("record", why_link)


def complete_roles(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make the roles that a newer version ships and the database lacks."""
    from krug.administration.actions.shipped_roles import ensure_shipped_roles

    if using == DEFAULT_DB_ALIAS and _tables_are_there():
        ensure_shipped_roles()


def watch_worked_out(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Hang on every table the triggers that keep formulas and summaries."""
    from django.db import connections

    from krug.kernel.journal.watching import watched_models

    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('krug_watch_worked_out(regclass)') IS NOT NULL")
        if cursor.fetchone()[0]:
            for table in sorted({model._meta.db_table for model in watched_models()}):
                cursor.execute(
                    "SELECT krug_watch_worked_out(%s::regclass) WHERE to_regclass(%s) IS NOT NULL", [table, table]
                )


def _tables_are_there() -> bool:
    from django.db import connection

    return "role_grant" in connection.introspection.table_names()
