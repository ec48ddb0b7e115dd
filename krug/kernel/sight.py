"""What one reader knows of the fields of a type: the one place where roles open, close and cover fields.

Whoever stands at a door looks (`seen_by`); from then on each entity answers with his fields, columns, filters,
sorts and texts to search, so that no surface has to ask. Behind the door, where actions work, nothing is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.access.models import Level, User
from krug.kernel.attributes.serving import Served, served
from krug.kernel.entity import PERSONAL, Board, CalendarView, Section
from krug.kernel.errors import Faults, NotAllowed
from krug.kernel.registry import entities, entity_of
from krug.kernel.visibility import rights_of
from krug.language.masks import mask

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

ALPHABETS = ("sort_key", "name_key")
READ_ONLY = gettext_lazy("Your role may read this field but not change it.")
Line = TypeVar("Line")
Facts = TypeVar("Facts", bound=Any)
_looker: ContextVar[User | None] = ContextVar("looker", default=None)


@dataclass(frozen=True)
class Sight:
    """The fields of one type as one reader knows them: gone, only to be read, or covered."""

    served: Served
    hidden: frozenset[str]
    read_only: frozenset[str]
    masked: frozenset[str]


@contextmanager
def seen_by(user: User | None) -> Iterator[None]:
    """Within this block entities show what this reader may know; nobody means the program itself."""
    before = _looker.set(user)
    try:
        yield
    finally:
        _looker.reset(before)


def look_as(user: User) -> None:
    """From here to the end of the request this reader looks."""
    _looker.set(user)


def looker() -> User | None:
    """Who looks now."""
    return _looker.get()


def looks_afresh(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """No request looks with the eyes of the one before."""

    def answer(request: HttpRequest) -> HttpResponse:
        with seen_by(None):
            return get_response(request)

    return answer


def each_seen_by(lines: Iterator[Line], user: User) -> Iterator[Line]:
    """What is told line by line, long after the door was passed, is told to this reader."""
    while True:
        with seen_by(user):
            try:
                line = next(lines)
            except StopIteration:
                return
        yield line


def sight_of(entity: Entity, user: User | None) -> Sight | None:
    """What closes fields of this type to this reader; nothing when all stand open. Worked out once per request."""
    if user is None or user.is_system:
        return None
    rights, whole = rights_of(user), served(entity)
    is_covered = bool(whole.personal) and not rights.may(entity.code, PERSONAL)
    if not (is_covered or entity.guard or rights.bounds(entity.code)):
        return None
    kept = rights.sights.get(entity.code)
    if kept is None or kept[0] is not whole:
        kept = rights.sights[entity.code] = (whole, _sight(entity, whole, user, is_covered=is_covered))
    found: Sight | None = kept[1]
    return found


def seen(entity: Entity) -> Served:
    """The fields, sections and what may be written, as whoever looks now knows them."""
    return sight.served if (sight := sight_of(entity, _looker.get())) else served(entity)


def _sight(entity: Entity, whole: Served, user: User, *, is_covered: bool) -> Sight | None:
    rights, named = rights_of(user), _naming(entity)
    levels = {name: rights.level(entity.code, group) for name, group in whole.groups.items() if name in whole.fields}
    hidden = {name for name, level in levels.items() if level is Level.HIDDEN and name not in named}
    masked = set(whole.personal) - hidden if is_covered else set()
    closed = hidden | masked
    hidden |= {name for name in whole.fields if name not in closed and _tells_of(whole, name, closed, user)}
    read_only = {name for name in whole.editable if levels[name] is not Level.EDIT} - hidden
    guarded = {name for name in whole.editable if entity.guard and _is_refused(entity.guard, name, user)}
    if not (hidden or read_only or masked or guarded):
        return None
    fields = {
        name: whole.masked(name) if name in masked else field
        for name, field in whole.fields.items()
        if name not in hidden
    }
    sections = tuple(Section(each.title, *(name for name in each.fields if name in fields)) for each in whole.sections)
    editable = tuple(name for name in whole.editable if name not in hidden | read_only | masked | guarded)
    narrowed = replace(
        whole, fields=fields, sections=tuple(each for each in sections if each.fields), editable=editable
    )
    return Sight(narrowed, frozenset(hidden), frozenset(read_only), frozenset(masked))


def _is_refused(guard: Callable[[Any, User], Any], name: str, user: User) -> bool:
    """Whether the guard of the type lets this user change the field in no record: no form offers it to him."""
    try:
        return bool(guard({name}, user))
    except NotAllowed:
        return True


def _naming(entity: Entity) -> set[str]:
    """What a record is called is known to whoever may see the record."""
    from krug.kernel.fields import title_names

    return {entity.title, *(path.partition("__")[0] for path in title_names(entity.model))}


def _tells_of(whole: Served, name: str, closed: set[str], user: User) -> bool:
    """Whether a field is worked out of what is closed: a sum would tell its parts."""
    for code, path in getattr(whole.fields[name], "reads", ()):
        if not code and path in closed:
            return True
        other = next((entity for entity in entities() if entity.code == code), None)
        if other is not None and not is_open(other, path, user):
            return True
    return False


def is_open(entity: Entity, path: str, user: User | None = None, *, covered: bool = False) -> bool:
    """Whether the reader may ask for this column; `covered` counts what is shown to him covered as open.

    Columns that no surface knows are worked out of others, such as the digits of a phone: they close together.
    """
    reader, model = user or _looker.get(), entity.model
    if reader is None:
        return True
    for name in path.split("__"):
        known = entity_of(model)
        sight = sight_of(known, reader) if known else None
        if sight and known and (name in sight.hidden or (name in sight.masked and not covered)):
            return False
        try:
            column = model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        is_inner = sight and known and not column.is_relation and name not in served(known).fields
        if is_inner and name not in ALPHABETS:
            return False
        model = column.related_model or model
    return True


def closes_words(entity: Entity, user: User) -> bool:
    """Whether some of the texts by which records of the type are found are closed to the reader."""
    paths = (*entity.__dict__["_search"], *entity.__dict__["_search_digits"])
    return not all(is_open(entity, path, user) for path in paths)


def closed_keys(entity: Entity, *, writing: bool = False) -> frozenset[str]:
    """The names under which facts about this type could tell, or change, what is closed to whoever looks now."""
    sight = sight_of(entity, _looker.get())
    if sight is None:
        return frozenset()
    return sight.hidden | sight.masked | (sight.read_only if writing else frozenset())


def hides_names(model: type[Any]) -> bool:
    """Whether what records of this kind are called, such as a phone, is covered to whoever looks."""
    reader = _looker.get()
    entity = entity_of(model) if reader is not None else None
    sight = sight_of(entity, reader) if entity is not None else None
    return sight is not None and entity is not None and entity.title in sight.masked


def narrows(model: type[Any]) -> bool:
    """Whether anything that a record of this kind holds is closed or covered to whoever looks."""
    entity = entity_of(model)
    return entity is not None and bool(closed_keys(entity))


def veiled(record: Any) -> Any:
    """A loaded record without what whoever looks may not know; such a record is shown, never saved."""
    entity = entity_of(type(record)) if _looker.get() is not None else None
    sight = sight_of(entity, _looker.get()) if entity is not None else None
    if sight is None:
        return record
    for column in record._meta.concrete_fields:
        if column.name in sight.masked or (column.name in sight.hidden and not _is_needed_link(column)):
            setattr(record, column.name, _emptied(record.__dict__.get(column.attname), column.name in sight.masked))
    if custom := record.__dict__.get("custom"):
        record.custom = {key: value for key, value in custom.items() if key not in sight.hidden | sight.masked}
    return record


def veiled_facts(entity: Entity, facts: Facts) -> Facts:
    """The same for facts about a record that were read in another way; their names are those of its columns."""
    sight = sight_of(entity, _looker.get())
    if sight is None:
        return facts
    closed = {
        each.name: each.name in sight.masked for each in dataclass_fields(facts) if each.name in closed_keys(entity)
    }
    return replace(facts, **{name: _emptied(getattr(facts, name), masked) for name, masked in closed.items()})


def _is_needed_link(column: Any) -> bool:
    return bool(column.is_relation and not column.null)


def _emptied(value: Any, is_masked: bool) -> Any:
    if isinstance(value, str):
        return mask(value) if is_masked and value else ""
    return type(value)() if isinstance(value, (list, dict)) else None


def narrowed(entity: Entity, what: str, told: Any) -> Any:
    """One part of a declaration as whoever looks now knows it."""
    if _looker.get() is None:
        return told
    if what == "views":
        return tuple(view for view in (_view(entity, each) for each in told) if view is not None)
    if what == "order":
        return told if is_open(entity, told.lstrip("-")) else "-id"
    if isinstance(told, Mapping):
        return {path: value for path, value in told.items() if is_open(entity, path)}
    return tuple(path for path in told if is_open(entity, path, covered=what in ("columns", "quick")))


def _view(entity: Entity, view: Any) -> Any:
    if isinstance(view, CalendarView):
        return view if is_open(entity, view.by) else None
    if not isinstance(view, Board):
        return view
    if not is_open(entity, view.by):
        return None
    card = tuple(path for path in view.card if is_open(entity, path, covered=True))
    return replace(view, card=card, total=view.total if is_open(entity, view.total) else "")


def demand_writable(entity: Entity, names: Iterable[str], user: User) -> None:
    """Refuse values for fields that this user may not write: the wall behind forms, files and programs alike."""
    sight = sight_of(entity, user)
    if sight is None:
        return
    faults = Faults()
    for name in names:
        if name in sight.hidden:
            faults.add(name, _("There is no field “%(name)s” here.") % {"name": name[:80]}, code="UNKNOWN_FIELD")
        elif name in sight.read_only | sight.masked:
            faults.add(name, READ_ONLY, code="READ_ONLY_FIELD")
    faults.stop_if_any()


def demand_fillable(entity: Entity, user: User) -> None:
    """Refuse to begin a record that needs what this user may not write."""
    sight = sight_of(entity, user)
    if sight is None:
        return
    whole = served(entity)
    needed = [
        name
        for name in whole.editable
        if whole.fields[name].required and name != entity.owner and name not in sight.served.editable
    ]
    if needed:
        raise NotAllowed(
            _("A new record here needs fields that your role may not fill in. An administrator can grant it."),
            code="NOT_FILLABLE",
        )
