"""Requisites by date, their check rules, and the one owner of an INN with its KPP."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from krug.kernel.doors import archive_record, create_record
from krug.kernel.errors import Invalid, Refusal
from krug.parties.actions.rates import ensure_shipped_rates, rate_in_force
from krug.parties.actions.requisites import add_requisites, change_requisites, note_inn
from krug.parties.entities.parties import PARTY
from krug.parties.entities.requisites import REQUISITES
from krug.parties.models import Requisites
from krug.parties.testing import make_inn, make_party, make_requisites

SBER = {"inn": "7707083893", "kpp": "773601001", "ogrn": "1027700132195"}


def codes(refused):
    return [fault.code for fault in refused.value.faults]


def test_a_paper_takes_the_requisites_of_its_own_date(anna, happened):
    party = make_party(owner=anna)
    old = add_requisites(party, by=anna, valid_from=date(2020, 1, 1), short_name="ООО «Ветер»", **SBER)
    new = add_requisites(party, by=anna, valid_from=date(2026, 1, 1), short_name="АО «Ветер»", **SBER)
    old.refresh_from_db()
    assert (old.valid_to, new.valid_to) == (date(2026, 1, 1), None)
    assert party.requisites.as_of(date(2025, 12, 30)).get().short_name == "ООО «Ветер»"
    assert party.requisites.as_of(date(2026, 1, 10)).get().short_name == "АО «Ветер»"
    assert not party.requisites.as_of(date(2019, 12, 31)).exists()
    assert happened().count("RequisitesAdded") == 2


def test_requisites_that_pass_make_the_party_checked_and_ask_for_a_new_verification(anna):
    party = make_party(owner=anna)
    add_requisites(party, by=anna, valid_from=date(2020, 1, 1), **SBER)
    assert party.state == "checked"
    party.state = "verified"
    party.save()
    add_requisites(party, by=anna, valid_from=date(2024, 1, 1), **SBER)
    assert party.state == "checked"


def test_one_inn_with_different_kpp_saves(anna):
    make_requisites(make_party(owner=anna), owner=anna, **SBER)
    make_requisites(make_party(owner=anna), owner=anna, inn=SBER["inn"], kpp="770843001")
    assert Requisites.objects.filter(inn=SBER["inn"]).count() == 2


def test_the_same_inn_and_kpp_is_refused_with_a_link_to_the_first(anna, happened):
    first = make_requisites(make_party("Сбербанк", owner=anna), owner=anna, **SBER).party
    second = make_party(owner=anna)
    before = happened()
    with pytest.raises(Invalid) as no:
        create_record(REQUISITES, {"party": second, **SBER}, by=anna)
    fault = no.value.faults[0]
    assert (fault.field, fault.code, fault.hint) == ("inn", "DUPLICATE_REQUISITES", f"/parties/{first.pk}/")
    assert "Сбербанк" in str(fault.message)
    assert (second.requisites.count(), happened()) == (0, before)


def test_a_stranger_learns_only_whom_to_ask(anna, boris):
    make_requisites(make_party("Тайный клиент", owner=anna), owner=anna, **SBER)
    with pytest.raises(Invalid) as no:
        make_requisites(make_party(owner=boris), owner=boris, **SBER)
    fault = no.value.faults[0]
    assert "Тайный" not in str(fault.message) and fault.hint == ""
    assert "Соколова" in str(fault.message)


def test_the_database_itself_keeps_the_pair_unique(anna):
    make_requisites(make_party(owner=anna), owner=anna, **SBER)
    with pytest.raises(IntegrityError, match="requisites_number_once"), transaction.atomic():
        Requisites.objects.create(party=make_party(owner=anna), **SBER)


def test_an_archived_party_gives_its_numbers_free(anna):
    first = make_requisites(make_party(owner=anna), owner=anna, **SBER).party
    archive_record(PARTY, first.pk, by=anna)
    make_requisites(make_party(owner=anna), owner=anna, **SBER)
    assert Requisites.objects.filter(**SBER, claims_number=True).count() == 1


def test_periods_of_one_party_never_overlap(anna, happened):
    party = make_party(owner=anna)
    first = add_requisites(party, by=anna, valid_from=date(2024, 1, 1), **SBER)
    before = happened()
    with pytest.raises(Invalid) as no:
        add_requisites(party, by=anna, valid_from=date(2023, 1, 1), **SBER)
    assert codes(no) == ["REQ_OVERLAP"]
    first.refresh_from_db()
    assert (first.valid_to, party.requisites.count(), happened()) == (None, 1, before)
    with pytest.raises(IntegrityError, match="requisites_no_overlap"), transaction.atomic():
        Requisites.objects.create(party=party, valid_from=date(2023, 1, 1), **SBER)


def test_an_earlier_version_with_its_end_is_written_in(anna):
    party = make_party(owner=anna)
    add_requisites(party, by=anna, valid_from=date(2024, 1, 1), **SBER)
    add_requisites(party, by=anna, valid_from=date(2020, 1, 1), valid_to=date(2024, 1, 1), **SBER)
    assert [one.valid_from.year for one in party.requisites.order_by("valid_from")] == [2020, 2024]


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("legal", {"inn": "770708389", "kpp": "773601001"}, "INN_LENGTH"),
        ("legal", {"inn": "7707083894", "kpp": "773601001"}, "INN_CHECKSUM"),
        ("sole_trader", {"inn": "7707083893"}, "INN_KIND"),
        ("sole_trader", {"inn": "500100732259", "kpp": "773601001"}, "KPP_NOT_ALLOWED"),
        ("legal", {"inn": "7707083893"}, "KPP_REQUIRED"),
    ],
)
def test_a_wrong_requisite_is_refused_by_its_code_and_nothing_is_kept(anna, happened, kind, values, code):
    party = make_party(owner=anna, kind=kind)
    before = happened()
    with pytest.raises(Invalid) as no:
        add_requisites(party, by=anna, **values)
    assert codes(no) == [code]
    party.refresh_from_db()
    assert (party.requisites.count(), party.state, happened()) == (0, "draft", before)


def test_spaces_of_any_kind_are_no_mistake(anna):
    made = add_requisites(make_party(owner=anna), by=anna, inn="77 0708\u00a03893", kpp="7736 01001")
    assert (made.inn, made.kpp) == ("7707083893", "773601001")


def test_a_branch_has_the_inn_of_its_head_and_a_kpp_of_its_own(anna):
    head = make_requisites(make_party(owner=anna), owner=anna, **SBER).party
    branch = make_party(owner=anna, kind="branch", parent=head)
    with pytest.raises(Invalid) as no:
        add_requisites(branch, by=anna, inn=make_inn(77), kpp="773601001")
    assert codes(no) == ["INN_NOT_HEADS", "KPP_OF_HEAD"]
    assert add_requisites(branch, by=anna, inn=SBER["inn"], kpp="631543001").kpp == "631543001"


def test_a_foreign_tax_number_is_checked_by_its_own_country(anna):
    party = make_party(owner=anna, country="KZ", kind="foreign_legal")
    with pytest.raises(Invalid) as no:
        add_requisites(party, by=anna, foreign_tax_id="941240000194")
    assert no.value.faults[0].field == "foreign_tax_id"
    assert add_requisites(party, by=anna, foreign_tax_id="941240000193").foreign_tax_id == "941240000193"
    with pytest.raises(Invalid) as again:
        make_requisites(
            make_party(owner=anna, country="KZ", kind="foreign_legal"),
            owner=anna,
            inn="",
            kpp="",
            foreign_tax_id="941240000193",
        )
    assert codes(again) == ["DUPLICATE_REQUISITES"]


def test_a_wrong_version_is_mended_under_the_same_rules(anna):
    version = make_requisites(make_party(owner=anna), owner=anna, **SBER)
    with pytest.raises(Invalid):
        change_requisites(version, {"inn": "7707083894"}, by=anna)
    version.refresh_from_db()
    assert version.inn == SBER["inn"]
    change_requisites(version, {"kpp": "7708 01001"}, by=anna)
    version.refresh_from_db()
    assert version.kpp == "770801001"


def test_an_inn_alone_keeps_the_party_a_draft(anna):
    party = make_party(owner=anna)
    assert note_inn(party, "7707083893", by=anna).inn == "7707083893"
    party.refresh_from_db()
    assert party.state == "draft"


def test_a_kind_that_contradicts_the_requisites_is_refused(anna):
    party = make_requisites(make_party(owner=anna), owner=anna, **SBER).party
    from krug.parties.actions.parties import change_party

    with pytest.raises(Refusal) as no:
        change_party(party, {"kind": "sole_trader"}, by=anna)
    assert (no.value.field, no.value.code) == ("kind", "INN_KIND")


def test_finding_a_party_by_inn_uses_an_index(anna):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT * FROM requisites WHERE inn = '7707083893' AND kpp = '773601001'")
        assert "requisites_inn" in "\n".join(row[0] for row in cursor.fetchall())


def test_a_document_before_and_after_the_new_year_takes_rate_and_requisites_of_its_date(anna):
    ensure_shipped_rates()
    party = make_party(owner=anna)
    add_requisites(party, by=anna, valid_from=date(2020, 1, 1), short_name="ООО «Ветер»", **SBER)
    add_requisites(party, by=anna, valid_from=date(2026, 1, 1), short_name="АО «Ветер»", **SBER)
    printed = {
        day: (
            rate_in_force("RU", "standard", day).edo_value,
            party.requisites.as_of(day).get().short_name,
        )
        for day in (date(2025, 12, 30), date(2026, 1, 10))
    }
    assert printed == {
        date(2025, 12, 30): ("20%", "ООО «Ветер»"),
        date(2026, 1, 10): ("22%", "АО «Ветер»"),
    }
