"""What a rude newcomer types: each is refused in words that say what is taken, in both languages, or read as meant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from krug.kernel.fields import DateField, FieldFault, IntegerField, MoneyField, Reading, TextField

DAY = DateField(name="day", label="day")
SUM = MoneyField(name="sum", label="sum", least=0)
COUNT = IntegerField(name="count", label="count")
NAME = TextField(name="name", label="name", max_length=200)

REFUSED: tuple[tuple[Any, str, str, str], ...] = (
    (DAY, "9999-12-31", "years from 1900 to 2999", "годы с 1900 по 2999"),
    (DAY, "10000-01-01", "years from 1900 to 2999", "годы с 1900 по 2999"),
    (DAY, "0001-01-01", "years from 1900 to 2999", "годы с 1900 по 2999"),
    (DAY, "31.12.1899", "years from 1900 to 2999", "годы с 1900 по 2999"),
    (DAY, "in 99999999 weeks", "years from 1900 to 2999", "годы с 1900 по 2999"),
    (DAY, "31.02.2026", "February 2026 has 28 days", "февраль 2026 года кончается 28-м числом"),
    (DAY, "32 мая 2026", "May 2026 has 31 days", "май 2026 года кончается 31-м числом"),
    (DAY, "завтра или никогда", "Write it like 21.11.2026", "Напишите, например, 21.11.2026"),
    (DAY, "\U0001f600", "Write it like 21.11.2026", "Напишите, например, 21.11.2026"),
    (SUM, "-5", "not less than 0", "не меньше 0"),
    (SUM, "1e400", "Enter a number", "Введите число"),
    (SUM, "NaN", "Enter a number", "Введите число"),
    (SUM, "1" * 40, "less than 10", "меньше 10"),
    (SUM, "0.001", "at most 2", "не больше 2"),
    (COUNT, "--5", "Enter a whole number", "Введите целое число"),
    (COUNT, "1e5", "Enter a whole number", "Введите целое число"),
    (COUNT, "1" * 5000, "to 2147483647", "до 2147483647"),
    (NAME, "a\x00b", "Remove the control characters", "Уберите из текста управляющие знаки"),
    (NAME, "\ud800", "Remove the control characters", "Уберите из текста управляющие знаки"),
    (NAME, "x" * 201, "201 characters, 200 are allowed", "знаков 201, допустимо 200"),
)


def reading(user: Any, language: str) -> Reading:
    return Reading(user=user, today=date(2026, 12, 1), language=language)


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "typed", "english", "russian"), REFUSED)
def test_what_is_refused_says_what_is_taken_in_both_languages(field, typed, english, russian, gleb):
    for language, words in (("en", english), ("ru", russian)):
        with translation.override(language), pytest.raises(FieldFault) as no:
            field.parse(typed, reading(gleb, language))
        with translation.override(language):
            assert words in str(no.value.message)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        (DAY, "1.12.26", date(2026, 12, 1)),
        (DAY, "2999-12-31", date(2999, 12, 31)),
        (SUM, "1\u00a0234,50", Decimal("1234.50")),
        (COUNT, "\u22127", -7),
        (NAME, "\u202a+7 999 123-45-67\u202c", "+7 999 123-45-67"),
        (NAME, "Иван\u202eвонавИ", "ИванвонавИ"),
        (NAME, "\U0001f469\u200d\U0001f4bb Анна", "\U0001f469\u200d\U0001f4bb Анна"),
    ],
)
def test_what_can_be_meant_is_read(field, typed, read, gleb):
    assert field.parse(typed, reading(gleb, "ru")) == read
