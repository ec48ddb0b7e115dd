"""The first page of an empty installation: the first administrator, the company, and how to begin."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from krug.access.models import User
from krug.administration.actions.company import found_company
from krug.administration.actions.people import setup_actor, split_name
from krug.administration.models.company import CURRENCIES
from krug.administration.screens.admission import let_in, tell_of_grace
from krug.administration.screens.refusable import refusable
from krug.administration.zones import ZONES
from krug.config.demo_data import has_demo
from krug.config.serving import first_run
from krug.kernel.errors import LinkOver, No
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import PUBLIC, door
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.sales.actions.shipped import ensure_shipped_pipeline

COMPANY = ("name", "currency", "timezone", "language")
BEGINNINGS = ("empty", "import", "demo")


@door(PUBLIC)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the one link of a new installation; it works for exactly one person."""
    if not first_run.is_valid(settings.DATA, token):
        raise LinkOver()
    if request.method == "GET" and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        return render(request, "administration/welcome_language.html", {})
    if request.method == "GET":
        return _page(request, None)
    try:
        first = _found(request, token)
    except No as no:
        if isinstance(no, LinkOver):
            raise
        return _page(request, no)
    let_in(request, first, by="first-run")
    tell_of_grace(request, first)
    beginning = request.POST.get("beginning", "empty")
    if beginning == "demo" and has_demo():
        tell_demo()
        toast(request, _("The demo company is being created. Look again in a minute."))
    return go_to(request, f"/settings/invite/?then={beginning if beginning in BEGINNINGS else 'empty'}")


@transaction.atomic
def _found(request: HttpRequest, token: str) -> User:
    sent = {name: request.POST.get(name, "").strip() for name in (*COMPANY, "person", "email")}
    first = found_company(
        {name: sent[name] for name in COMPANY},
        {"email": sent["email"], **split_name(sent["person"])},
        password=request.POST.get("password", ""),
        by=setup_actor(),
    )
    ensure_shipped_pipeline(by=first, currency=sent["currency"])
    if not first_run.use(settings.DATA, token):
        raise LinkOver()
    return first


def tell_demo() -> None:
    """Tell the demo company beside the running server."""
    subprocess.Popen([sys.executable, "-m", "krug.config.commands.inside", "demo"], start_new_session=True)


def _page(request: HttpRequest, no: No | None) -> HttpResponse:
    usual = {
        "currency": "RUB",
        "timezone": "Europe/Moscow",
        "language": (get_language() or "ru")[:2],
        "beginning": "empty",
    }
    names = (*COMPANY, "person", "email", "beginning")
    typed = {name: request.POST.get(name, "") for name in names} if no else {}
    beginnings = [("empty", _("Start empty")), ("import", _("Import my data"))]
    if has_demo():
        beginnings.append(("demo", _("Look at the demo company first")))
    context = {
        "action": request.path,
        "values": dict.fromkeys(names, "") | usual | typed,
        "zones": ZONES,
        "currencies": CURRENCIES,
        "beginnings": beginnings,
    }
    return refusable(request, "administration/welcome.html", context, no)
