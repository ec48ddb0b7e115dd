"""The form of requisites says everything that is wrong at once, each fault at its field and in the summary."""

from datetime import date

import pytest

from krug.kernel.errors import Invalid
from krug.parties.actions.requisites import add_requisites, change_requisites
from krug.parties.models import Requisites
from krug.parties.testing import make_party, make_requisites

SBER = {"inn": "7707083893", "kpp": "773601001", "ogrn": "1027700132195"}
WRONG = {"inn": "7707083894", "kpp": "1", "ogrn": "1027700132194"}


def codes(refused):
    return [fault.code for fault in refused.value.faults]


def test_a_new_version_is_refused_with_its_period_and_each_wrong_number_at_once(anna, happened):
    party = make_party(owner=anna)
    add_requisites(party, by=anna, valid_from=date(2024, 1, 1), **SBER)
    before = happened()
    with pytest.raises(Invalid) as no:
        add_requisites(party, by=anna, valid_from=date(2023, 1, 1), **WRONG)
    assert codes(no) == ["REQ_OVERLAP", "INN_CHECKSUM", "KPP_FORMAT", "OGRN_CHECKSUM"]
    assert (party.requisites.count(), happened()) == (1, before)


def test_a_mended_version_is_refused_in_the_same_way(anna):
    first = make_requisites(make_party(owner=anna), owner=anna, valid_from=date(2020, 1, 1), **SBER)
    add_requisites(first.party, by=anna, valid_from=date(2024, 1, 1), **SBER)
    first.refresh_from_db()
    with pytest.raises(Invalid) as no:
        change_requisites(first, {"valid_to": date(2025, 1, 1), **WRONG}, by=anna)
    assert codes(no) == ["REQ_OVERLAP", "INN_CHECKSUM", "KPP_FORMAT", "OGRN_CHECKSUM"]


def test_who_holds_the_number_is_said_beside_the_other_faults(anna):
    make_requisites(make_party("Первый", owner=anna), owner=anna, **SBER)
    with pytest.raises(Invalid) as no:
        add_requisites(make_party(owner=anna), by=anna, **(SBER | {"ogrn": WRONG["ogrn"]}))
    assert codes(no) == ["OGRN_CHECKSUM", "DUPLICATE_REQUISITES"]


@pytest.fixture
def sent(anna, client):
    """The form of new requisites, sent as a browser sends it."""
    client.force_login(anna)
    party = make_party(owner=anna)
    return lambda **typed: client.post("/requisites/new/", {"party": party.pk, **typed})


def test_a_day_that_does_not_exist_and_wrong_numbers_are_said_together(sent, happened):
    before = happened()
    answer = sent(valid_from="31.02.2026", **WRONG)
    page = answer.content.decode()
    assert answer.status_code == 422
    summary = page[page.index("error-summary") : page.index("</ul>", page.index("error-summary"))]
    for field in ("valid_from", "inn", "kpp", "ogrn"):
        assert f'href="#f-{field}"' in summary
        assert f'id="f-{field}-error"' in page
    assert summary.count("<li>") == 4
    for typed in ("31.02.2026", *WRONG.values()):
        assert f'value="{typed}"' in page
    assert (Requisites.objects.count(), happened()) == (0, before)


def test_beside_an_unreadable_day_right_numbers_are_only_tried_and_nothing_is_kept(sent, happened):
    before = happened()
    answer = sent(valid_from="31.02.2026", **SBER)
    page = answer.content.decode()
    assert (answer.status_code, page[page.index("error-summary") :].count('<li><a href="#f-')) == (422, 1)
    assert (Requisites.objects.count(), happened()) == (0, before)


def test_a_number_pasted_in_groups_is_kept_without_its_spaces(sent):
    assert sent(inn="7707 083 893", kpp="7736 01 001", ogrn="1 02 77 00 13219 5").status_code == 303
    kept = Requisites.objects.get()
    assert (kept.inn, kept.kpp, kept.ogrn) == (SBER["inn"], SBER["kpp"], SBER["ogrn"])
