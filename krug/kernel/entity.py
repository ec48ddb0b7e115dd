"""What an entity type says of itself, once; every surface is derived from this."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from django.utils.functional import Promise

from krug.kernel.moment import looking_back

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from krug.access.models import User
    from krug.kernel.attributes.serving import Served
    from krug.kernel.fields import Field

type_text = str | Promise
Visible = Callable[["QuerySet[Any]", "User"], "QuerySet[Any]"]
Told = TypeVar("Told")
REQUIRED: Any = object()
PERSONAL = "personal"


class Nothing(dict[str, Any]):
    """No path at all, as the usual value of a declaration."""

    __hash__ = object.__hash__  # type: ignore[assignment]  # nobody writes into it


NOTHING = Nothing()


class Known(Generic[Told]):
    """A part of a declaration that names fields: whoever looks is told of those open to him (krug.kernel.sight)."""

    def __init__(self, usual: Any = REQUIRED) -> None:
        self.usual = usual

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, entity: None, owner: type[Any]) -> Told: ...
    @overload
    def __get__(self, entity: Entity, owner: type[Any]) -> Told: ...
    def __get__(self, entity: Any, owner: type[Any]) -> Any:
        if entity is not None:
            from krug.kernel.sight import narrowed

            return narrowed(entity, self.name, entity.__dict__[f"_{self.name}"])
        if self.usual is REQUIRED:
            raise AttributeError(self.name)
        return self.usual

    def __set__(self, entity: Any, told: Told) -> None:
        entity.__dict__[f"_{self.name}"] = told


class Section:
    """A titled group of fields on a form and page; also the field group of the rights matrix."""

    def __init__(self, title: type_text, *fields: str) -> None:
        self.title = title
        self.fields = fields

    @cached_property
    def key(self) -> str:
        """The name of the group in rights: its title in English."""
        from django.utils.translation import override

        with override("en"):
            return str(self.title).casefold()


@dataclass(frozen=True)
class Verb:
    """An act on one record: the function that does it, its words, and when it is offered.

    `when` names a property of the record; `asks` are the arguments that the small form must gather,
    as names of model fields or ready-made Field values; `fitting(record, user, typed)` gives those that
    this record still needs, with what it offers and suggests; `says` tells what follows from a dangerous one.
    """

    action: Callable[..., Any]
    label: type_text
    icon: str = ""
    when: str = ""
    asks: tuple[Any, ...] = ()
    fitting: Callable[..., tuple[Any, ...]] | None = None
    bulk: bool = False
    primary: bool = False
    danger: bool = False
    code: str = ""
    says: type_text = ""

    @property
    def name(self) -> str:
        """The short code in addresses and rights: `win_deal` is `win`."""
        return self.code or self.action.__name__.split("_")[0]


@dataclass(frozen=True)
class Board:
    """Columns by one reference or choice, with the sum of one money field on each head.

    `move` is the verb that takes a card to another column; its argument is named like `by`.
    `columns(user, tree)` gives a BoardLayout, `marks(rows, shown, user)` gives BoardMarks
    (krug.lists.rules.boards); `card` are the field paths shown on a card.
    """

    by: str
    total: str = ""
    card: tuple[str, ...] = ()
    move: str = ""
    columns: Callable[..., Any] | None = None
    marks: Callable[..., Any] | None = None


@dataclass(frozen=True)
class CalendarView:
    """The same list laid out over days by one date field."""

    by: str


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One entity type as data: never subclassed; where it does not suffice, write a function.

    `search` gives each path the weight of its words, `search_digits` names those where figures are looked for;
    `alike` are the columns that tell duplicates beside the name, each with its kind (krug.language.matching.comparing);
    `in_work` is the condition of what is still to be done: a ready view, and what a board shows;
    `personal` are the fields that only those see uncovered who have the right to personal data.
    """

    code: str
    model: type[Model]
    label: type_text
    plural: type_text
    visible: Visible
    columns: Known[tuple[str, ...]] = Known()
    form: tuple[Section, ...]
    new: type_text = ""
    plural_code: str = ""
    icon: str = "record"
    filters: Known[tuple[str, ...]] = Known(())
    sorts: Known[tuple[str, ...]] = Known(())
    order: Known[str] = Known("-id")
    search: Known[Mapping[str, str]] = Known(NOTHING)
    search_digits: Known[tuple[str, ...]] = Known(())
    alike: Known[Mapping[str, Any]] = Known(NOTHING)
    in_work: Mapping[str, Any] | None = None
    quick: Known[tuple[str, ...]] = Known(())
    protected: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    extra: tuple[Any, ...] = ()
    views: Known[tuple[Any, ...]] = Known(())
    verbs: tuple[Verb, ...] = ()
    page: tuple[str, ...] = ("summary", "related", "timeline")
    stands_with: tuple[str, ...] = ()
    title: str = "name"
    owner: str = "owner"
    create: Callable[..., Any] | None = None
    change: Callable[..., Any] | None = None
    archive: Callable[..., Any] | None = None
    restore: Callable[..., Any] | None = None
    guard: Callable[[Collection[str], User], None] | None = None
    menu: str = ""

    @property
    def plural_url(self) -> str:
        """The word in addresses: `deal` lives under `deals`."""
        return self.plural_code or f"{self.code}s"

    @cached_property
    def declared(self) -> dict[str, Field]:
        """The fields that the program itself gives this type, without the attributes of the company."""
        from krug.kernel.fields import fields_of

        return fields_of(self)

    @cached_property
    def as_declared(self) -> Served:
        """What the type offers without attributes."""
        from krug.kernel.attributes.serving import only_declared

        return only_declared(self)

    @property
    def everything(self) -> Served:
        """The fields of the type as the program knows them, whoever looks."""
        from krug.kernel.attributes.serving import served

        return served(self)

    @property
    def seen(self) -> Served:
        """The fields of the type as whoever looks now may know them."""
        from krug.kernel.sight import seen

        return seen(self)

    @property
    def fields(self) -> Mapping[str, Field]:
        """Every field that surfaces may know, by name, in the order of the form."""
        return self.seen.fields

    @property
    def sections(self) -> tuple[Section, ...]:
        """The groups of fields on forms and pages; also the field groups of the rights matrix."""
        return self.seen.sections

    @property
    def editable(self) -> tuple[str, ...]:
        """The names that forms, import, bulk edit and the API may write."""
        return self.seen.editable

    def field(self, path: str) -> Field:
        """The field behind a name, or behind a path such as `party__name`."""
        from krug.kernel.fields import field_at

        return field_at(self, path)

    def verb(self, name: str) -> Verb | None:
        """The verb of that short code, if there is one."""
        return next((verb for verb in self.verbs if verb.name == name), None)

    def rows_for(self, user: User) -> Any:
        """All records of this type that the user may see."""
        rows, looking = self.model._default_manager.all(), looking_back()
        return looking.seen(self, rows, user) if looking else self.visible(rows, user)

    def url(self, pk: int | None = None) -> str:
        """The address of the list, or of one record."""
        return f"/{self.plural_url}/" if pk is None else f"/{self.plural_url}/{pk}/"

    def name_of(self, record: Model) -> str:
        """What people call this record."""
        from krug.kernel.ui.names import called

        return called(record)


@dataclass(frozen=True)
class Dictionary:
    """A plain list of values, such as reasons of loss, declared in one line."""

    code: str
    model: type[Model]
    label: type_text
    plural: type_text
    plural_code: str = ""
    new: type_text = ""
