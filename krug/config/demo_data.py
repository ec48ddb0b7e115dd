"""The demo company in the settings: whether it is here, and removing it without a trace."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from krug.access.models import User
from krug.administration.settings_pages import SettingsPage, name_settings
from krug.config.commands.demo import BEGUN, LEFT
from krug.config.serving.postgres import Cluster
from krug.kernel.errors import Refusal
from krug.kernel.journal.auditing import audit
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker, door
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast

HERE = "/settings/demo/"
RIGHT = ("company", "clear-demo")
LONGEST_REMOVAL = timedelta(hours=1)


def has_demo() -> bool:
    """Whether the demo company can be told here: its story comes with a checkout."""
    return find_spec("demo") is not None


if has_demo():
    name_settings(
        SettingsPage(
            title=gettext_lazy("Demo data"),
            url=HERE,
            group="company",
            icon="archive",
            right=RIGHT,
            says=gettext_lazy("Removes the demo company with its whole history; what is yours stays."),
            covers=("company",),
            words=gettext_lazy("example, sample, remove, delete, clean"),
        )
    )


@door("company.clear-demo")
@require_http_methods(["GET", "POST"])
def demo_page(request: HttpRequest) -> HttpResponse:
    """What there is of the demo company, and the way to be rid of it."""
    from demo.acts import told_rows

    data = Path(settings.DATA)
    if request.method == "POST":
        if not removes_here(data):
            raise Refusal(
                _("On this server the demo data is removed by the command: krug demo --forget"), code="NOT_HERE"
            )
        if asker(request).pk in told_rows().get(User._meta.db_table, ()):
            raise Refusal(
                _(
                    "You are a part of the demo company yourself and would go with it. Add a person of your own as an "
                    "administrator first, and remove the demo data as that person."
                ),
                code="ASKER_IS_DEMO",
            )
        if not request.POST.get("sure"):
            return _page(request, data, {"sure": _("Say that you are sure: this can not be undone.")})
        begin_once(data)
        audit("demo.removed", actor=asker(request), object="demo")
        remove_demo(data)
        toast(request, _("The demo data is being removed. This page tells when it is gone."))
        return go_to(request, HERE)
    return _page(request, data, {})


def _page(request: HttpRequest, data: Path, errors: dict[str, str]) -> HttpResponse:
    from demo.acts import is_told, told_rows

    left = data / LEFT
    context = {
        "errors": errors,
        "rows": sum(map(len, told_rows().values())) if is_told() else 0,
        "removes_here": removes_here(data),
        "left": left.read_text(encoding="utf-8").splitlines() if left.exists() else [],
        "address": HERE,
    }
    return render(request, "administration/demo_data.html", context, status=422 if errors else 200)


def removes_here(data: Path) -> bool:
    """Whether the database is one of our own, whose owner this installation knows."""
    return (Cluster(data).folder / "PG_VERSION").exists()


def begin_once(data: Path) -> None:
    """Note that the removal has begun; a second one is refused until the first has ended, or has surely died."""
    mark = data / BEGUN
    if mark.exists() and timezone.now().timestamp() - mark.stat().st_mtime > LONGEST_REMOVAL.total_seconds():
        mark.unlink(missing_ok=True)
    try:
        with mark.open("x", encoding="utf-8") as note:
            note.write(timezone.now().isoformat())
    except FileExistsError as known:
        raise Refusal(
            _("The demo data is being removed already. This page tells when it is gone."), code="BEGUN"
        ) from known


def remove_demo(data: Path) -> None:
    """Forget the demo company beside the running server, as the owner of the tables."""
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    order = [sys.executable, "-m", "krug.config.cli", "--data", str(data), "demo", "--forget"]
    subprocess.Popen(order, start_new_session=True, env=own)
