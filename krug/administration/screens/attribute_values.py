"""The editor of a list or classifier: values in their order, one more, two made one with a look at it first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krug.administration.actions.attribute_values import add_values, move_value, records_with
from krug.kernel.attributes.models import Attribute, AttributeValue
from krug.kernel.doors import get_visible, perform
from krug.kernel.errors import No, NotFound, Refusal
from krug.kernel.registry import get_entity
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import demand
from krug.language.calendar_words import speech

HOME = "/settings/attributes/"


@dataclass(frozen=True)
class Line:
    """One value with the level at which it stands."""

    value: AttributeValue
    level: int
    edit_url: str


@require_http_methods(["GET", "POST"])
def values_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The values of one field; new ones are typed line by line."""
    attribute = _listed(request, pk)
    if request.method == "POST":
        demand(asker(request), "attribute-value", "create")
        try:
            lines = request.POST.get("values", "").splitlines()
            made = add_values(attribute, lines, by=asker(request), language=speech())
            if not made:
                raise Refusal(_("Write at least one new value, each on a line of its own."), field="values")
        except No as no:
            return _page(request, attribute, {"values": str(no)})
        toast(request, _("Values added: %(count)s") % {"count": made})
        return go_to(request, _here(attribute))
    return _page(request, attribute, {})


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step up or down among its neighbours."""
    value = get_visible(get_entity("attribute-value"), asker(request), pk)
    move_value(value, by=asker(request), up=request.POST.get("way") == "up")
    return go_to(request, _here(value.attribute))


@require_http_methods(["GET", "POST"])
def merge_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What merging would change, before it is done."""
    entity, user = get_entity("attribute-value"), asker(request)
    value = get_visible(entity, user, pk)
    demand(user, entity.code, "unite")
    chosen = request.POST.get("into", "") or request.GET.get("into", "")
    into = get_visible(entity, user, chosen) if chosen else None
    errors: dict[str, str] = {}
    if request.method == "POST" and into is not None and request.POST.get("sure"):
        try:
            perform(entity, "unite", pk, by=user, once=request.POST.get("once"), into=into)
        except Refusal as no:
            errors = {"into": str(no)}
        else:
            toast(request, _("Merged: %(value)s into %(into)s") % {"value": value, "into": into})
            return go_to(request, _here(value.attribute))
    others = [
        (line.value.pk, f"{'— ' * line.level}{line.value}") for line in _lines(value.attribute) if line.value.pk != pk
    ]
    context = {
        "value": value,
        "into": into,
        "count": records_with(value),
        "others": others,
        "errors": errors,
        "here": _here(value.attribute),
        "home": HOME,
    }
    return render(request, "administration/merge_values.html", context, status=422 if errors else 200)


def _page(request: HttpRequest, attribute: Attribute, errors: dict[str, str]) -> HttpResponse:
    put_away = attribute.values.filter(is_archived=True, merged_into=None).order_by("position", "id")
    context: dict[str, Any] = {
        "attribute": attribute,
        "lines": _lines(attribute),
        "put_away": list(put_away),
        "is_tree": attribute.kind == Attribute.Kind.TREE,
        "errors": errors,
        "typed": request.POST.get("values", "") if errors else "",
        "here": _here(attribute),
        "home": HOME,
        "back": urlencode({"next": _here(attribute)}),
        "entity": get_entity(attribute.entity),
    }
    return render(request, "administration/attribute_values.html", context, status=422 if errors else 200)


def _lines(attribute: Attribute) -> list[Line]:
    """The values in use in the order of the tree."""
    under: dict[int | None, list[AttributeValue]] = {}
    for value in attribute.values.filter(is_archived=False).order_by("position", "id"):
        under.setdefault(value.parent_id, []).append(value)
    known = {value.pk for values in under.values() for value in values}
    back = urlencode({"next": _here(attribute)})
    lines: list[Line] = []

    def take(values: list[AttributeValue], level: int) -> None:
        for value in values:
            lines.append(Line(value, level, f"/attribute-values/{value.pk}/edit/?{back}"))
            take(under.get(value.pk, []), level + 1)

    roots = [value for parent, values in under.items() if parent is None or parent not in known for value in values]
    take(roots, 0)
    return lines


def _listed(request: HttpRequest, pk: int) -> Attribute:
    attribute: Attribute = get_visible(get_entity("attribute"), asker(request), pk)
    if not attribute.is_listed:
        raise NotFound(_("This field has no list of values."))
    return attribute


def _here(attribute: Attribute) -> str:
    return f"{HOME}fields/{attribute.pk}/values/"
