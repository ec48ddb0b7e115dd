"""Formulas over the fields of one record: a small arithmetic of our own, read by Python's grammar and never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from django.db.models import DecimalField, Expression, Func, Value
from django.db.models.functions import NullIf
from django.utils.translation import gettext as _

from krug.kernel.errors import Refusal

LONGEST = 500
DEEPEST = 20
MOST_PARTS = 60
NAMED = re.compile(r"\[([^\[\]]{1,80})\]")
SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
RESULT = DecimalField(max_digits=38, decimal_places=6)


def normalised(text: str, names: Mapping[str, str]) -> str:
    """The formula with the names of fields in the place of the labels that people write in brackets."""
    if len(text) > LONGEST:
        raise Refusal(_("A formula may have at most %(count)s characters.") % {"count": LONGEST}, field="formula")

    def named(found: re.Match[str]) -> str:
        label = found.group(1).strip()
        name = names.get(label.casefold())
        if name is None:
            raise Refusal(
                _("There is no number, sum or date called “%(name)s” here.") % {"name": label}, field="formula"
            )
        return f" {name} "

    signs = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})
    text = re.sub(r"(?<=\d),(?=\d)", ".", NAMED.sub(named, text.translate(signs)))
    return " ".join(text.split())


def spoken(formula: str, labels: Mapping[str, str]) -> str:
    """The formula as people write it, with the labels of the fields."""
    return re.sub(r"[a-z_][a-z0-9_]*", lambda name: f"[{labels.get(name.group(), name.group())}]", formula)


def names_in(formula: str) -> set[str]:
    """The fields that a formula reads."""
    return {node.id for node in ast.walk(_read(formula)) if isinstance(node, ast.Name)}


def compiled(formula: str, value: Callable[[str], Expression]) -> Expression:
    """The formula as an expression of the database; a division by nothing gives nothing."""
    return _compiled(_read(formula), value, 0)


def _read(formula: str) -> ast.expr:
    if len(formula) > LONGEST:
        raise Refusal(_("A formula may have at most %(count)s characters.") % {"count": LONGEST}, field="formula")
    try:
        body = ast.parse(formula, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        raise Refusal(_("The formula can not be read. Write it like this: [Amount] * 0.1"), field="formula") from fault
    if sum(1 for _node in ast.walk(body)) > MOST_PARTS * 3:
        raise Refusal(_("The formula is too long."), field="formula")
    for _checked in _parts(body, 0):
        pass
    return body


def _parts(node: ast.expr, depth: int) -> Iterator[ast.expr]:
    """Every part of a formula; anything but numbers, names, + − × ÷ and brackets is refused."""
    inside: tuple[ast.expr, ...] = ()
    if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
        inside = (node.left, node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inside = (node.operand,)
    elif not (isinstance(node, ast.Name) or _is_number(node)):
        raise Refusal(_("A formula may hold fields in brackets, numbers and the signs + − × ÷ ( )."), field="formula")
    if depth > DEEPEST:
        raise Refusal(_("The formula is too long."), field="formula")
    yield node
    for part in inside:
        yield from _parts(part, depth + 1)


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
    assert isinstance(node, ast.BinOp)
    left, right = (_compiled(part, value, depth + 1) for part in (node.left, node.right))
    if isinstance(node.op, ast.Div):
        right = NullIf(right, Value(Decimal(0)), output_field=RESULT)
    return Func(left, right, template="(%(expressions)s)", arg_joiner=f" {SIGNS[type(node.op)]} ", output_field=RESULT)
