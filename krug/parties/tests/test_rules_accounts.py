"""Bank accounts: the key with the BIC, letters, currencies, and accounts abroad."""

import re
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from krug.kernel.testing.shared import shared
from krug.parties.rules.accounts import (
    account_currency,
    account_fault,
    bic_fault,
    bic_unknown,
    clean_account,
    correspondent_account_fault,
    iban_fault,
    swift_fault,
)

SBERBANK = "044525225"


def code(fault):
    return fault and fault.code


def test_the_examples_of_the_spec():
    assert account_fault("40602810700000000025", "049805746") is None
    assert correspondent_account_fault("30101810400000000225", SBERBANK) is None
    assert account_fault("40702810938000012345", SBERBANK) is None


def test_any_other_ninth_digit_is_refused():
    passing = [digit for digit in "0123456789" if account_fault(f"40702810{digit}38000012345", SBERBANK) is None]
    assert passing == ["9"]


@pytest.mark.parametrize(
    ("number", "bic", "refusal"),
    [
        ("4070281093800001234", SBERBANK, "ACC_LENGTH"),
        ("40702Z10938000012345", SBERBANK, "ACC_LENGTH"),
        ("40702810938000012345", "04452522", "BIC_FORMAT"),
        ("40702810938000012345", "044525226", "ACC_KEY"),
        ("", SBERBANK, "ACC_LENGTH"),
    ],
)
def test_a_wrong_account_is_refused(number, bic, refusal):
    assert code(account_fault(number, bic)) == refusal


def test_spaces_and_dots_of_a_typed_account_are_forgiven():
    assert account_fault("407 02.810.9.3800 0012345", SBERBANK) is None


def test_a_letter_in_the_sixth_place_counts_as_its_digit():
    with_digit = "40702810938000012345"
    for letter, digit in zip("ABCEHKMPTX", "0123456789", strict=True):
        lettered = with_digit[:5] + letter + with_digit[6:]
        numbered = with_digit[:5] + digit + with_digit[6:]
        assert code(account_fault(lettered, SBERBANK)) == code(account_fault(numbered, SBERBANK))
    assert account_fault("40702T10938000012345", SBERBANK) is None


def test_a_cyrillic_letter_typed_for_a_latin_one_is_mended():
    assert clean_account("40702Т10938000012345") == "40702T10938000012345"


@pytest.mark.parametrize(
    ("number", "currency"),
    [
        ("40702810938000012345", "RUB"),
        ("40702840938000012345", "USD"),
        ("40702978938000012345", "EUR"),
        ("40702156938000012345", "CNY"),
        ("40702398938000012345", "KZT"),
        ("40702933938000012345", "BYN"),
        ("40702999938000012345", None),
    ],
)
def test_the_account_says_its_currency(number, currency):
    assert account_currency(number) == currency


def with_key(number, bic):
    return next(keyed for digit in "0123456789" if account_fault(keyed := number[:8] + digit + number[9:], bic) is None)


def test_the_currency_must_agree_with_the_account():
    roubles = "40702810938000012345"
    assert account_fault(roubles, SBERBANK, currency="RUB") is None
    fault = account_fault(roubles, SBERBANK, currency="USD")
    assert (fault.code, fault.field) == ("ACC_CURRENCY", "currency")
    with translation.override("ru"):
        assert str(fault.message) == "Счёт в рублях (810), а валюта указана USD"
    with translation.override("en"):
        assert str(fault.message) == "The account is in roubles (810), but the currency given is USD"
    dollars = with_key("40702840038000012345", SBERBANK)
    assert account_fault(dollars, SBERBANK, currency="USD") is None
    with translation.override("ru"):
        assert str(account_fault(dollars, SBERBANK, currency="RUB").message) == (
            "Счёт в валюте USD (840), а валюта указана RUB"
        )
    assert code(account_fault(with_key("40702643038000012345", SBERBANK), SBERBANK, currency="RUB")) == "ACC_CURRENCY"


def test_the_message_about_the_key_is_that_of_the_spec():
    fault = account_fault("40702810838000012345", SBERBANK)
    assert fault.code == "ACC_KEY"
    with translation.override("ru"):
        assert str(fault.message) == "Номер счёта не соответствует БИК 044525225: ошибка в счёте или в БИК"


def test_a_correspondent_account_begins_with_301():
    assert code(correspondent_account_fault("40702810938000012345", SBERBANK)) == "ACC_KIND"
    wrong = correspondent_account_fault("30101810500000000225", SBERBANK)
    assert (wrong.code, wrong.field) == ("ACC_KEY", "corr_account")


def test_an_account_in_a_settlement_centre_takes_the_region_for_its_key():
    bic = "044525000"
    account = with_key("40101810000000010041", bic)
    prefix_is_region = sum(int(digit) * (7, 1, 3)[place % 3] % 10 for place, digit in enumerate("025" + account))
    assert prefix_is_region % 10 == 0


def test_real_correspondent_accounts_of_a_bank_statement_agree_with_their_bics():
    text = shared("data/russia/bank_1c/one_day.txt").read_bytes().decode("windows-1251")
    side = r"{0}Корсчет=(\d{{20}})"
    pairs = set()
    for block in text.split("СекцияДокумент")[1:]:
        for who in ("Плательщик", "Получатель"):
            account = re.search(side.format(who), block)
            bic = re.search(rf"{who}БИК=(\d{{9}})", block)
            if account and bic:
                pairs.add((account[1], bic[1]))
    assert len(pairs) >= 5
    assert [pair for pair in pairs if correspondent_account_fault(*pair)] == []


def test_the_form_of_a_bic():
    assert bic_fault(SBERBANK) is None
    assert code(bic_fault("SABRRUMM")) == "BIC_FORMAT"


def test_an_unknown_bic_names_the_day_of_the_directory():
    fault = bic_unknown(date(2026, 11, 20))
    with translation.override("ru"):
        assert str(fault.message) == "БИК не найден в справочнике Банка России от 20.11.2026"
    with translation.override("en"):
        assert str(fault.message) == "The BIC is not in the Bank of Russia directory of 20 Nov 2026"


def test_accounts_and_banks_abroad():
    assert iban_fault("DE89 3704 0044 0532 0130 00") is None
    assert code(iban_fault("DE89370400440532013001")) == "IBAN_CHECKSUM"
    assert swift_fault("SABRRUMM") is None
    assert swift_fault("DEUTDEFF500") is None
    assert code(swift_fault("SABR")) == "SWIFT_FORMAT"


@given(st.text(alphabet="0123456789", min_size=20, max_size=20), st.integers(0, 999_999))
def test_one_key_digit_of_ten_fits(number, rest):
    bic = f"044{rest:06d}"
    fitting = [digit for digit in "0123456789" if account_fault(number[:8] + digit + number[9:], bic) is None]
    assert len(fitting) == 1
