"""Values that stand nowhere else, put into the fields of a record, so that one can see where they come out again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import DataError, IntegrityError, InternalError, connection, models, transaction

from krug.kernel.entity import Entity

WORD = "Щукарёвск"
NUMBER = 7_654_321
DAY = date(1931, 7, 19)
SIGNS = (WORD.casefold(), "7654321", "7 654 321", "7 654 321", "7,654,321", "765 432", "19.07.1931", "1931-07-19",
         "19 июля 1931", "Jul 19, 1931", "19 July 1931", "July 19, 1931")  # fmt: skip


def release(entity: Entity, record: Any, names: Iterable[str]) -> list[str]:
    """Put a canary into each of these columns that can hold one; tells which."""
    filled = []
    for name in names:
        column = next((each for each in entity.model._meta.concrete_fields if each.name == name), None)
        value = _canary(column)
        if value is None:
            continue
        try:
            with transaction.atomic():
                entity.model._default_manager.filter(pk=record.pk).update(**{name: value})
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except (IntegrityError, DataError, InternalError):
            continue
        filled.append(name)
    return filled


def _canary(column: Any) -> Any:
    if column is None or column.choices or column.is_relation or isinstance(column, models.BooleanField):
        return None
    if isinstance(column, models.DecimalField):
        return Decimal(NUMBER) if column.max_digits - column.decimal_places >= 7 else None
    if isinstance(column, models.IntegerField):
        return NUMBER if not isinstance(column, models.SmallIntegerField) else None
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        return DAY
    if isinstance(column, (models.CharField, models.TextField)) and (column.max_length or 99) >= len(WORD):
        return WORD
    return None


def signs_in(text: str) -> list[str]:
    """The canaries that sing in a text."""
    plain = text.casefold().replace("\xa0", " ").replace("\u202f", " ").replace("&nbsp;", " ")
    return [sign for sign in SIGNS if sign.casefold() in plain]
