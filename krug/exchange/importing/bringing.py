"""Makes many records at once with what comes along, each by the action of its type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import DEFERRED, Model
from django.utils import timezone

from krug.access.models import User
from krug.exchange.importing.intake import Part, intake_of
from krug.kernel import writing
from krug.kernel.copying import copy_rows, insert_many
from krug.kernel.entity import Entity
from krug.kernel.journal.recording import record_past
from krug.kernel.models import SearchDocument
from krug.kernel.registry import get_entity
from krug.kernel.search.indexing import DOCUMENT, documents_told, is_named, learn_words

Record = TypeVar("Record", bound=Model)
Brought = Sequence[tuple[Any, Sequence[tuple[Part, Mapping[str, Any]]]]]


def create_all(entity: Entity, told: Sequence[dict[str, Any]], *, by: User, source: str) -> list[Any]:
    """Make many records of one type; the fields that the company added are filled in after."""
    parts = [writing.apart(entity, values) for values in told]
    made = _created(entity, [own for own, _added in parts], by=by, source=source)
    if any(added for _own, added in parts):
        writing.put_attributes(entity, made, [added for _own, added in parts])
    return made


def _created(entity: Entity, told: Sequence[dict[str, Any]], *, by: User, source: str) -> list[Any]:
    """At once where the type can, else one by one by its own action."""
    many = intake_of(entity).create_many
    if many is not None:
        return list(many(told, by=by, source=source))
    if len(told) > 1 and entity.create is None and _is_simple(entity, told):
        return _create_plain(entity, told, by=by, source=source)
    return [
        entity.create(**values, by=by) if entity.create else writing.create(entity, values, by=by) for values in told
    ]


def _is_simple(entity: Entity, told: Sequence[dict[str, Any]]) -> bool:
    """Whether values are columns and nothing else, and the model has no checks that only Python makes."""
    columns = {column.name for column in entity.model._meta.concrete_fields}
    return entity.model.clean is Model.clean and all(values.keys() <= columns for values in told)


def _create_plain(entity: Entity, told: Sequence[dict[str, Any]], *, by: User, source: str) -> list[Any]:
    made = [entity.model(**values) for values in told]
    for one in made:
        if entity.owner in entity.fields and getattr(one, f"{entity.owner}_id", 0) is None:
            setattr(one, entity.owner, by)
        for name in ("created_by", "updated_by"):
            if hasattr(one, f"{name}_id"):
                setattr(one, name, by)
    insert_many(made)
    now = timezone.now()
    record_past([(writing.RecordCreated(record=one, by=by), now) for one in made], source=source)
    return made


def made_of(model: type[Record], told: Iterable[Mapping[str, Any]], **given: Any) -> list[Record]:
    """Records of these values, not written yet; what a type gives by itself is worked out once for all of them."""
    columns = model._meta.concrete_fields
    places = {name: place for place, column in enumerate(columns) for name in (column.name, column.attname)}
    usual = [DEFERRED if column.generated else column.get_default() for column in columns]
    fresh = [(place, column) for place, column in enumerate(columns) if callable(column.default)]
    found = []
    for values in told:
        line, beside = list(usual), {}
        for place, column in fresh:
            line[place] = column.get_default()
        for name, value in {**values, **given}.items():
            is_record = isinstance(value, Model)
            line[places[name]] = value.pk if is_record else value
            if is_record:
                beside[name] = value
        made = model(*line)
        made._state.fields_cache.update(beside)
        found.append(made)
    return found


def bring_parts(brought: Brought, *, by: User, known: bool = False) -> list[tuple[Any, str]]:
    """Make what comes along with the records; to a `known` record only what it does not have yet."""
    wanted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    added: list[tuple[Any, str]] = []
    for record, parts in brought:
        for part, values in parts:
            entity = get_entity(part.entity)
            if known and _has(entity, part, record, values):
                continue
            wanted[part.entity].append({part.link: record, **part.given, **values})
            added.append((part.label, ", ".join(str(value) for value in values.values())[:200]))
    for code, told in wanted.items():
        create_all(get_entity(code), told, by=by, source="")
    return added


def _has(entity: Entity, part: Part, record: Any, values: Mapping[str, Any]) -> bool:
    rows = entity.model._default_manager.filter(**{part.link: record}, **part.given)
    if hasattr(entity.model, "is_archived"):
        rows = rows.filter(is_archived=False)
    if not part.same:
        return bool(rows.exists())
    told = values[part.fields[0]]
    return bool(rows.filter(**{part.same: part.normal(told) if isinstance(told, str) else told}).exists())


def index_all(entity: Entity, ids: Sequence[int]) -> None:
    """The search box finds the new records that were taken in."""
    if not ids or not is_named(entity):
        return
    known = SearchDocument.objects.filter(entity=entity.code, record_id__in=ids).values_list("record_id", flat=True)
    documents = documents_told(entity, sorted(set(ids) - set(known)))
    copy_rows(SearchDocument, DOCUMENT, documents)
    words = {word for document in documents for word in document[DOCUMENT.index("text")].split()}
    transaction.on_commit(partial(learn_words, words), robust=True)
