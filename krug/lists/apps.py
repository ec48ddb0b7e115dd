"""The lists package as Django knows it."""

from importlib import import_module

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """Puts the trees beside the lists of all types."""

    name = "krug.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel's lists what stands beside their rows."""
        import_module("krug.lists.screens.beside")
