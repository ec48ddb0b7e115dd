"""The list under a new party's form: those that may be the same, to be opened or given one person more."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from krug.kernel.registry import get_entity
from krug.kernel.screens.door import asker
from krug.kernel.ui.pages import render
from krug.kernel.visibility import may
from krug.parties.duplicates import Duplicate, Typed, similar_parties
from krug.parties.rules.russian_ids import inn_fault

LONGEST = 255


@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Answer with the visible parties that look like the one being typed; an empty answer means none."""
    entity, user = get_entity("party"), asker(request)
    asked = {name: request.GET.get(name, "").strip()[:LONGEST] for name in ("name", "inn", "phone", "email", "city")}
    asked["name"] = asked["name"] or request.GET.get("display_name", "").strip()[:LONGEST]
    if inn_fault(asked["name"]) is None:
        asked["inn"] = asked["inn"] or asked["name"]
    person = request.GET.get("person", "").strip()[:LONGEST]
    given = {
        name: value
        for name, value in (("full_name", person), ("phone", asked["phone"]), ("email", asked["email"]))
        if value
    }
    found = similar_parties(Typed(**asked), user)
    may_add = may(user, "party", "add-person")
    lines = [line_of(one, entity.url(one.party.pk), given, may_add) for one in found]
    return render(request, "parties/duplicates.html", {"lines": lines})


def line_of(one: Duplicate, url: str, given: dict[str, str], may_add: bool) -> dict[str, Any]:
    """One similar party with the two things to do about it."""
    who = [one.person.short_name] if one.person else []
    return {
        "name": one.party.display_name,
        "city": one.party.city,
        "reason": " · ".join([*one.reasons, *who]),
        "url": url,
        "add_url": f"{url}add-person/" + (f"?{urlencode(given)}" if given else "") if may_add else "",
    }
