"""VAT: the rate follows the day of shipment, and the sums are those of the lines, half up to the kopeck."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from krug.kernel.errors import Invalid, Refusal
from krug.parties.actions.rates import ensure_shipped_rates, rate_in_force
from krug.parties.models import TaxRate
from krug.parties.rules.vat import advance_vat, document_amounts, vat_inside, vat_on_top
from krug.parties.rules.vat_rates import EDO_VALUES, calculated_edo_value
from krug.parties.testing import make_tax_rate

SUMS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
RATES = st.sampled_from([Decimal(rate) for rate in (5, 7, 10, 12, 16, 18, 20, 22)])


pytestmark = pytest.mark.django_db


def rates():
    """The table as it is shipped."""
    ensure_shipped_rates()
    return list(TaxRate.objects.exclude(country="XX"))


def rate(code, on, country="RU"):
    ensure_shipped_rates()
    return rate_in_force(country, code, on)


def test_the_examples_of_the_spec():
    inside = vat_inside(Decimal("1000.00"), Decimal(22))
    assert (inside.vat, inside.net) == (Decimal("180.33"), Decimal("819.67"))
    assert vat_on_top(Decimal("1000.00"), Decimal(22)).vat == Decimal("220.00")
    assert advance_vat(Decimal("1000.00"), Decimal(5)) == Decimal("47.62")


def test_the_document_is_the_sum_of_its_lines_and_nothing_else():
    total = document_amounts(vat_on_top(Decimal("10.07"), Decimal(22)) for _line in range(10))
    assert total.vat == Decimal("22.20")
    assert total.gross == Decimal("122.90")
    assert vat_on_top(Decimal("100.70"), Decimal(22)).vat == Decimal("22.15")


def test_zero_and_without_vat_take_nothing():
    for none in (Decimal(0), None):
        assert vat_on_top(Decimal("99.99"), none).vat == 0
        assert vat_inside(Decimal("99.99"), none).net == Decimal("99.99")


@given(SUMS, RATES)
def test_net_and_vat_always_make_gross(amount, percent):
    for amounts in (vat_on_top(amount, percent), vat_inside(amount, percent)):
        assert amounts.net + amounts.vat == amounts.gross
        assert amounts.vat == amounts.vat.quantize(Decimal("0.01"))


@given(SUMS, RATES)
def test_a_return_takes_back_exactly_what_was_charged(amount, percent):
    assert vat_inside(-amount, percent).vat == -vat_inside(amount, percent).vat


@pytest.mark.parametrize(
    ("on", "percent"),
    [
        (date(2025, 12, 30), 20),
        (date(2025, 12, 31), 20),
        (date(2026, 1, 1), 22),
        (date(2026, 1, 10), 22),
        (date(2018, 12, 31), 18),
    ],
)
def test_the_standard_rate_follows_the_day(on, percent):
    assert rate("standard", on).rate == percent


def test_an_advance_and_its_shipment_may_have_different_rates():
    advance, shipment = rate("standard", date(2025, 12, 20)), rate("standard", date(2026, 1, 20))
    assert calculated_edo_value(advance) == "20/120"
    assert advance_vat(Decimal(1200), advance.rate) == 200
    assert shipment.edo_value == "22%"


def test_a_rate_out_of_force_is_refused_with_the_one_to_use():
    with pytest.raises(Refusal) as no:
        rate("vat20", date(2026, 1, 15))
    assert (no.value.code, no.value.field) == ("VAT_RATE_DATE", "vat_rate")
    with translation.override("ru"):
        assert str(no.value) == "Ставка 20 % не действует на 15.01.2026, используйте 22 %"
    with translation.override("en"):
        assert str(no.value) == "The rate 20 % is not in force on 15 Jan 2026, use 22 %"


def test_a_rate_that_nothing_replaces_says_only_that():
    with pytest.raises(Refusal) as no:
        rate("vat5", date(2024, 12, 31))
    with translation.override("en"):
        assert str(no.value) == "The rate 5 % is not in force on 31 Dec 2024"


def test_an_unknown_rate_is_refused():
    with pytest.raises(Refusal) as no:
        rate("vat33", date(2026, 1, 1))
    assert no.value.code == "VAT_RATE_UNKNOWN"


def test_without_vat_is_not_zero_per_cent():
    without, zero = rate("none", date(2026, 1, 1)), rate("vat0", date(2026, 1, 1))
    assert (without.rate, without.edo_value) == (None, "без НДС")
    assert (zero.rate, zero.edo_value) == (0, "0%")


def test_rates_of_neighbours():
    assert rate("standard", date(2025, 12, 31), "KZ").rate == 12
    assert rate("standard", date(2026, 1, 1), "KZ").rate == 16
    assert rate("medicine", date(2027, 1, 1), "KZ").rate == 10


def test_every_shipped_russian_rate_can_be_written_in_the_exchange_format():
    russian = [one for one in rates() if one.country == "RU"]
    assert {one.edo_value for one in russian} <= set(EDO_VALUES)
    assert {calculated_edo_value(one) for one in russian} <= set(EDO_VALUES)


def test_the_exchange_format_knows_exactly_the_eighteen_values_of_the_spec():
    spec = (
        "0%;5%;7%;9,09%;10%;16,67%;18%;18,03%;20%;22%;5/105;7/107;10/110;18/118;20/120;22/122;"
        "без НДС;НДС исчисляется налоговым агентом"
    )
    assert sorted(EDO_VALUES) == sorted(spec.split(";"))


def test_rates_of_one_family_never_overlap():
    days = [date(year, month, 1) for year in range(2004, 2031) for month in range(1, 13)]
    shipped = rates()
    for day in days:
        in_force = [(one.country, one.family) for one in shipped if one.in_force(day)]
        assert len(in_force) == len(set(in_force))


def test_rates_of_one_family_can_not_be_in_force_together(gleb):
    make_tax_rate(by=gleb, family="own", valid_from=date(2026, 1, 1))
    with pytest.raises(Invalid) as no:
        make_tax_rate(by=gleb, family="own", valid_from=date(2027, 1, 1))
    assert "end it first" in str(no.value.faults[0].message) or "сначала" in str(no.value.faults[0].message)
    assert TaxRate.objects.filter(family="own").count() == 1


def test_an_update_adds_what_is_missing_and_leaves_what_people_wrote():
    ensure_shipped_rates()
    TaxRate.objects.filter(code="vat22").delete()
    TaxRate.objects.filter(code="vat20", country="RU").update(valid_to=None)
    TaxRate.objects.filter(code="vat10", country="RU").update(law="НК РФ, ст. 164")
    assert (ensure_shipped_rates(), ensure_shipped_rates()) == (1, 0)
    assert TaxRate.objects.get(code="vat20", country="RU").valid_to == date(2026, 1, 1)
    assert TaxRate.objects.get(code="vat10", country="RU").law == "НК РФ, ст. 164"


def test_a_rate_is_called_by_its_name_in_the_language_of_whoever_looks(gleb, client):
    shipped = {(one.country, one.code): (one.name_ru, one.name_en) for one in rates()}
    assert shipped["RU", "none"] == ("Без НДС", "No VAT")
    assert shipped["RU", "vat5"] == ("НДС 5\u00a0%, упрощённая система", "VAT 5%, simplified taxation")
    client.force_login(gleb)
    page = client.get("/tax-rates/", headers={"Accept-Language": "ru"}).content.decode()
    assert "НДС 5\u00a0%, упрощённая система" in page
    assert "simplified_5" not in page


def test_a_rate_that_was_known_by_its_code_takes_its_shipped_name_and_keeps_one_that_people_gave():
    ensure_shipped_rates()
    TaxRate.objects.filter(country="RU", code="vat22").update(name_ru="vat22", name_en="vat22")
    TaxRate.objects.filter(country="RU", code="vat10").update(name_ru="Наша льгота")
    ensure_shipped_rates()
    assert TaxRate.objects.get(country="RU", code="vat22").name_ru == "НДС 22\u00a0%"
    assert TaxRate.objects.get(country="RU", code="vat10").name_ru == "Наша льгота"
