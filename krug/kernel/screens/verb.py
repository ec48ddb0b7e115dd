"""Verbs on a record's page: the buttons that stand open, and the small form of a verb that asks for something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.kernel.doors import get_visible, perform
from krug.kernel.errors import Invalid, No, NotFound, Refusal, Stale
from krug.kernel.fields import Field, FieldFault, Reading, ReferenceField, field_from
from krug.kernel.journal.telling import told_of
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.controls import TEXT, Control, control, control_text, raw_of, reading_of, typed_of
from krug.kernel.screens.door import asker
from krug.kernel.screens.forms import from_address, version_of
from krug.kernel.screens.undoing import undo_url
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import may

if TYPE_CHECKING:
    from django.db.models import Field as Column

    from krug.access.models import User
    from krug.kernel.entity import Entity, Verb


# The same act has the same picture and the same key, whatever it is done to.
KEYS = {"move": "KeyM", "people": "KeyA"}


@dataclass(frozen=True)
class Act:
    """A verb as a button: a press does it, or opens the small form first."""

    name: str
    label: str
    icon: str
    url: str
    is_form: bool
    is_primary: bool
    is_danger: bool
    key: str
    version: str

    @property
    def kind(self) -> str:
        """How the button looks."""
        return "primary" if self.is_primary else "danger" if self.is_danger else "plain"


def acts_on(entity: Entity, record: Any, user: User) -> list[Act]:
    """The verbs that the user may do and that the record's state allows, the main one first."""
    if getattr(record, "is_archived", False):
        return []
    offered = [verb for verb in entity.verbs if may(user, entity.code, verb.name) and is_offered(verb, record)]
    return [act_of(entity, verb, record) for verb in sorted(offered, key=lambda verb: not verb.primary)]


def is_offered(verb: Verb, record: Any) -> bool:
    """Whether the record's state allows the verb."""
    return not verb.when or bool(getattr(record, verb.when))


def act_of(entity: Entity, verb: Verb, record: Any) -> Act:
    """One verb as a button."""
    return Act(
        name=verb.name,
        label=str(verb.label),
        icon=verb.icon,
        url=f"{entity.url(record.pk)}{verb.name}/",
        is_form=bool(verb.asks) or verb.danger,
        is_primary=verb.primary,
        is_danger=verb.danger,
        key=KEYS.get(verb.icon, ""),
        version=str(getattr(record, "version", "")),
    )


@require_http_methods(["GET", "POST"])
def verb(request: HttpRequest, entity: Entity, name: str, pk: int) -> HttpResponse:
    """The small form of a verb, and doing it; a refusal stands at its field and nothing typed is lost."""
    user, done = asker(request), entity.verb(name)
    record = get_visible(entity, user, pk)
    if done is None:
        raise NotFound(_("There is no such act."))
    if request.method == "GET":
        return verb_form(request, entity, done, record, typed=given_for(request, entity, done, record), errors={})
    errors: dict[str, str] = {}
    asked = still_asked(entity, done, record, user, request.POST)
    typed = typed_of(request.POST, [*asked_by(entity, done), *asked])
    if "again" in request.POST:
        typed = {**usual(asked, reading_of(request)), **typed}
        return verb_form(request, entity, done, record, typed=typed, errors={})
    try:
        arguments = read_asked(asked, typed, request, errors, kept=kept_by(done, record))
        if errors:
            return verb_form(request, entity, done, record, typed=typed, errors=errors)
        perform(
            entity,
            name,
            pk,
            by=user,
            once=request.POST.get("once"),
            version=version_of(request.POST.get("version", "")),
            **arguments,
        )
    except (Refusal, Invalid, Stale) as no:
        record = get_visible(entity, user, pk)
        return verb_form(request, entity, done, record, typed=typed, errors=placed(no, asked), status=no.status)
    toast(request, told_of(entity, record), undo_url=undo_url())
    return go_to(request, local(request, address_of(entity, user, pk)))


def address_of(entity: Entity, user: User, pk: int) -> str:
    """The record's page; the list when the record was handed over and is no longer open to its writer."""
    return entity.url(pk if entity.rows_for(user).filter(pk=pk).exists() else None)


def asked_by(entity: Entity, done: Verb) -> list[Field]:
    """The fields of the small form: ready ones, or those of the model by name."""
    return [found for item in done.asks if (found := _asked(entity, item)) is not None]


def still_asked(entity: Entity, done: Verb, record: Any, user: User, typed: Mapping[str, str]) -> list[Field]:
    """The fields that this record still needs for the verb, given what is typed so far."""
    if done.fitting is None:
        return asked_by(entity, done)
    return [found for item in done.fitting(record, user, typed) if (found := _asked(entity, item)) is not None]


def _asked(entity: Entity, item: Any) -> Field | None:
    if isinstance(item, Field):
        return item
    return entity.fields.get(item) or field_from(cast("Column[Any, Any]", entity.model._meta.get_field(item)))


def given_for(request: HttpRequest, entity: Entity, done: Verb, record: Any) -> dict[str, str]:
    """What the small form holds at first: the record's own values where it asks for them, and the address's."""
    reading = reading_of(request)
    own = {item for item in done.asks if isinstance(item, str)}
    asked = still_asked(entity, done, record, reading.user, request.GET)
    kept = {
        item.name: control_text(item, item.value_of(record) if item.name in own else item.default, reading.language)
        for item in asked
        if item.name in own or item.default is not None
    }
    named = {
        item.name: from_address(item, request.GET[item.name], reading) for item in asked if item.name in request.GET
    }
    return {**kept, **named}


def usual(asked: list[Field], reading: Reading) -> dict[str, str]:
    """What fields without a value of their own usually hold."""
    return {item.name: control_text(item, item.default, reading.language) for item in asked if item.default is not None}


def kept_by(done: Verb, record: Any) -> Callable[[Field, Any], bool]:
    """Whether a link stands as it stood in the record: it is not looked up again, since it may be hidden."""
    own = {item for item in done.asks if isinstance(item, str)}
    return lambda item, raw: (
        item.name in own and isinstance(item, ReferenceField) and raw == item.raw(item.value_of(record))
    )


def read_asked(
    asked: list[Field],
    typed: dict[str, str],
    request: HttpRequest,
    errors: dict[str, str],
    *,
    kept: Callable[[Field, Any], bool],
) -> dict[str, Any]:
    """The arguments of the verb beyond links kept as they are; what can not be read is written into the errors."""
    reading = reading_of(request)
    raw, faults = raw_of(typed, asked, reading)
    errors.update(faults)
    values: dict[str, Any] = {}
    for item in asked:
        if kept(item, raw.get(item.name)):
            continue
        try:
            values[item.name] = item.parse_or_empty(raw.get(item.name), reading)
        except FieldFault as fault:
            errors.setdefault(item.name, str(fault.message))
    return values


def placed(no: No, asked: list[Field]) -> dict[str, str]:
    """What is wrong, beside the field it concerns; what concerns none stands above the form."""
    names = {item.name for item in asked}
    faults = (
        [(fault.field, str(fault.message)) for fault in no.faults] if isinstance(no, Invalid) else [(no.field, str(no))]
    )
    errors: dict[str, str] = {}
    for name, message in faults:
        place = name if name in names else ""
        errors[place or ""] = f"{errors[place or '']} {message}" if (place or "") in errors else message
    return errors


def verb_form(
    request: HttpRequest,
    entity: Entity,
    done: Verb,
    record: Any,
    *,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 422,
    needed: str = "",
) -> HttpResponse:
    """The page with the small form, or the same as a dialog; what is typed but no longer asked travels along."""
    reading = reading_of(request)
    asked = still_asked(entity, done, record, reading.user, typed)
    controls: list[Control] = [control(item, reading, typed, errors.get(item.name, "")) for item in asked]
    name, url, names = entity.name_of(record), entity.url(record.pk), {item.name for item in asked}
    next_url = local(request, "")
    carried = {name: value for name, value in typed.items() if value and name.removesuffix(TEXT) not in names}
    context = {
        "entity": entity,
        "title": f"{done.label}: {name}",
        "crumbs": ((str(entity.plural), entity.url()), (name, url), (str(done.label), "")),
        "action": f"{url}{done.name}/",
        "submit": done.label,
        "controls": controls,
        "errors": errors,
        "needed": needed,
        "steering": next((item.name for item in asked if item.steers), ""),
        "cancel": next_url or url,
        "hidden": {**carried, "version": getattr(record, "version", None), "next": next_url or None},
        "is_offered": is_offered(done, record),
        "is_danger": done.danger,
        "says": done.says,
    }
    return render(request, "kernel/verb_form.html", context, status=status if errors or needed else 200)
