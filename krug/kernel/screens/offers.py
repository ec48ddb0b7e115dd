"""What a rung above the kernel gives to every type at once: screens, calls of the API, links in the menus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpResponse

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading

Place = Literal["views", "files", "record", "ticked", "timeline"]


def every_type(entity: Entity) -> bool:
    """What is offered fits whatever is registered."""
    return True


@dataclass(frozen=True)
class Screen:
    """A page beside the list of a type, or beside a record: the last word of its address, and what right opens it."""

    word: str
    screen: Callable[..., HttpResponse]
    right: str
    of_record: bool = False
    fits: Callable[[Entity], bool] = every_type


@dataclass(frozen=True)
class Call:
    """An act on a record by the API, `act(entity, pk, sent, by=user)`; it is answered with the record."""

    word: str
    summary: Any
    body: Mapping[str, Any]
    act: Callable[..., Any]
    fits: Callable[[Entity], bool] = every_type


@dataclass(frozen=True)
class Asked:
    """What a program asks: for which type, by whom, with which parameters, and what it sent."""

    reading: Reading
    parameters: Mapping[str, str]
    sent: dict[str, Any]
    number: int = 0
    entity: Entity | None = None


@dataclass(frozen=True)
class Operation:
    """A call of the API of its own: `act(asked)` gives what is answered.

    With `fits` it stands below each type that it fits; `{number}` in the path is a number. `parameters` are the
    shapes of what the address may carry, `body` of what is sent, `shown` of the answer, which with `gives_file` is an
    answer by itself. With `takes_files` a form with files is sent; the files come as `files`.
    """

    path: str
    summary: Any
    act: Callable[[Asked], Any]
    shown: Mapping[str, Any]
    method: str = "GET"
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    body: Callable[[Entity | None], Mapping[str, Any]] | None = None
    status: int = 200
    fits: Callable[[Entity], bool] | None = None
    code: str = ""
    takes_files: bool = False
    gives_file: bool = False


@dataclass(frozen=True)
class Link:
    """One line of a menu; on a timeline it says at which line it stands."""

    label: str
    url: str
    icon: str
    at: str = ""


_screens: list[Screen] = []
_calls: list[Call] = []
_operations: list[Operation] = []
_links: dict[Place, list[Callable[..., list[Link]]]] = {}


def offer(*given: Screen | Call | Operation) -> None:
    """Give each type that it fits a screen or a call, the API an operation; said once, when the application starts."""
    _screens.extend(each for each in given if isinstance(each, Screen))
    _calls.extend(each for each in given if isinstance(each, Call))
    _operations.extend(each for each in given if isinstance(each, Operation))


def offer_links(place: Place, function: Callable[..., list[Link]]) -> None:
    """Put lines into the menus of a list (`function(entity, state, user)`), of a record (`function(page)`), beside
    ticked records (`function(entity, ids, user)`), or lines of a timeline (`function(entity, lines, user)`)."""
    _links.setdefault(place, []).append(function)


def screens_for(entity: Entity, *, of_record: bool) -> list[Screen]:
    """The screens given to this type."""
    return [each for each in _screens if each.of_record is of_record and each.fits(entity)]


def calls_for(entity: Entity) -> list[Call]:
    """The calls given to this type."""
    return [each for each in _calls if each.fits(entity)]


def operations_for(entity: Entity | None) -> list[Operation]:
    """The operations that stand below this type, or those that belong to none."""
    if entity is None:
        return [each for each in _operations if each.fits is None]
    return [each for each in _operations if each.fits is not None and each.fits(entity)]


def links_at(place: Place, *told: Any) -> list[Link]:
    """The lines of one menu."""
    return [link for function in _links.get(place, ()) for link in function(*told)]
