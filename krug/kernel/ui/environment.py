"""One Jinja environment for all pages: strict, escaping, speaking two languages."""

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.nodes import Macro
from markupsafe import Markup

from krug.kernel.phrases import new_of
from krug.kernel.ui import formats
from krug.kernel.ui.bundle import asset
from krug.kernel.ui.rows import table_rows

LIBRARY = Path(__file__).parent / "templates"


def environment(**options: Any) -> Environment:
    """Make the environment that Django and the page functions share."""
    options.update(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    options["loader"] = FileSystemLoader([LIBRARY, *domain_templates()])
    made = Environment(extensions=["jinja2.ext.i18n"], **options)
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.globals["_"] = said
    made.globals["asset"] = asset
    made.globals["fmt"] = formats
    made.globals["new_of"] = new_of
    return made


def said(words: str, **values: Any) -> Markup:
    """The words in the reader's language; a page says a hundred and fifty, so they are kept."""
    raw, plain = _said(get_language(), words)
    return raw % values if values else plain


@lru_cache(maxsize=20_000)
def _said(language: str | None, words: str) -> tuple[Markup, Markup]:
    raw = Markup(gettext(words))
    return raw, raw if "%(" in raw else raw % {}


def domain_templates() -> list[Path]:
    """The template folders of the installed domains."""
    return [Path(config.path) / "templates" for config in apps.get_app_configs() if config.name.startswith("krug.")]


@cache
def pages() -> Environment:
    """The environment of this process."""
    return environment(auto_reload=settings.DEBUG)


@cache
def component_files() -> dict[str, str]:
    """Which file of the library holds each component."""
    found: dict[str, str] = {}
    for path in sorted((LIBRARY / "ui").glob("*.html")):
        name = f"ui/{path.name}"
        macros = pages().parse(path.read_text(encoding="utf-8")).find_all(Macro)
        found.update((macro.name, name) for macro in macros)
    return found


class Kit:
    """The components for one page: ui.button, ui.field …, each file loaded when first used."""

    def __init__(self, **shared: Any) -> None:
        self._shared = {**shared, "ui": self}
        self._modules: dict[str, Any] = {}
        self._labels: dict[str, str] = {}

    table_rows = staticmethod(table_rows)

    def labelled(self, name: str, label: Any) -> str:
        """Keep the words of a field for the list of what is wrong; prints nothing."""
        self._labels[name] = str(label)
        return ""

    def wrong_line(self, name: str, message: Any) -> str:
        """What is wrong, said with the words of its field."""
        return f"{self._labels[name]}: {message}" if name in self._labels else str(message)

    def __getattr__(self, component: str) -> Callable[..., str]:
        try:
            name = component_files()[component]
        except KeyError:
            raise AttributeError(f"no such component: ui.{component}") from None
        if name not in self._modules:
            self._modules[name] = pages().get_template(name).make_module(self._shared)
        made: Callable[..., str] = getattr(self._modules[name], component)
        setattr(self, component, made)
        return made
