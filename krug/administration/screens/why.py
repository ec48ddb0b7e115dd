"""Why can I see this: a page beside every record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krug.administration.policies import is_administrator
from krug.administration.reasons import groups_of, reasons_of, seen_also_by
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.screens.door import asker
from krug.kernel.screens.offers import Link
from krug.kernel.ui.pages import render


@require_safe
def why_page(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The roles and ways that open the record to this person; to administrators also who else sees it."""
    user = asker(request)
    record = get_visible(entity, user, pk)
    others, is_partial = seen_also_by(entity, record, user) if is_administrator(user) else ([], False)
    context = {
        "entity": entity,
        "name": entity.name_of(record),
        "record_url": entity.url(pk),
        "reasons": reasons_of(entity, record, user),
        "groups": groups_of(entity, user),
        "is_administrator": is_administrator(user),
        "others": others,
        "is_partial": is_partial,
    }
    return render(request, "administration/why.html", context)


def why_link(page: Any) -> list[Link]:
    """The line in the menu of a record."""
    return [Link(_("Why can I see this?"), f"{page.entity.url(page.record.pk)}why/", "info")]
