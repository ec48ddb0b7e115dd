"""The next step of each deal, so that lists show it, or the mark that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar

from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.activities.models import Task
from krug.kernel.fields import Cell, TextField
from krug.kernel.registry import get_entity
from krug.kernel.ui import formats
from krug.kernel.visibility import holds

NAME = "next_step"


@dataclass(frozen=True, kw_only=True)
class StepField(TextField):
    """The nearest open task about the deal; worked out, never typed."""

    operators: ClassVar[tuple[str, ...]] = ("empty", "not_empty")
    side: ClassVar[str] = "wide"

    def paths(self) -> tuple[str, ...]:
        return ()

    def worked_out(self, user: User) -> dict[str, Any]:
        planned = Task.objects.open().filter(about_entity="deal", about_id=OuterRef("pk"))
        known = get_entity("task").rows_for(user).open().filter(about_entity="deal", about_id=OuterRef("pk")).by_day()
        nearest = known.values(said=JSONObject(name="name", on="due_on", at="due_time"))[:1]
        return {
            NAME: JSONObject(
                state=F("state"), planned=ExpressionWrapper(holds(planned), BooleanField()), step=Subquery(nearest)
            )
        }

    def show(self, value: Any, language: str) -> str:
        step = (value or {}).get("step")
        if not step:
            return ""
        on = date.fromisoformat(step["on"]) if step["on"] else None
        return step_words(step["name"], on, time.fromisoformat(step["at"]) if step["at"] else None)

    def json(self, value: Any) -> Any:
        step = (value or {}).get("step")
        return step["name"] if step else None

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        value = row.get(NAME)
        if value and value["state"] == "open" and not value["planned"]:
            return Cell(gettext("no next step"), kind=self.kind, tone="missing")
        return Cell(self.show(value, language), kind=self.kind)

    def empty_condition(self, is_empty: bool) -> Q:
        planned = Task.objects.open().filter(about_entity="deal", about_id__isnull=False).values("about_id")
        found = Q(**{f"{self.at.removesuffix(NAME)}pk__in": planned})
        return ~found if is_empty else found


def step_words(name: str, on: date | None, at: time | None) -> str:
    """A step with its day and hour, as boards and lists show it."""
    return f"{formats.date(on) if on else ''}{f' {at:%H:%M}' if at else ''} {name}".strip()


NEXT_STEP = StepField(name=NAME, label=_("next step"), editable=False)
