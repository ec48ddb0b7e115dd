"""Conditions and usual works of a stage as people write them into its form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from krug.kernel.fields import FieldFault, LongTextField, Reading, TextField
from krug.sales.rules.criteria import CRITERIA

DAYS = re.compile(r"^(?P<name>.+?)\s*[;|]\s*(?P<days>\d{1,3})\s*$")
MOST_WORKS = 20


@dataclass(frozen=True, kw_only=True)
class ConditionsField(TextField):
    """Several of the known conditions, by their codes or words, divided by commas."""

    operators: ClassVar[tuple[str, ...]] = ()

    @property
    def empty(self) -> Any:
        return []

    def parse(self, raw: Any, reading: Reading) -> Any:
        by_words = {str(item.label).casefold(): code for code, item in CRITERIA.items()}
        found = []
        for part in filter(None, (part.strip() for part in super().parse(raw, reading).split(","))):
            code = part if part in CRITERIA else by_words.get(part.casefold())
            if code is None:
                raise FieldFault(
                    _("“%(text)s” is no known condition. Known are: %(known)s.")
                    % {"text": part[:60], "known": ", ".join(CRITERIA)},
                    code="CONDITION_UNKNOWN",
                )
            found.append(code)
        return list(dict.fromkeys(found))

    def show(self, value: Any, language: str) -> str:
        return ", ".join(str(CRITERIA[code].label) for code in value or () if code in CRITERIA)

    def raw(self, value: Any) -> str:
        return ", ".join(value or ())

    def json(self, value: Any) -> Any:
        return self.raw(value)


@dataclass(frozen=True, kw_only=True)
class UsualWorksField(LongTextField):
    """One usual work a line, with its days after a semicolon."""

    operators: ClassVar[tuple[str, ...]] = ()

    @property
    def empty(self) -> Any:
        return []

    def parse(self, raw: Any, reading: Reading) -> Any:
        lines = [line.strip() for line in super().parse(raw, reading).splitlines() if line.strip()]
        if len(lines) > MOST_WORKS:
            raise FieldFault(_("A stage plans at most %(count)s works.") % {"count": MOST_WORKS}, code="TOO_MANY")
        return [_work(line) for line in lines]

    def show(self, value: Any, language: str) -> str:
        return self.raw(value)

    def raw(self, value: Any) -> str:
        return "\n".join(f"{one['name']}; {one['days']}" if one.get("days") else one["name"] for one in value or ())

    def json(self, value: Any) -> Any:
        return self.raw(value)


def _work(line: str) -> dict[str, Any]:
    match = DAYS.match(line)
    return {"name": match["name"][:300], "days": int(match["days"])} if match else {"name": line[:300]}
