"""Numbers of Russian registers: every example and rule of spec 01, and the first two acceptance checks."""

import csv
import random

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from krug.kernel.testing.shared import shared
from krug.parties.rules.russian_ids import (
    INN_10,
    INN_11,
    INN_12,
    clean,
    inn_fault,
    kpp_fault,
    legal_form_fault,
    ogrn_fault,
    ogrnip_fault,
    okpo_fault,
    oktmo_fault,
    okved_fault,
    snils_fault,
)


def code(fault):
    return fault and fault.code


@pytest.mark.parametrize("inn", ["7707083893", "500100732259", " 7707 083893", "7707\u00a0083893", "6672238301"])
def test_a_right_inn_passes(inn):
    assert inn_fault(inn) is None


@pytest.mark.parametrize(
    ("inn", "refusal"),
    [
        ("7707083894", "INN_CHECKSUM"),
        ("500100732258", "INN_CHECKSUM"),
        ("500100732269", "INN_CHECKSUM"),
        ("0000000000", "INN_REGION"),
        ("000000000000", "INN_REGION"),
        ("770708389", "INN_LENGTH"),
        ("77070838931", "INN_LENGTH"),
        ("", "INN_LENGTH"),
        ("77070838AB", "INN_LENGTH"),
        ("٧٧٠٧٠٨٣٨٩٣x", "INN_LENGTH"),
    ],
)
def test_a_wrong_inn_is_refused(inn, refusal):
    assert code(inn_fault(inn)) == refusal


def test_each_single_digit_change_of_an_inn_is_refused():
    right = "7707083893"
    changed = [
        right[:place] + digit + right[place + 1 :]
        for place in range(10)
        for digit in "0123456789"
        if digit != right[place]
    ]
    assert len(changed) == 90
    assert [inn for inn in changed if inn_fault(inn) is None] == []


@given(st.integers(1, 99), st.integers(0, 9_999_999))
def test_an_inn_made_by_the_rule_passes_and_no_other_last_digit_does(region, rest):
    body = f"{region:02d}{rest:07d}"
    check = sum(int(digit) * weight for digit, weight in zip(body, INN_10, strict=True)) % 11 % 10
    assert [last for last in range(10) if inn_fault(f"{body}{last}") is None] == [check]


@given(st.integers(1, 99), st.integers(0, 99_999_999))
def test_a_personal_inn_made_by_the_rule_passes_and_no_other_ending_does(region, rest):
    body = f"{region:02d}{rest:08d}"
    first = sum(int(digit) * weight for digit, weight in zip(body, INN_11, strict=True)) % 11 % 10
    second = sum(int(digit) * weight for digit, weight in zip(f"{body}{first}", INN_12, strict=True)) % 11 % 10
    assert [end for end in range(100) if inn_fault(f"{body}{end:02d}") is None] == [first * 10 + second]


def test_the_numbers_of_the_shared_set_get_their_verdict():
    with shared("data/russia/requisites/inn_ogrn_valid_invalid.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if row["kind"] == "inn":
                fault = inn_fault(row["number"])
            else:
                fault = (ogrnip_fault if len(row["number"]) == 15 else ogrn_fault)(row["number"])
            # An INN of region 00 is refused by spec 01 although its check digits agree.
            right = row["valid"] == "1" and not row["number"].startswith("00")
            assert (fault is None) == right, row


@pytest.mark.parametrize("kpp", ["773601001", "7736AB001", "773643001", "997950001"])
def test_a_right_kpp_passes(kpp):
    assert kpp_fault(kpp) is None


@pytest.mark.parametrize("kpp", ["77360100", "7736010011", "77З601001", "7736-1001", "AA3601001", "77360100A", ""])
def test_a_wrong_kpp_is_refused(kpp):
    assert code(kpp_fault(kpp)) == "KPP_FORMAT"


def test_small_latin_letters_of_a_kpp_are_stored_as_capitals():
    assert clean("7736ab001") == "7736AB001"
    assert kpp_fault("7736ab001") is None


@pytest.mark.parametrize(
    ("ogrn", "refusal"),
    [
        ("1027700132195", None),
        ("1027700132196", "OGRN_CHECKSUM"),
        ("2027700132195", "OGRN_KIND"),
        ("102770013219", "OGRN_LENGTH"),
        ("304500116000157", "OGRN_LENGTH"),
    ],
)
def test_the_registry_number_of_a_company(ogrn, refusal):
    assert code(ogrn_fault(ogrn)) == refusal


@pytest.mark.parametrize(
    ("ogrnip", "refusal"),
    [
        ("304500116000157", None),
        ("320508100000121", None),
        ("304500116000158", "OGRN_CHECKSUM"),
        ("104500116000157", "OGRN_KIND"),
        ("1027700132195", "OGRN_LENGTH"),
    ],
)
def test_the_registry_number_of_a_sole_trader(ogrnip, refusal):
    assert code(ogrnip_fault(ogrnip)) == refusal


def test_a_thousand_sole_traders_with_every_remainder_pass_and_wrong_last_digits_do_not():
    chance = random.Random(165)
    wanted = dict.fromkeys(range(13), 77)
    wanted[12] = 76
    checked = 0
    while any(wanted.values()):
        body = 3 * 10**13 + chance.randrange(10**13)
        remainder = body % 13
        if not wanted[remainder]:
            continue
        wanted[remainder] -= 1
        checked += 1
        passing = [last for last in range(10) if ogrnip_fault(f"{body}{last}") is None]
        assert passing == [remainder % 10]
    assert checked == 1000


@pytest.mark.parametrize(
    ("snils", "refusal"),
    [
        ("112-233-445 95", None),
        ("11223344595", None),
        ("112-233-445 96", "SNILS_CHECKSUM"),
        ("000-000-000 00", "SNILS_CHECKSUM"),
        ("1122334459", "SNILS_LENGTH"),
    ],
)
def test_snils(snils, refusal):
    assert code(snils_fault(snils)) == refusal


def test_a_snils_whose_sum_leaves_a_hundred_ends_in_two_zeros():
    body = next(
        f"{number:09d}"
        for number in range(1_001_999, 2_000_000)
        if sum(int(digit) * (9 - place) for place, digit in enumerate(f"{number:09d}")) % 101 == 100
    )
    assert snils_fault(f"{body}00") is None


def test_codes_of_statistics():
    assert okpo_fault("00032537") is None
    assert okpo_fault("0012345678") is None
    assert code(okpo_fault("0003253")) == "OKPO_LENGTH"
    assert oktmo_fault("45382000") is None
    assert oktmo_fault("45382000000") is None
    assert code(oktmo_fault("4538200")) == "OKTMO_LENGTH"
    assert legal_form_fault("12300") is None
    assert code(legal_form_fault("123")) == "OKOPF_FORMAT"


@pytest.mark.parametrize("okved", ["62", "62.01", "46.69.9", "01.1", "46.69.91"])
def test_a_code_of_activity(okved):
    assert okved_fault(okved) is None


@pytest.mark.parametrize("okved", ["6", "62.", "62.011", "62.01.", "A.62", "62,01", "62.01.1.1"])
def test_a_wrong_code_of_activity(okved):
    assert code(okved_fault(okved)) == "OKVED_FORMAT"


def test_every_code_of_the_official_classifier_has_the_right_form():
    path = shared("data/russia/okved/okved2_rosstat_20231201.csv")
    with path.open(encoding="windows-1251", newline="") as rows:
        codes = [row[1] for row in csv.reader(rows, delimiter=";") if len(row) > 1 and row[1][:1].isdigit()]
    assert len(codes) > 2000
    assert [okved for okved in codes if okved_fault(okved)] == []


@pytest.mark.parametrize(
    ("fault", "russian", "english"),
    [
        (
            inn_fault("123"),
            "ИНН должен содержать 10 цифр (организация) или 12 (ИП, физлицо)",
            "INN must have 10 digits (company) or 12 (sole trader, person)",
        ),
        (
            inn_fault("7707083894"),
            "ИНН 7707083894: не сходится контрольная цифра, проверьте опечатку",
            "INN 7707083894: check digit does not match",
        ),
    ],
)
def test_the_messages_are_those_of_the_spec(fault, russian, english):
    with translation.override("ru"):
        assert str(fault.message) == russian
    with translation.override("en"):
        assert str(fault.message) == english


@given(st.text(max_size=20))
def test_no_text_breaks_a_check(text):
    for check in (inn_fault, kpp_fault, ogrn_fault, ogrnip_fault, snils_fault, okpo_fault, oktmo_fault, okved_fault):
        check(text)
