"""Finds, many at once, the records that cells name and the records that rows are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, TextField, Value
from django.db.models.functions import Cast, Concat, Lower
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.exchange.importing.intake import Key, intake_of, keys_of_model, plain
from krug.exchange.importing.plans import Missing
from krug.kernel.fields.reference import ReferenceField, title_from, title_names
from krug.kernel.registry import entity_of
from krug.kernel.visibility import demand

MOST_KEPT, MOST_PEOPLE = 50_000, 5_000
MOST_NAMED = 3


class Several(tuple[int, ...]):
    """The numbers of the records that one text names alike."""


def find_by(rows: Any, key: Key, texts: Iterable[str], *, system: str = "") -> dict[str, list[int]]:
    """The numbers of the records for each compared text; a text may belong to several."""
    wanted = {text for text in texts if text}
    found: dict[str, list[int]] = defaultdict(list)
    if not wanted:
        return found
    told = rows.filter(source_system=system) if key.path == "source_key" else rows
    if key.given:
        told = told.filter(**key.given)
    way = key.path if not isinstance(key.path, str) else _words(key.path) if key.lower else F(key.path)
    told = told.annotate(told_by=way).filter(_among(way, wanted))
    for text, pk in told.order_by("pk").values_list("told_by", "pk"):
        if pk not in found[text]:
            found[text].append(pk)
    return found


def _words(path: str) -> Any:
    """What a record is called, as it is compared; some are called by a number."""
    return Lower(Cast(path, TextField()))


def _among(way: Any, texts: Iterable[str]) -> Func:
    """Whether it is one of the texts, which travel as one value: a thousand values cost as much as what is sought."""
    listed = Value(list(texts), output_field=ArrayField(TextField()))
    return Func(way, listed, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


class References:
    """The records that the cells of a run name; each text is looked up once."""

    def __init__(self, by: User, system: str) -> None:
        self.by, self.system = by, system
        self.kept: dict[tuple[Any, str, str], Any] = {}
        self.made: dict[str, int] = defaultdict(int)

    def learn(self, field: ReferenceField, by_key: str, texts: Iterable[str]) -> None:
        """Look many texts up with one query for each way of naming a record."""
        if len(self.kept) > MOST_KEPT:
            self.kept.clear()
        left = {text for text in texts if text and (field.model, by_key, text) not in self.kept}
        if not left:
            return
        numbers: dict[str, Any] = {}
        for key in self._keys(field, by_key):
            compared = {text: key.normal(text) for text in left if text not in numbers}
            found = find_by(field.rows(self.by), key, compared.values(), system=self.system)
            for text, form in compared.items():
                if len(found.get(form, ())) == 1:
                    numbers[text] = found[form][0]
                elif found.get(form):
                    numbers.setdefault(text, Several(found[form]))
        if issubclass(field.model, User) and left - numbers.keys():
            numbers |= self._short_named(field, left - numbers.keys())
        records = field.rows(self.by).in_bulk(
            [number for number in numbers.values() if not isinstance(number, Several)]
        )
        for text in left:
            number = numbers.get(text)
            self.kept[field.model, by_key, text] = number if isinstance(number, Several) else records.get(number)

    def _keys(self, field: ReferenceField, by_key: str) -> list[Key]:
        if issubclass(field.model, User):
            return [Key("email", "", (), "email"), *_people_keys()]
        known = keys_of_model(field.model)
        if by_key:
            return [known[by_key]] if by_key in known else []
        if not known:
            return [Key(name, "", (), name, lower=True) for name in title_names(field.model)]
        return list(known.values())

    def _short_named(self, field: ReferenceField, left: set[str]) -> dict[str, Any]:
        """People as our own lists show them, surname and initials, or by the surname alone."""
        shown: dict[str, dict[int, None]] = defaultdict(dict)
        surnames: dict[str, dict[int, None]] = defaultdict(dict)
        for row in field.rows(self.by).order_by("pk").values_list("pk", *title_names(User))[:MOST_PEOPLE]:
            surnames[plain(row[1])][row[0]] = None
            for language in ("ru", "en"):
                shown[plain(title_from(User, row[1:], language))][row[0]] = None
        told = {
            text: Several(shown.get(plain(text)) or surnames.get(plain(text)) or ()) for text in left if plain(text)
        }
        return {text: found[0] if len(found) == 1 else found for text, found in told.items() if found}

    def named(self, field: ReferenceField, by_key: str, text: str, missing: str) -> Any:
        """The record that a cell names; a ValueError says why there is none."""
        found = self.kept.get((field.model, by_key, text))
        if isinstance(found, Several):
            words = _("Several records are called “%(text)s”: %(names)s. Name it more exactly.")
            raise ValueError(words % {"text": text[:80], "names": self._told_apart(field, found)})
        if found is None and missing == Missing.CREATE:
            found = self.kept[field.model, by_key, text] = self._make(field, text)
        if found is None and missing != Missing.EMPTY:
            raise ValueError(_("There is no record “%(text)s”.") % {"text": text[:80]})
        return found

    def _told_apart(self, field: ReferenceField, numbers: Several) -> str:
        """The names of records that are called alike, each with what tells it from the others."""
        names = title_names(field.model)
        rows = field.rows(self.by).filter(pk__in=numbers[:MOST_NAMED]).order_by("pk").values_list("pk", *names)
        is_person = issubclass(field.model, User)
        told = [
            f"{title_from(field.model, row[1:], self.by.language)} ({row[-1] if is_person else f'№ {row[0]}'})"
            for row in rows
        ]
        return ", ".join(told) + ("…" if len(numbers) > MOST_NAMED else "")

    def _make(self, field: ReferenceField, text: str) -> Any:
        from krug.kernel import writing

        entity = entity_of(field.model)
        if entity is None:
            return None
        demand(self.by, entity.code, "create")
        self.made[entity.code] += 1
        maker = intake_of(entity).from_text
        if maker is not None:
            return maker(text, by=self.by)
        names = [name for name in title_names(field.model) if name in entity.editable]
        values = dict.fromkeys(names, text)
        return writing.make(entity, values, by=self.by)


def _people_keys() -> list[Key]:
    """A person's name in each of its usual orders."""
    orders = (("surname", "given_name"), ("given_name", "surname"), ("surname", "given_name", "patronymic"))
    return [Key("person", "", (), _line(*names)) for names in orders]


def _line(*names: str) -> Any:
    parts: list[Any] = []
    for name in names:
        parts += [F(name), Value(" ")]
    return Lower(Concat(*parts[:-1]))
