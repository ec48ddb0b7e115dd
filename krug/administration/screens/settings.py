"""The settings: what an administrator arranges for everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from krug.access.models import Reach
from krug.administration.actions.company import describe_company, the_company
from krug.administration.models.company import CURRENCIES
from krug.administration.screens.refusable import refusable
from krug.administration.zones import ZONES
from krug.kernel.errors import No
from krug.kernel.registry import entities
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import rights_of

MENU = "settings"
PEOPLE = ("user", "team", "role")
FIELDS = ("name", "currency", "timezone", "language")


@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """Everything that can be arranged and that this person may open."""
    rights = rights_of(asker(request))
    listed = {
        entity.code: (str(entity.plural), entity.url(), entity.icon)
        for entity in entities()
        if entity.menu == MENU and rights.reach(entity.code) != Reach.NONE
    }
    company = [(_("Company"), "/settings/company/", "company")] if rights.may("company", "change") else []
    objects = [(_("Objects and fields"), "/settings/attributes/", "list")] if rights.may("attribute", "change") else []
    journal = [(_("Audit record"), "/settings/audit/", "history")] if rights.may("audit", "read") else []
    groups = [
        (_("Company"), company),
        (_("People and rights"), [listed.pop(code) for code in PEOPLE if code in listed] + journal),
        (_("Objects and fields"), objects),
        (_("Dictionaries and ways of working"), sorted(listed.values())),
    ]
    return render(request, "administration/settings.html", {"groups": [group for group in groups if group[1]]})


@require_http_methods(["GET", "POST"])
def company_page(request: HttpRequest) -> HttpResponse:
    """What the company says of itself."""
    if request.method == "GET":
        return _company_page(request)
    try:
        describe_company({name: request.POST.get(name, "").strip() for name in FIELDS}, by=asker(request))
    except No as no:
        return _company_page(request, no)
    toast(request, _("Saved."))
    return go_to(request, "/settings/company/")


def _company_page(request: HttpRequest, no: No | None = None) -> HttpResponse:
    company = the_company()
    values: dict[str, Any] = {name: getattr(company, name, "") for name in FIELDS}
    if no is not None:
        values |= {name: request.POST.get(name, "") for name in FIELDS}
    context = {"values": values, "zones": ZONES, "currencies": CURRENCIES}
    return refusable(request, "administration/company.html", context, no)
