"""A number that can not be kept is refused with the reason: how many decimals, how large, how small."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from krug.kernel.fields import FieldFault
from krug.kernel.fields.number import DecimalField, IntegerField
from krug.kernel.registry import get_entity
from krug.sales.testing import make_deal

HERE: Any = SimpleNamespace(user=None, language="en")


def refusal(field: Any, typed: str, language: str = "en") -> tuple[str, str]:
    with translation.override(language), pytest.raises(FieldFault) as no:
        field.parse(typed, HERE)
    return no.value.code, str(no.value.message)


SUM = DecimalField(name="sum", label="", digits=8, places=2)
SHARE = DecimalField(name="share", label="", digits=8, places=0)
COUNT = IntegerField(name="count", label="", least=1, most=9)


@pytest.mark.parametrize(
    ("field", "typed", "code", "said"),
    [
        (SUM, "1 234,567", "TOO_MANY_DECIMALS", "Too many digits after the point: at most 2 are kept."),
        (SHARE, "1,5", "TOO_MANY_DECIMALS", "Enter a whole number, for example 12."),
        (SUM, "1 000 000", "NUMBER_TOO_LARGE", "This number is too large: it must be less than 1,000,000."),
        (SUM, "much", "NOT_A_NUMBER", "Enter a number, for example 1 234.50."),
        (COUNT, "10", "OUT_OF_RANGE", "Enter a number from 1 to 9."),
        (COUNT, "1.5", "NOT_A_NUMBER", "Enter a whole number, for example 12."),
    ],
)
def test_the_reason_stands_in_the_message(field, typed, code, said):
    assert refusal(field, typed) == (code, said)


@pytest.mark.parametrize(("typed", "read"), [("000000000000000000007", 7), ("0", 0), ("-0007", -7), ("007", 7)])
def test_zeros_before_a_count_change_nothing(typed, read):
    assert IntegerField(name="count", label="").parse(typed, HERE) == read


def test_a_count_that_is_longer_than_any_is_out_of_range_and_no_shorter_one():
    wide = IntegerField(name="count", label="", least=-(2**63), most=2**63 - 1)
    assert refusal(wide, "-1" + "0" * 30)[0] == refusal(wide, "9" * 5_000)[0] == "OUT_OF_RANGE"


def test_the_reason_is_said_in_russian_too():
    assert refusal(SUM, "1,234", "ru")[1] == "Слишком много знаков после запятой: хранится не больше 2."


def test_a_number_with_no_more_decimals_than_are_kept_is_kept():
    assert SUM.parse("1 234,50", HERE) == Decimal("1234.50")


def test_a_column_of_counts_says_its_range_by_itself(db):
    code, said = refusal(get_entity("party").fields["employees"], "-5")
    assert (code, said) == ("OUT_OF_RANGE", "Enter a number from 0 to 2147483647.")


@pytest.mark.parametrize(
    ("language", "field", "typed", "said"),
    [
        ("en", "amount", "-5", "Enter a number not less than 0."),
        ("ru", "amount", "-5", "Введите число не меньше 0."),
        ("en", "probability_override", "150", "Enter a number from 0 to 100."),
        ("ru", "probability_override", "150", "Введите число от 0 до 100."),
    ],
)
def test_what_the_table_forbids_is_said_at_its_field_with_the_range(
    anna, client, happened, language, field, typed, said
):
    client.force_login(anna)
    anna.language = language
    anna.save()
    deal, before = make_deal(owner=anna), happened()
    kept = getattr(deal, field)
    before = happened()
    answer = client.post(f"/deals/{deal.pk}/edit/", {"name": deal.name, "party": deal.party_id, field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page[page.index(f'id="f-{field}-error"') :][:400]
    assert f'value="{typed}"' in page
    deal.refresh_from_db()
    assert (getattr(deal, field), happened()) == (kept, before)
