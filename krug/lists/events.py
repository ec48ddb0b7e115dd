"""What is told of lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from krug.access.models import Role
from krug.kernel.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class FirstViewSet(Event):
    """The list of a type opens with another view for everybody of a role."""

    phrase: ClassVar[Any] = _("A list opens first with the view “%(view)s”: %(entity)s")
    icon: ClassVar[str] = "list"

    role: Role
    view: str
    entity: str


@dataclass(frozen=True, kw_only=True)
class FirstViewTaken(Event):
    """A view is no longer the first of a role."""

    phrase: ClassVar[Any] = _("A list no longer opens first with the view “%(view)s”: %(entity)s")
    icon: ClassVar[str] = "list"

    role: Role
    view: str
    entity: str
