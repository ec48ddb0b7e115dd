"""Counts, measures and money; always exact, never floating."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from krug.kernel.fields.base import Cell, Field, FieldFault, Reading
from krug.kernel.phrases import phrase

COMPARISONS = ("eq", "ne", "lt", "lte", "gt", "gte", "in", "not_in", "empty", "not_empty")


@dataclass(frozen=True, kw_only=True)
class IntegerField(Field):
    """A whole number."""

    kind: ClassVar[str] = "integer"
    operators: ClassVar[tuple[str, ...]] = COMPARISONS
    numeric: ClassVar[bool] = True
    least: int = -2_147_483_648
    most: int = 2_147_483_647

    def parse(self, raw: Any, reading: Reading) -> Any:
        text = str(raw).replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("\u2212", "-")
        if isinstance(raw, bool) or not re.fullmatch(r"-?[0-9]+", text):
            raise FieldFault(_("Enter a whole number, for example 12."), code="NOT_A_NUMBER")
        value = int(re.sub(r"^(-?)0+(?=[0-9])", r"\1", text)[:40])
        if not self.least <= value <= self.most:
            raise FieldFault(
                _("Enter a number from %(least)s to %(most)s.") % {"least": self.least, "most": self.most},
                code="OUT_OF_RANGE",
            )
        return value

    def show(self, value: Any, language: str) -> str:
        from krug.kernel.ui import formats

        return "" if value is None else formats.number(value, language)


@dataclass(frozen=True, kw_only=True)
class DecimalField(Field):
    """A number with a fixed count of decimals."""

    kind: ClassVar[str] = "decimal"
    operators: ClassVar[tuple[str, ...]] = COMPARISONS
    numeric: ClassVar[bool] = True
    digits: int = 18
    places: int = 2
    least: Decimal | int | None = None
    most: Decimal | int | None = None

    def parse(self, raw: Any, reading: Reading) -> Any:
        from krug.kernel.money import LIMIT, NumberTooLarge, parse_amount

        try:
            read = raw if isinstance(raw, Decimal) else parse_amount(str(raw))
        except NumberTooLarge:
            read = LIMIT
        except (InvalidOperation, ValueError, ArithmeticError):
            read = Decimal("NaN")
        limit = Decimal(10) ** (self.digits - self.places)
        if read.is_finite() and abs(read) >= limit:
            said = _("This number is too large: it must be less than %(limit)s.")
            raise FieldFault(phrase(said, limit=limit), code="NUMBER_TOO_LARGE")
        value = read.quantize(Decimal(1).scaleb(-self.places)) if self.fits(read) else None
        if value is None and read.is_finite():
            said = _("Too many digits after the point: at most %(places)s are kept.") % {"places": self.places}
            whole = _("Enter a whole number, for example 12.")
            raise FieldFault(said if self.places else whole, code="TOO_MANY_DECIMALS")
        if value is None or isinstance(raw, bool):
            raise FieldFault(_("Enter a number, for example 1 234.50."), code="NOT_A_NUMBER")
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            said = _("Enter a number not less than %(least)s.")
            between = _("Enter a number from %(least)s to %(most)s.")
            raise FieldFault((said if self.most is None else between) % vars(self), code="OUT_OF_RANGE")
        return value

    def fits(self, value: Decimal) -> bool:
        """Whether the number is finite, not too long and has no more decimals than are kept."""
        if not value.is_finite() or abs(value) >= Decimal(10) ** (self.digits - self.places):
            return False
        exponent = value.normalize().as_tuple().exponent
        return isinstance(exponent, int) and -exponent <= self.places

    def show(self, value: Any, language: str) -> str:
        from krug.kernel.ui import formats

        return "" if value is None else formats.number(value, language)

    def json(self, value: Any) -> Any:
        return None if value is None else str(value)


@dataclass(frozen=True, kw_only=True)
class MoneyField(DecimalField):
    """An amount whose currency stands in the column beside it."""

    kind: ClassVar[str] = "money"
    currency_at: str = "currency"

    def paths(self) -> tuple[str, ...]:
        return (self.at, self.currency_at)

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        from krug.kernel.ui import formats

        value = row.get(self.at)
        text = "" if value is None else formats.money(value, row.get(self.currency_at) or "RUB", language)
        return Cell(text, kind=self.kind, value=value)
