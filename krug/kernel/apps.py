"""The kernel as Django knows it: on start it gathers the declarations and verifies them."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    """Registers krug.kernel and, once all models are known, every entity type of the house."""

    name = "krug.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find the declarations and stories of every domain."""
        from krug.kernel import checks  # noqa: F401  (registers the verification)
        from krug.kernel.journal.watching import watch_tables

        for app in apps.get_app_configs():
            if app.name.startswith("krug.") and find_spec(f"{app.name}.entities"):
                import_module(f"{app.name}.entities")
        if find_spec("krug.flows.stories"):
            import_module("krug.flows.stories")
        post_migrate.connect(watch_tables, dispatch_uid="krug.watch_tables")
