"""Objects and their fields: what the company added, how far it is filled, and adding one more from any form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krug.administration.actions.attribute_details import counted_fields, summaries, summary_code, targets
from krug.administration.actions.attribute_values import add_values
from krug.administration.actions.attributes import add_attribute, change_details, drafted, look_alikes, move_attribute
from krug.administration.attribute_facts import facts_of
from krug.administration.rules.formula_words import spoken
from krug.kernel.attributes.catalogue import as_if
from krug.kernel.attributes.models import Attribute, AttributeValue
from krug.kernel.attributes.serving import is_extensible
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.errors import Fault, Invalid, NotFound, Refusal
from krug.kernel.fields.codes import OFFERED_CURRENCIES, currency_name
from krug.kernel.journal.differences import sentence
from krug.kernel.registry import entities, get_entity
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.door import asker
from krug.kernel.screens.forms import blank_form
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import demand
from krug.language.calendar_words import speech

HOME = "/settings/attributes/"
DETAILS = ("unit", "places", "currency", "target", "formula", "roll_up", "values", "personal")
NEEDED: dict[str, str] = {
    Attribute.Kind.CHOICE: "values",
    Attribute.Kind.CHOICES: "values",
    Attribute.Kind.TREE: "values",
    Attribute.Kind.REFERENCE: "target",
    Attribute.Kind.FORMULA: "formula",
    Attribute.Kind.ROLL_UP: "roll_up",
}


@require_GET
def objects_page(request: HttpRequest) -> HttpResponse:
    """The types of records that fields can be added to, with how many each has."""
    counts: dict[str, int] = {}
    for fact in facts_of(""):
        counts[fact.attribute.entity] = counts.get(fact.attribute.entity, 0) + 1
    lines = [
        (
            str(entity.plural),
            f"{HOME}{entity.code}/",
            entity.icon,
            ngettext("%(count)s added field", "%(count)s added fields", counts[entity.code])
            % {"count": counts[entity.code]}
            if entity.code in counts
            else "",
        )
        for entity in entities()
        if is_extensible(entity)
    ]
    return render(request, "administration/objects.html", {"lines": lines})


@require_GET
def object_page(request: HttpRequest, code: str) -> HttpResponse:
    """The fields that were added to one type: what they are, how far filled, where used."""
    entity = _entity(code)
    facts = facts_of(code, with_use=True)
    put_away = facts_of(code, is_archived=True)
    context = {
        "entity": entity,
        "facts": facts,
        "put_away": put_away,
        "home": HOME,
        "here": f"{HOME}{code}/",
        "back": urlencode({"next": f"{HOME}{code}/"}),
    }
    return render(request, "administration/object.html", context)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step up or down on the form."""
    attribute = get_visible(get_entity("attribute"), asker(request), pk)
    move_attribute(attribute, by=asker(request), up=request.POST.get("way") == "up")
    return go_to(request, f"{HOME}{attribute.entity}/")


@require_http_methods(["GET", "POST"])
def new_attribute(request: HttpRequest, code: str) -> HttpResponse:
    """A name and a kind make a field; what the kind still needs is asked once, and then the form goes on."""
    entity, user = _entity(code), asker(request)
    demand(user, "attribute", "create")
    if request.method == "GET":
        return _new_page(request, entity, {"kind": request.GET.get("kind", "text")})
    typed = {name: request.POST.get(name, "").strip() for name in ("name", "other", "kind", "section", *DETAILS)}
    needed = NEEDED.get(typed["kind"], "")
    if needed and needed not in request.POST:
        return _new_page(request, entity, typed)
    alike = look_alikes(entity, typed["name"], typed["other"])
    mine, other = ("name_ru", "name_en") if speech() == "ru" else ("name_en", "name_ru")
    if "preview" in request.POST:
        return _previewed(request, entity, typed, {mine: typed["name"][:80], other: typed["other"][:80]})
    if alike and not request.POST.get("anyway"):
        return _new_page(request, entity, typed, alike=alike)
    try:
        if needed == "values" and not typed["values"]:
            raise Refusal(_("Write at least one value, each on a line of its own."), field="values")
        made = _added(request, code, typed, {mine: typed["name"], other: typed["other"]})
    except (Refusal, Invalid) as no:
        faults = no.faults if isinstance(no, Invalid) else [Fault(no.field or "", no)]
        places = {mine: "name", other: "other"}
        return _new_page(
            request, entity, typed, errors={places.get(each.field, each.field): str(each.message) for each in faults}
        )
    toast(request, _("Field added: %(field)s") % {"field": made})
    return go_to(request, local(request, f"{HOME}{code}/"))


@transaction.atomic
def _added(request: HttpRequest, code: str, typed: dict[str, str], names: dict[str, str]) -> Attribute:
    """The field with its values, or neither."""
    user = asker(request)
    made = add_attribute(
        by=user,
        entity=code,
        kind=_kind(typed["kind"]),
        section=typed["section"],
        is_required=bool(request.POST.get("is_required")),
        details=typed,
        **names,
    )
    if made.is_listed:
        add_values(made, typed["values"].splitlines(), by=user, language=speech())
    return made


def _previewed(request: HttpRequest, entity: Entity, typed: dict[str, str], names: dict[str, str]) -> HttpResponse:
    """The form of the type as it will look with the field; nothing is written."""
    try:
        made = drafted(
            entity,
            _kind(typed["kind"]),
            typed,
            section=typed["section"],
            is_required=bool(request.POST.get("is_required")),
            **names,
        )
    except Refusal as no:
        return _new_page(request, entity, typed, errors={no.field or "": str(no)})
    values = [
        AttributeValue(pk=number, attribute_id=made.pk, name_ru=text.strip(), name_en=text.strip(), position=number)
        for number, text in enumerate(typed["values"].splitlines()[:50], start=1)
        if text.strip()
    ]
    with as_if(made, values):
        groups = blank_form(request, entity, entity.editable).sections()
        preview = [
            (title, [(replace(each, name=f"preview-{each.name}"), each.name == made.key) for each in controls])
            for title, controls in groups
        ]
    alike = look_alikes(entity, *names.values())
    return _new_page(request, entity, typed, alike=alike, preview=preview)


@require_http_methods(["GET", "POST"])
def details_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit, the currency, the formula or the summary of a field."""
    attribute: Attribute = get_visible(get_entity("attribute"), asker(request), pk)
    entity, here = _entity(attribute.entity), f"{HOME}{attribute.entity}/"
    labels = {name: sentence(field.label) for name, field in counted_fields(entity).items()}
    typed: dict[str, Any] = {**attribute.settings, "roll_up": summary_code(attribute.settings)}
    typed["formula"] = spoken(attribute.settings.get("formula", ""), labels)
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed |= {name: request.POST[name].strip() for name in DETAILS if name in request.POST}
        typed["personal"] = request.POST.get("personal", "")
        try:
            change_details(attribute, typed, by=asker(request))
        except Refusal as no:
            errors = {no.field or "": str(no)}
        else:
            toast(request, _("Saved: %(record)s") % {"record": attribute})
            return go_to(request, here)
    context = {
        "attribute": attribute,
        "entity": entity,
        "typed": typed,
        "errors": errors,
        "fields": list(labels.values()),
        "summaries": [(key, label) for key, (label, _details) in summaries(entity).items()],
        "currencies": [(each, currency_name(each)) for each in OFFERED_CURRENCIES.split()],
        "home": HOME,
        "here": here,
    }
    return render(request, "administration/attribute_details.html", context, status=422 if errors else 200)


def _new_page(
    request: HttpRequest,
    entity: Entity,
    typed: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    alike: list[str] | None = None,
    preview: Any = (),
) -> HttpResponse:
    kind = typed.get("kind", "")
    needed = NEEDED.get(kind, "") if typed.get("name") or errors or request.GET.get("kind") else ""
    names = [sentence(field.label) for field in counted_fields(entity).values()]
    context = {
        "entity": entity,
        "typed": typed,
        "errors": errors or {},
        "alike": alike or [],
        "preview": preview,
        "needed": needed,
        "kinds": Attribute.Kind.choices,
        "targets": targets() if needed == "target" else (),
        "summaries": [(key, label) for key, (label, _details) in summaries(entity).items()]
        if needed == "roll_up"
        else (),
        "fields": names if needed == "formula" else (),
        "currencies": [(each, currency_name(each)) for each in OFFERED_CURRENCIES.split()],
        "sections": [str(section.title) for section in entity.sections],
        "hidden": {"next": local(request, "")} if local(request, "") else {},
        "cancel": local(request, f"{HOME}{entity.code}/"),
        "home": HOME,
    }
    return render(
        request, "administration/new_attribute.html", context, status=422 if errors or (alike and not preview) else 200
    )


def _kind(text: str) -> str:
    if text not in Attribute.Kind.values:
        raise Refusal(_("Choose what kind of field it is."), field="kind")
    return text


def _entity(code: str) -> Entity:
    entity = get_entity(code)
    if not is_extensible(entity):
        raise NotFound(_("Fields can not be added to these records."))
    return entity
