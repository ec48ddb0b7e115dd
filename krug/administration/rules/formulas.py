"""Formulas over the fields of one record: a small arithmetic of our own, read by Python's grammar and never run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Expression, Func, Value
from django.db.models.functions import NullIf
from django.utils.translation import gettext as _

from krug.kernel.errors import Refusal

LONGEST = 500
DEEPEST = 20
MOST_PARTS = 60
SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
RESULT = DecimalField(max_digits=38, decimal_places=6)
SQL: Mapping[str, tuple[str, int, int]] = {
    "round": ("round((%(expressions)s)::numeric)", 1, 1),
    "abs": ("abs(%(expressions)s)", 1, 1),
    "min": ("least(%(expressions)s)", 2, 9),
    "max": ("greatest(%(expressions)s)", 2, 9),
    "first": ("coalesce(%(expressions)s)", 2, 9),
    "today": ("", 0, 0),
}
TODAY = "today()"


def names_in(formula: str) -> set[str]:
    """The fields that a formula reads."""
    return {node.id for node in _parts(_read(formula), 0, formula) if isinstance(node, ast.Name)}


def compiled(formula: str, value: Callable[[str], Expression]) -> Expression:
    """The formula as an expression of the database; a division by nothing gives nothing."""
    return _compiled(_read(formula), value, 0)


def recipe(formula: str, leaf: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The formula as data, which the database turns into its own arithmetic whenever a row changes."""
    return _recipe(_read(formula), leaf)


def _recipe(node: ast.expr, leaf: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    if isinstance(node, ast.Name):
        return leaf(node.id)
    if isinstance(node, ast.Constant):
        return {"k": "number", "n": str(Decimal(str(node.value)))}
    if isinstance(node, ast.UnaryOp):
        return {"k": "minus" if isinstance(node.op, ast.USub) else "plus", "of": [_recipe(node.operand, leaf)]}
    if isinstance(node, ast.Call) and not node.args:
        return leaf(TODAY)
    if isinstance(node, ast.Call):
        return {"k": node.func.id, "of": [_recipe(part, leaf) for part in node.args]}  # type: ignore[attr-defined]  # only names are let through
    assert isinstance(node, ast.BinOp)
    return {"k": SIGNS[type(node.op)], "of": [_recipe(node.left, leaf), _recipe(node.right, leaf)]}


def _read(formula: str) -> ast.expr:
    if len(formula) > LONGEST:
        raise Refusal(_("A formula may have at most %(count)s characters.") % {"count": LONGEST}, field="formula")
    try:
        body = ast.parse(formula, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        place = fault.offset or 1 if isinstance(fault, SyntaxError) else 1
        raise Refusal(
            _("The formula can not be read here: “%(part)s”. Write it like this: [Amount] * 0.1")
            % {"part": formula[max(place - 1, 0) :][:20] or formula[-20:]},
            field="formula",
        ) from fault
    if sum(1 for _node in ast.walk(body)) > MOST_PARTS * 3:
        raise Refusal(_("The formula is too long."), field="formula")
    for _checked in _parts(body, 0, formula):
        pass
    return body


def _parts(node: ast.expr, depth: int, formula: str) -> Iterator[ast.expr]:
    """Every part of a formula; anything but numbers, names, + − × ÷, brackets and the known functions is refused."""
    inside: tuple[ast.expr, ...] = ()
    if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
        inside = (node.left, node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inside = (node.operand,)
    elif isinstance(node, ast.Call):
        inside = _arguments(node)
    elif not (isinstance(node, ast.Name) or _is_number(node)):
        raise Refusal(
            _("A formula holds fields in brackets, numbers, functions and the signs + − × ÷ ( ), not “%(part)s”.")
            % {"part": (ast.get_source_segment(formula, node) or "")[:30]},
            field="formula",
        )
    if depth > DEEPEST:
        raise Refusal(_("The formula is too long."), field="formula")
    yield node
    for part in inside:
        yield from _parts(part, depth + 1, formula)


def _arguments(node: ast.Call) -> tuple[ast.expr, ...]:
    """What stands in the brackets of a function, if it is known and has as many parts as it needs."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    _template, least, most = SQL.get(name, ("", 0, -1))
    if node.keywords or not least <= len(node.args) <= most:
        known = ", ".join(sorted(SQL))
        raise Refusal(
            _("“%(name)s” is no function here, or its brackets hold too few or too many parts. Known are: %(known)s.")
            % {"name": name or "?", "known": known},
            field="formula",
        )
    return tuple(node.args)


def _is_number(node: ast.expr) -> bool:
    is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return is_number and abs(node.value) < 10**15  # type: ignore[attr-defined]  # only constants come so far


def _compiled(node: ast.expr, value: Callable[[str], Expression], depth: int) -> Expression:
    if isinstance(node, ast.Name):
        return value(node.id)
    if isinstance(node, ast.Constant):
        return Func(Value(Decimal(str(node.value))), template="(%(expressions)s)::numeric", output_field=RESULT)
    if isinstance(node, ast.UnaryOp):
        sign = "-" if isinstance(node.op, ast.USub) else "+"
        inner = _compiled(node.operand, value, depth + 1)
        return Func(inner, template=f"({sign}%(expressions)s)", output_field=RESULT)
    if isinstance(node, ast.Call) and not node.args:
        return value(TODAY)
    if isinstance(node, ast.Call):
        parts = [_compiled(part, value, depth + 1) for part in _arguments(node)]
        return Func(*parts, template=SQL[node.func.id][0], arg_joiner=", ", output_field=RESULT)  # type: ignore[attr-defined]  # only names are let through
    assert isinstance(node, ast.BinOp)
    left, right = (_compiled(part, value, depth + 1) for part in (node.left, node.right))
    if isinstance(node.op, ast.Div):
        right = NullIf(right, Value(Decimal(0)), output_field=RESULT)
    return Func(left, right, template="(%(expressions)s)", arg_joiner=f" {SIGNS[type(node.op)]} ", output_field=RESULT)
