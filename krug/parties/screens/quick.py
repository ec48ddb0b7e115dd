"""A new customer in three fields: name or INN, phone, person; those who may be the same are shown while typing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from krug.access.models import User
from krug.kernel.doors import create_record
from krug.kernel.errors import BadRequest, Invalid, Refusal
from krug.kernel.fields import ChoiceField, Field, FieldFault, TextField
from krug.kernel.registry import get_entity
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.controls import Control, control, reading_of
from krug.kernel.screens.door import asker
from krug.kernel.screens.drafts import draft_at, draft_url, forget_draft, keep_draft
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import may
from krug.parties.models import Party
from krug.parties.rules.phones import normalise_phone
from krug.parties.rules.russian_ids import inn_fault

PLACE = "party.quick"
KINDS = tuple((value, label) for value, label in Party.Kind.choices if value != Party.Kind.BRANCH)
FRONT: tuple[Field, ...] = (
    TextField(name="display_name", label=gettext_lazy("name or INN"), required=True, max_length=255),
    TextField(name="phone", label=gettext_lazy("phone"), max_length=80),
    TextField(
        name="person",
        label=gettext_lazy("person"),
        hint=gettext_lazy("Surname, given name, patronymic"),
        max_length=190,
    ),
)
MORE: tuple[Field, ...] = (
    TextField(name="position", label=gettext_lazy("position"), max_length=120),
    TextField(name="email", label=gettext_lazy("e-mail"), max_length=254),
    TextField(name="inn", label=gettext_lazy("INN"), max_length=20),
    ChoiceField(name="kind", label=gettext_lazy("kind"), choices=KINDS),
    TextField(name="city", label=gettext_lazy("city"), max_length=120),
)
NAME_PARTS = ("surname", "given_name", "patronymic")
WATCHED = ("display_name", "phone", "email", "inn")
WATCH = {
    "hx-get": "/parties/duplicates/",
    "hx-trigger": "input changed delay:300ms, change",
    "hx-include": "closest form",
    "hx-target": "#duplicates",
    "hx-select": "#duplicates",
    "hx-swap": "outerHTML ignoreTitle:true",
}
TYPES = {"phone": "tel", "email": "email"}


@require_http_methods(["GET", "POST"])
def quick_party(request: HttpRequest) -> HttpResponse:
    """The small form, and the customer that comes of it."""
    entity, user = get_entity("party"), asker(request)
    sent = request.POST if request.method == "POST" else request.GET
    typed = {item.name: sent[item.name] for item in (*FRONT, *MORE) if item.name in sent}
    if request.method == "GET":
        kept = draft_at(user, PLACE) if not typed else None
        return quick_page(request, kept.data if kept else typed, {}, kept=kept)
    values, errors = read(request, typed)
    if errors:
        return quick_page(request, typed, errors)
    try:
        made = create_record(entity, values, by=user, once=sent.get("once"))
    except Invalid as no:
        hints = [str(fault.hint) for fault in no.faults if str(fault.hint).startswith("/")]
        return quick_page(request, typed, _at_fields(no), in_the_way=hints)
    except Refusal as no:
        return quick_page(request, typed, {no.field or "": str(no)})
    forget_draft(user, PLACE)
    toast(request, _("Created: %(record)s") % {"record": made})
    return go_to(request, local(request, entity.url(made.pk)))


def _at_fields(no: Invalid) -> dict[str, str]:
    """What is wrong, each at the field of this form it was typed in: the parts of a name stand in one line here."""
    return {"person" if fault.field in NAME_PARTS else fault.field: str(fault.message) for fault in no.faults}


def customer_called(words: str, user: User) -> tuple[str, str] | None:
    """What was looked for in vain may be a new customer, by its name, INN or phone."""
    if not may(user, "party", "create"):
        return None
    is_phone = normalise_phone(words).valid and inn_fault(words) is not None
    given = {"phone" if is_phone else "display_name": words}
    return _("Create customer “%(name)s”") % {"name": words}, f"/parties/quick/?{urlencode(given)}"


def read(request: HttpRequest, typed: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed as values; what stays empty is left to the rules."""
    reading, values, errors = reading_of(request), {}, {}
    for item in (*FRONT, *MORE):
        try:
            value = item.parse_or_empty(typed.get(item.name), reading)
        except FieldFault as fault:
            errors[item.name] = str(fault.message)
            continue
        if value:
            values[item.name] = value
    return values, errors


def quick_page(
    request: HttpRequest, typed: dict[str, str], errors: dict[str, str], *, kept: Any = None, in_the_way: Any = ()
) -> HttpResponse:
    """The page with three fields in front and the rest behind “More fields”."""
    if errors:
        with suppress(BadRequest):  # what is too long to be kept stands in the answer all the same
            keep_draft(asker(request), PLACE, typed)
    front, more = ([control_for(request, item, typed, errors) for item in items] for items in (FRONT, MORE))
    context = {
        "front": front,
        "more": more,
        "is_open": any(typed.get(item.name) or item.name in errors for item in MORE),
        "errors": errors,
        "in_the_way": in_the_way,
        "kept": kept,
        "draft": draft_url(PLACE),
        "cancel": local(request, get_entity("party").url()),
    }
    return render(request, "parties/quick.html", context, status=422 if errors else 200)


def control_for(request: HttpRequest, item: Field, typed: dict[str, str], errors: dict[str, str]) -> Control:
    """One control, the watched ones asking for duplicates while somebody types, and for what came filled in."""
    made = control(item, reading_of(request), typed, errors.get(item.name, ""))
    attrs = {**made.attrs, **(WATCH if item.name in WATCHED else {})}
    if item.name == next((name for name in WATCHED if typed.get(name)), ""):
        attrs["hx-trigger"] = f"load, {WATCH['hx-trigger']}"
    return replace(made, kind=TYPES.get(item.name, made.kind), attrs=attrs)
