"""Which requisites belong to whom, and that a set of them is judged as a whole."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import translation

from krug.parties.rules.foreign_ids import ForeignTaxId, foreign_tax_id_fault, gln_fault, kazakhstan_fault, lei_fault
from krug.parties.rules.kinds import RequisiteValues, block_in_xml, check_requisites, is_only_missing, values_of
from krug.parties.rules.versions import Period, overlap_fault

SBERBANK = RequisiteValues(inn="7707083893", kpp="773601001", ogrn="1027700132195")


def codes(kind, values, **more):
    return [fault.code for fault in check_requisites(kind, values, **more)]


@pytest.mark.parametrize("kind", ["legal", "public_body", "branch"])
def test_a_company_with_its_numbers_is_right(kind):
    assert codes(kind, SBERBANK) == []


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("legal", RequisiteValues(inn="7707083893"), ["KPP_REQUIRED"]),
        ("legal", RequisiteValues(), ["INN_REQUIRED", "KPP_REQUIRED"]),
        ("legal", RequisiteValues(inn="500100732259", kpp="773601001"), ["INN_KIND"]),
        ("legal", RequisiteValues(inn="7707083893", kpp="773601001", ogrn="304500116000157"), ["OGRN_LENGTH"]),
        ("sole_trader", RequisiteValues(inn="500100732259", ogrn="304500116000157"), []),
        ("sole_trader", RequisiteValues(inn="7707083893"), ["INN_KIND"]),
        ("sole_trader", RequisiteValues(inn="500100732259", kpp="773601001"), ["KPP_NOT_ALLOWED"]),
        ("sole_trader", RequisiteValues(inn="500100732259", ogrn="1027700132195"), ["OGRN_LENGTH"]),
        ("person", RequisiteValues(), []),
        ("person", RequisiteValues(inn="500100732259"), []),
        ("person", RequisiteValues(inn="500100732259", ogrn="304500116000157"), ["OGRN_NOT_ALLOWED"]),
        ("self_employed", RequisiteValues(inn="7707083893", kpp="773601001"), ["INN_KIND", "KPP_NOT_ALLOWED"]),
        ("foreign_legal", RequisiteValues(), []),
        ("foreign_legal", RequisiteValues(inn="7707083893", kpp="773651001"), ["INN_KIND"]),
        ("foreign_legal", RequisiteValues(inn="9909083895"), ["KPP_REQUIRED"]),
        (
            "legal",
            RequisiteValues(inn="7707083893", kpp="773601001", okpo="1", oktmo="2"),
            ["OKPO_LENGTH", "OKTMO_LENGTH"],
        ),
        (
            "legal",
            RequisiteValues(inn="7707083893", kpp="773601001", okved_main="62.01", okved_extra=("6",)),
            ["OKVED_FORMAT"],
        ),
    ],
)
def test_each_kind_has_its_own_requisites(kind, values, expected):
    found = codes(kind, values)
    if values.inn == "9909083895":
        found = [code for code in found if code != "INN_CHECKSUM"]
    assert found == expected


def test_a_foreign_company_registered_in_russia_has_an_inn_of_9909():
    inn = next(
        f"990908389{last}"
        for last in range(10)
        if "INN_CHECKSUM" not in codes("foreign_legal", RequisiteValues(inn=f"990908389{last}"))
    )
    registered = RequisiteValues(inn=inn, kpp="773651001")
    assert codes("foreign_legal", registered) == []
    assert block_in_xml("foreign_legal", registered) == "СвЮЛУч"
    assert block_in_xml("foreign_legal", RequisiteValues()) == "СвИнНеУч"
    assert block_in_xml("sole_trader", RequisiteValues()) == "СвИП"


def test_a_branch_shares_the_inn_of_its_head_and_has_its_own_kpp():
    branch = RequisiteValues(inn="7707083893", kpp="784243001", ogrn="1027700132195")
    assert codes("branch", branch, head=SBERBANK) == []
    assert codes("branch", SBERBANK, head=SBERBANK) == ["KPP_OF_HEAD"]
    stranger = RequisiteValues(inn="7736050003", kpp="784243001")
    assert codes("branch", stranger, head=SBERBANK) == ["INN_NOT_HEADS"]


def test_a_company_abroad_is_not_asked_for_russian_numbers():
    assert codes("legal", RequisiteValues(), country="US") == []
    assert codes("legal", RequisiteValues(foreign_tax_ids=(ForeignTaxId("BY", "1"),)), country="BY") == [
        "TAX_ID_FORMAT"
    ]


def test_what_is_only_missing_may_wait_in_a_draft():
    missing = check_requisites("legal", RequisiteValues())
    wrong = check_requisites("legal", RequisiteValues(inn="1", kpp="773601001"))
    assert all(map(is_only_missing, missing))
    assert not any(map(is_only_missing, wrong))


def test_the_requisites_of_a_record_are_read_whatever_it_is():
    record = SimpleNamespace(
        inn="7707083893", kpp=None, okved_extra=["62.01"], foreign_tax_ids=[{"country": "KZ", "value": "941240000193"}]
    )
    assert values_of(record) == RequisiteValues(
        inn="7707083893", okved_extra=("62.01",), foreign_tax_ids=(ForeignTaxId("KZ", "941240000193"),)
    )


@pytest.mark.parametrize(
    ("kind", "values", "russian", "english"),
    [
        (
            "sole_trader",
            RequisiteValues(inn="7707083893"),
            "Для ИП указан ИНН организации (10 цифр)",
            "A sole trader is given the INN of a company (10 digits)",
        ),
        (
            "person",
            RequisiteValues(kpp="773601001"),
            "У ИП и физлиц КПП не бывает",
            "Sole traders and persons have no KPP",
        ),
        ("legal", RequisiteValues(inn="7707083893"), "Для организации укажите КПП", "Enter the KPP of the company"),
    ],
)
def test_the_messages_are_those_of_the_spec(kind, values, russian, english):
    (fault,) = check_requisites(kind, values)
    with translation.override("ru"):
        assert str(fault.message) == russian
    with translation.override("en"):
        assert str(fault.message) == english


@pytest.mark.parametrize(
    ("country", "value"),
    [
        ("KZ", "941240000193"),
        ("BY", "200988541"),
        ("UA", "32855961"),
        ("DE", "DE136695976"),
        ("DE", "136695976"),
        ("FR", "FR40303265045"),
        ("MD", "1008600038413"),
        ("UZ", "123456789"),
        ("KG", "12345678901234"),
        ("AM", "12345678"),
        ("ZZ", "whatever"),
    ],
)
def test_tax_numbers_of_other_countries(country, value):
    assert foreign_tax_id_fault(ForeignTaxId(country, value)) is None


@pytest.mark.parametrize(
    ("country", "value", "refusal"),
    [
        ("KZ", "941240000194", "BIN_CHECKSUM"),
        ("KZ", "94124000019", "BIN_LENGTH"),
        ("KZ", "000000000000", "BIN_CHECKSUM"),
        ("BY", "200988542", "TAX_ID_FORMAT"),
        ("DE", "DE136695977", "TAX_ID_FORMAT"),
        ("UZ", "12345678", "TAX_ID_FORMAT"),
        ("AZ", "1", "TAX_ID_FORMAT"),
        ("KZ", "", "TAX_ID_REQUIRED"),
    ],
)
def test_wrong_tax_numbers_of_other_countries(country, value, refusal):
    assert foreign_tax_id_fault(ForeignTaxId(country, value)).code == refusal


def test_a_kazakh_number_may_need_the_second_weights_and_sometimes_does_not_exist():
    def first_sum(body):
        return sum(int(digit) * weight for weight, digit in enumerate(body, start=1)) % 11

    def passing(body):
        return [last for last in range(10) if kazakhstan_fault(f"{body}{last}") is None]

    bodies = [f"9412400{number:04d}" for number in range(2000)]
    assert all(passing(body) == [first_sum(body)] for body in bodies if first_sum(body) < 10)
    by_second = [len(passing(body)) for body in bodies if first_sum(body) == 10]
    assert set(by_second) == {0, 1}


def test_places_and_legal_entities():
    assert gln_fault("4600000000008") is None
    assert gln_fault("4600000000007").code == "GLN_CHECKSUM"
    assert lei_fault("213800KUD8LAJWSQ9D15") is None
    assert lei_fault("213800KUD8LAJWSQ9D16").code == "LEI_CHECKSUM"


def test_versions_of_requisites_never_overlap():
    old = Period(date(2025, 1, 1), date(2026, 1, 1))
    assert overlap_fault(Period(date(2026, 1, 1)), [old]) is None
    assert overlap_fault(Period(date(2024, 1, 1), date(2025, 1, 1)), [old]) is None
    fault = overlap_fault(Period(date(2025, 12, 31)), [old])
    assert fault.code == "REQ_OVERLAP"
    with translation.override("ru"):
        assert str(fault.message) == "Период реквизитов пересекается с версией от 01.01.2025"
    assert overlap_fault(Period(date(2026, 1, 1), date(2026, 1, 1)), []).code == "PERIOD_BACKWARDS"
    assert old.covers(date(2025, 12, 31))
    assert not old.covers(date(2026, 1, 1))
