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
    """Several of the known conditions, ticked in words; files and programs name them by codes or words."""

    kind: ClassVar[str] = "choices"
    operators: ClassVar[tuple[str, ...]] = ()
    several: ClassVar[bool] = True
    choices: ClassVar[tuple[tuple[str, Any], ...]] = tuple((code, item.label) for code, item in CRITERIA.items())

    @property
    def empty(self) -> Any:
        return []

    def parse(self, raw: Any, reading: Reading) -> Any:
        given = raw if isinstance(raw, (list, tuple)) else str(raw).split(",")
        return list(dict.fromkeys(_condition(text) for text in (str(part).strip() for part in given) if text))

    def show(self, value: Any, language: str) -> str:
        codes = [value] if isinstance(value, str) else value or ()
        return ", ".join(str(CRITERIA[code].label) for code in codes if code in CRITERIA)

    def raw(self, value: Any) -> str:
        return value if isinstance(value, str) else ",".join(value or ())

    def json(self, value: Any) -> Any:
        return list(value or ())


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


def _condition(text: str) -> str:
    by_words = {str(item.label).casefold(): code for code, item in CRITERIA.items()}
    code = text if text in CRITERIA else by_words.get(text.casefold())
    if code is None:
        known = ", ".join(str(item.label) for item in CRITERIA.values())
        raise FieldFault(
            _("“%(text)s” is no known condition. Known are: %(known)s.") % {"text": text[:60], "known": known},
            code="CONDITION_UNKNOWN",
        )
    return code


def _work(line: str) -> dict[str, Any]:
    match = DAYS.match(line)
    return {"name": match["name"][:300], "days": int(match["days"])} if match else {"name": line[:300]}
