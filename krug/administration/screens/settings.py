"""The settings: what an administrator arranges for everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from krug.administration.actions.company import describe_company, the_company
from krug.administration.models.company import CURRENCIES
from krug.administration.screens.refusable import refusable
from krug.administration.settings_pages import GROUPS, open_pages
from krug.administration.settings_search import find_settings
from krug.administration.zones import ZONES
from krug.kernel.errors import No
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.screens.searching import reading_said
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast

FIELDS = ("name", "currency", "timezone", "language")


@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """Everything that can be arranged and that this person may open, with a search of its own."""
    user, query = asker(request), request.GET.get("q", "").strip()[:120]
    pages = open_pages(user)
    groups = [(str(title), [page for page in pages if page.group == key]) for key, title in GROUPS.items()]
    found = find_settings(query, user) if query else None
    context = {
        "query": query,
        "found": found,
        "said": reading_said(found.reading, found.text) if found else "",
        "groups": [group for group in groups if group[1]] if not query else [],
    }
    return render(request, "administration/settings.html", context)


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
