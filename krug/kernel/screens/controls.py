"""Fields as controls of a form: what each shows, and how what was typed comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.kernel.dates import today_in, zone_called
from krug.kernel.fields import (
    ChoiceField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    FieldFault,
    Reading,
    ReferenceField,
    YesNoField,
    title_from,
    title_names,
)
from krug.kernel.fields.reference import LIKE
from krug.kernel.journal.differences import sentence
from krug.kernel.links import record_number
from krug.kernel.money import UnreadableNumber, parse_amount
from krug.kernel.screens.door import asker
from krug.kernel.screens.options import found_by, people
from krug.kernel.ui import formats
from krug.language.calendar_words import speech

SHORT_LIST, MOST_EDITIONS = 30, 1000
SHORTEST_TOLD = 40  # of a number pasted with spaces nobody is told that it is too long
TEXT = "__text"
SEEN = "seen__"
WRITTEN_IN = "written_in"  # the language in which the numbers of a form were typed
TICKED = ("yes_no", "choices")


@dataclass(frozen=True)
class Control:
    """One field of a form, ready for the macro `ui.field`."""

    name: str
    label: str
    kind: str = "text"
    value: Any = ""
    hint: str = ""
    error: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    shown: Any = ""
    url: str = ""
    made_at: str = ""
    hide_label: bool = False
    attrs: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, Any]:
        """The arguments of the macro."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name != "made_at"}


def reading_of(request: HttpRequest) -> Reading:
    """Who types, on which day, in which language."""
    user = asker(request)
    known = request.__dict__.setdefault("known_to_filters", {}) if request.method == "GET" else None
    return Reading(user, today_in(zone_called(user.timezone)), speech(), known)


def control_text(field: Field, value: Any, language: str) -> str:
    """A value as a person would type it: spaces in sums, points in dates."""
    if value is None or value == "":
        return ""
    if isinstance(field, DecimalField):
        return formats.number(value, language)
    if isinstance(field, DateField):
        return formats.date(value, language)
    if isinstance(field, DateTimeField):
        local = timezone.localtime(value)
        return f"{formats.date(local, language)} {formats.clock(local)}"
    return field.raw(value)


def control(field: Field, reading: Reading, typed: Mapping[str, str], error: str = "") -> Control:
    """The control of a field, holding what somebody typed or what stands in the record."""
    text = typed.get(field.name, "")
    made = Control(
        name=field.name,
        label=sentence(field.label),
        kind=KINDS.get(field.kind, "text"),
        value=text,
        hint=str(field.hint),
        required=field.required,
        error=error,
        made_at=field.made_at,
    )
    if field.kind == "choices":
        return _several(field, made, reading)
    if isinstance(field, ChoiceField):
        listed = tuple((str(code), str(label)) for code, label in field.choices)
        unlisted = ((text, field.show(text, reading.language)),) if text and text not in dict(listed) else ()
        return replace(made, kind="select", options=(*unlisted, *listed))
    if isinstance(field, ReferenceField):
        return _reference(field, made, reading, typed.get(field.name + TEXT, ""))
    if isinstance(field, YesNoField):
        return replace(made, value=text in ("1", "true", "on"))
    limit = getattr(field, "max_length", 0)
    return replace(made, attrs={"data-most": str(limit)}) if limit > SHORTEST_TOLD else made


KINDS = {
    "long_text": "textarea",
    "integer": "number",
    "decimal": "number",
    "money": "money",
    "date": "date",
    "datetime": "datetime",
    "choice": "select",
    "yes_no": "checkbox",
    "reference": "reference",
}


def _several(field: Any, made: Control, reading: Reading) -> Control:
    """A box for each value of a list; the ticked ones stand first."""
    chosen = [text for text in str(made.value).split(",") if text]
    listed = [(str(code), str(label)) for code, label in field.choices]
    shown = [(text, field.show(text, reading.language)) for text in chosen]
    return replace(
        made, kind="references", shown=shown, options=tuple(pair for pair in listed if pair[0] not in chosen)
    )


def _reference(field: ReferenceField, made: Control, reading: Reading, words: str) -> Control:
    kind = "person" if field.is_person else "reference"
    names = title_names(field.model)
    rows = choices_for(field, reading)
    rows = rows if rows.query.order_by else rows.order_by(*(field.model._meta.ordering or names))
    known = list(rows.values_list("pk", *names)[: SHORT_LIST + 1])
    if len(known) > SHORT_LIST or (_is_searched(field) and not field.is_person):
        return replace(made, kind=kind, url=options_url(field), shown=words or title_shown(field, made.value, reading))
    listed = [(str(pk), title_from(field.model, tuple(rest), reading.language)) for pk, *rest in known]
    if not made.value and words:
        made = replace(made, value=next((pk for pk, title in listed if title.casefold() == words.casefold()), ""))
    if made.value and made.value not in dict(listed):
        listed.insert(0, (made.value, title_shown(field, made.value, reading)))
    return replace(made, kind=kind, options=tuple(listed))


def titles_once(field: ReferenceField, reading: Reading) -> tuple[tuple[str, str], ...]:
    """Each title of a short list once, where several records bear the same, such as a stage in each edition."""
    if field.is_person or _is_searched(field) or "in" not in field.operators:
        return ()
    names, found = title_names(field.model), dict[str, list[int]]()
    rows = choices_for(field, reading).order_by(*(field.model._meta.ordering or names))
    for pk, *rest in rows.values_list("pk", *names)[:MOST_EDITIONS]:
        found.setdefault(title_from(field.model, tuple(rest), reading.language), []).append(pk)
    if len(found) > SHORT_LIST or all(len(pks) == 1 for pks in found.values()):
        return ()
    return tuple((f"{LIKE}{pks[-1]}" if len(pks) > 1 else str(pks[0]), title) for title, pks in found.items())


def _is_searched(field: ReferenceField) -> bool:
    """Records that people look up by name, customers and persons, are looked up here too; dictionaries are lists."""
    from krug.kernel.registry import entity_of

    entity = entity_of(field.model)
    return entity is not None and bool(entity.search)


def choices_for(field: ReferenceField, reading: Reading) -> Any:
    """The records offered for a new choice: visible, in use, and of people only those who work here."""
    if field.is_person:
        return people(reading.user)
    rows = field.rows(reading.user)
    archivable = any(column.name == "is_archived" for column in field.model._meta.concrete_fields)
    return rows.filter(is_archived=False) if archivable else rows


def options_url(field: ReferenceField) -> str:
    """Where the choices for a reference are looked up."""
    from krug.kernel.registry import entity_of

    entity = entity_of(field.model)
    if entity is not None and not field.is_person:
        return f"{entity.url()}options/"
    return "/people/options/" if field.is_person else ""


def title_shown(field: ReferenceField, pk: str, reading: Reading) -> str:
    """The title of a chosen record; one that the reader may not see keeps its place without its name."""
    return _title(field, pk, reading) or (_("(not open to you)") if pk else "")


def _title(field: ReferenceField, pk: str, reading: Reading) -> str:
    number = record_number(pk)
    if number is None:
        return ""
    found = field.rows(reading.user).filter(pk=number).values_list(*title_names(field.model)).first()
    return title_from(field.model, tuple(found), reading.language) if found else ""


def typed_of(post: Mapping[str, str], fields: Iterable[Field]) -> dict[str, str]:
    """What was typed for these fields; a box that was not ticked says no."""
    typed: dict[str, str] = {}
    for item in fields:
        if item.kind == "choices":
            typed[item.name] = ",".join(
                post.getlist(item.name) if isinstance(post, QueryDict) else [post.get(item.name, "")]
            )
        elif isinstance(item, YesNoField):
            typed[item.name] = "1" if post.get(item.name) else ""
        elif item.name in post or item.name + TEXT in post:
            typed[item.name] = post.get(item.name, "")
            if item.name + TEXT in post:
                typed[item.name + TEXT] = post[item.name + TEXT]
    return typed


def raw_of(
    typed: Mapping[str, str], fields: Iterable[Field], reading: Reading
) -> tuple[dict[str, Any], dict[str, str]]:
    """Typed texts ready to be read, with words of references looked up; and what could not be found, by field."""
    raw: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for item in fields:
        if item.name not in typed:
            continue
        raw[item.name] = typed[item.name] if not isinstance(item, YesNoField) else bool(typed[item.name])
        words = typed.get(item.name + TEXT, "").strip()
        if not isinstance(item, ReferenceField) or item.name + TEXT not in typed:
            continue
        if not words:
            raw[item.name] = ""
        elif not typed[item.name] or words != title_shown(item, typed[item.name], reading):
            try:
                raw[item.name] = record_called(item, words, reading)
            except FieldFault as fault:
                faults[item.name] = str(fault.message)
    return raw, faults


def record_called(field: ReferenceField, words: str, reading: Reading) -> str:
    """The one visible record of that name; none or several are a fault with words for the user."""
    found = found_by(field.rows(reading.user), field.model, words, limit=20)
    exact = [pk for pk, title in found if title.casefold() == words.casefold()]
    matching = exact or [pk for pk, _title in found]
    if len(matching) == 1:
        return str(matching[0])
    if not matching:
        raise FieldFault(_("Nothing is called “%(words)s”: choose from the list.") % {"words": words[:60]})
    raise FieldFault(_("Several are called “%(words)s”: choose one from the list.") % {"words": words[:60]})


def reworded(typed: dict[str, str], fields: Iterable[Field], written_in: str, language: str) -> dict[str, str]:
    """Numbers typed in another language, in the words of this one: 237,000 is not the same in both."""
    if written_in in ("", language) or written_in not in dict(settings.LANGUAGES):
        return typed
    for item in fields:
        if isinstance(item, DecimalField) and typed.get(item.name):
            with suppress(UnreadableNumber):
                typed[item.name] = formats.number(parse_amount(typed[item.name], language=written_in), language)
    return typed
