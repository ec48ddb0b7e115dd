"""Formulas and summaries stand in the index of the database: made in parts, kept up, and right at every moment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from krug.administration.actions.attributes import archive_attribute, change_details
from krug.administration.actions.people import setup_actor
from krug.administration.actions.recalculation import begin, carry_on, keep_up, wanted_works, work_off_due
from krug.administration.models import AttributeDue, AttributeWork
from krug.administration.testing import make_attribute
from krug.administration.tests.attribute_cast import filled, found, reading
from krug.kernel import doors
from krug.kernel.attributes.catalogue import look_again
from krug.kernel.attributes.models import AttributeIndex
from krug.kernel.listing.query import read_page
from krug.kernel.listing.state import ListState
from krug.kernel.listing.totals import totals
from krug.kernel.registry import get_entity
from krug.kernel.testing.contract import make

DEAL, PARTY = get_entity("deal"), get_entity("party")


def kept(field: Any) -> dict[int, Decimal]:
    return dict(AttributeIndex.objects.filter(attribute_id=field.pk).values_list("record_id", "number"))


def sorted_by(entity: Any, user: Any, sort: str) -> list[int]:
    return [row["id"] for row in read_page(entity, ListState(sort=sort), reading(user)).rows]


def formula(text: str = "[amount] * [Share] / 100") -> tuple[Any, Any]:
    share = make_attribute("Share", entity="deal", kind="number")
    return share, make_attribute("Fee", entity="deal", kind="formula", details={"formula": text})


def worth(deal: Any, amount: Any, **more: Any) -> Any:
    type(deal).objects.filter(pk=deal.pk).update(amount=amount, currency="RUB", **more)
    return deal


def test_a_formula_is_right_before_its_index_is_made_and_stands_in_it_after(gleb):
    share, fee = formula()
    deals = [worth(make(DEAL, gleb), amount) for amount in (300, 100, 200)]
    for deal in deals:
        filled(DEAL, deal, gleb, **{share.key: "10"})
    first, second, third = (deal.pk for deal in deals)
    for is_ready in (False, True):
        if is_ready:
            keep_up()
            assert kept(fee) == {first: Decimal("30.00"), second: Decimal("10.00"), third: Decimal("20.00")}
        look_again()
        assert DEAL.fields[fee.key].is_indexed(gleb) is is_ready
        assert found(DEAL, gleb, fee.key, "gte", "20") == [first, third]
        assert found(DEAL, gleb, fee.key, "ne", "20") == [first, second]
        assert found(DEAL, gleb, fee.key, "empty") == []
        assert sorted_by(DEAL, gleb, fee.key) == [second, third, first]
        assert sorted_by(DEAL, gleb, f"-{fee.key}") == [first, third, second]
        assert [(one.label, one.count) for one in totals(DEAL, reading(gleb), by=fee.key)] == [
            ("10", 1),
            ("20", 1),
            ("30", 1),
        ]
        [summed] = totals(DEAL, reading(gleb), by="stage", sum=fee.key)
        assert summed.sum == Decimal(60)


def test_a_change_of_the_parts_changes_the_formula_in_the_same_transaction(gleb):
    share, fee = formula()
    deal = worth(make(DEAL, gleb), 100)
    keep_up()
    assert kept(fee) == {}
    filled(DEAL, deal, gleb, **{share.key: "10"})
    assert kept(fee) == {deal.pk: Decimal("10.00")}
    worth(deal, 250)
    assert kept(fee) == {deal.pk: Decimal("25.00")}
    filled(DEAL, deal, gleb, **{share.key: ""})
    assert kept(fee) == {}
    other = make(DEAL, gleb)
    worth(other, 50, custom={share.key: "50"})
    assert kept(fee) == {other.pk: Decimal("25.00")}
    DEAL.model.objects.filter(pk=other.pk).delete()
    assert kept(fee) == {}


def test_a_changed_formula_is_worked_out_anew_for_all_records_in_parts(gleb, monkeypatch):
    monkeypatch.setattr("krug.administration.actions.recalculation.PART", 2)
    fee = make_attribute("Fee", entity="deal", kind="formula", details={"formula": "[amount] * 2"})
    deals = [worth(make(DEAL, gleb), amount) for amount in (1, 2, 3, 4, 5)]
    keep_up()
    assert sorted(kept(fee).values()) == [2, 4, 6, 8, 10]
    change_details(fee, {"formula": "[amount] * 3"}, by=setup_actor())
    look_again()
    assert not DEAL.fields[fee.key].is_indexed(gleb), "the index still holds the old values"
    assert found(DEAL, gleb, fee.key, "eq", "15") == [deals[4].pk]
    [(pk, told)] = wanted_works().items()
    begin(AttributeWork(pk, *told))
    seen = []
    for _part in range(3):
        work = carry_on(pk)
        seen.append((work.done, work.percent, work.is_ready))
    assert seen == [(2, 40, False), (4, 80, False), (5, 100, True)]
    assert sorted(kept(fee).values()) == [3, 6, 9, 12, 15]
    archive_attribute(fee, by=setup_actor())
    keep_up()
    assert kept(fee) == {} and not AttributeWork.objects.exists()


def test_a_field_put_away_while_it_is_worked_out_is_left_at_the_next_part(gleb, monkeypatch):
    monkeypatch.setattr("krug.administration.actions.recalculation.PART", 2)
    fee = make_attribute("Fee", entity="deal", kind="formula", details={"formula": "[amount] * 2"})
    for amount in (1, 2, 3, 4, 5):
        worth(make(DEAL, gleb), amount)
    look_again()
    [(pk, told)] = wanted_works().items()
    begin(AttributeWork(pk, *told))
    assert carry_on(pk).done == 2
    archive_attribute(fee, by=setup_actor())
    assert carry_on(pk) is None
    assert kept(fee) == {} and not AttributeWork.objects.exists()


def test_a_summary_is_right_while_records_are_due_and_after(gleb, anna):
    count = make_attribute("Deals", kind="roll_up", details={"roll_up": "deal.party.count."})
    total = make_attribute("Worth", kind="roll_up", details={"roll_up": "deal.party.sum.amount"})
    rich, poor, none = (make(PARTY, anna) for _each in range(3))
    first, second, third = (make(DEAL, anna) for _each in range(3))
    worth(first, 100, party=rich)
    worth(second, 200, party=rich)
    worth(third, 50, party=poor)
    parties = sorted(PARTY.rows_for(gleb).values_list("pk", flat=True))
    without = sorted(set(parties) - {rich.pk, poor.pk})
    keep_up()
    assert kept(total) == {rich.pk: Decimal(300), poor.pk: Decimal(50)}
    assert kept(count) == {rich.pk: 2, poor.pk: 1}
    assert PARTY.fields[total.key].is_indexed(gleb) and not PARTY.fields[total.key].is_indexed(anna)
    for step in ("settled", "due", "worked off"):
        if step == "due":
            worth(third, 500)
            worth(second, 200, party=poor)
            assert set(AttributeDue.objects.values_list("record_id", flat=True)) == {rich.pk, poor.pk}
        if step == "worked off":
            while work_off_due():
                pass
            assert kept(total) == {rich.pk: Decimal(100), poor.pk: Decimal(700)}
            assert not AttributeDue.objects.exists()
        most = rich if step == "settled" else poor
        for person in (gleb, anna):
            assert found(PARTY, person, total.key, "gte", "300") == [most.pk]
            assert found(PARTY, person, count.key, "eq", "2") == [most.pk]
            assert found(PARTY, person, count.key, "lt", "2") == sorted(set(parties) - {most.pk})
            assert found(PARTY, person, count.key, "eq", "0") == without
            assert found(PARTY, person, total.key, "empty") == without
            assert found(PARTY, person, total.key, "not_empty") == sorted([rich.pk, poor.pk])
        assert found(PARTY, gleb, count.key, "empty") == []
    assert sorted_by(PARTY, gleb, f"-{total.key}")[:2] == [poor.pk, rich.pk]
    assert sorted_by(PARTY, gleb, count.key)[-2:] == sorted_by(PARTY, anna, count.key)[-2:] == [rich.pk, poor.pk]
    assert none.pk in sorted_by(PARTY, gleb, count.key)[:-2]


def test_a_summary_that_can_not_be_worked_out_is_told_and_keeps_no_other_waiting(gleb):
    total = make_attribute("Worth", kind="roll_up", details={"roll_up": "deal.party.sum.amount"})
    count = make_attribute("Deals", kind="roll_up", details={"roll_up": "deal.party.count."})
    party, deal = make(PARTY, gleb), make(DEAL, gleb)
    keep_up()
    worth(deal, 100, party=party)
    broken = AttributeWork.objects.get(pk=total.pk)
    AttributeWork.objects.filter(pk=total.pk).update(recipe={**broken.recipe, "n": "no_such_column"})
    while work_off_due():
        pass
    broken.refresh_from_db()
    assert (broken.is_ready, broken.trouble.splitlines()[0]) == (False, "column s.no_such_column does not exist")
    assert kept(count) == {party.pk: 1} and not AttributeDue.objects.exists()
    keep_up()
    assert kept(total) == {party.pk: Decimal(100)}, "the recipe of the definition is taken up again"
    assert not AttributeWork.objects.get(pk=total.pk).trouble


def test_pages_of_a_list_sorted_by_a_count_hold_each_record_once(gleb):
    count = make_attribute("Deals", kind="roll_up", details={"roll_up": "deal.party.count."})
    parties = [make(PARTY, gleb) for _each in range(4)]
    for number, party in enumerate(parties[:3]):
        for _each in range(number + 1):
            worth(make(DEAL, gleb), 1, party=party)
    keep_up()
    everything = sorted(PARTY.rows_for(gleb).values_list("pk", flat=True))
    for sort in (count.key, f"-{count.key}"):
        ways, state = [], ListState(sort=sort, limit=2)
        page = read_page(PARTY, state, reading(gleb))
        ways += [row["id"] for row in page.rows]
        while page.next:
            last, page = page, read_page(PARTY, ListState(sort=sort, limit=2, after=page.next), reading(gleb))
            ways += [row["id"] for row in page.rows]
            back = read_page(PARTY, ListState(sort=sort, limit=2, before=page.previous), reading(gleb))
            assert [row["id"] for row in back.rows] == [row["id"] for row in last.rows]
        assert sorted(ways) == everything and len(ways) == len(set(ways))
        own = [pk for pk in ways if pk in {party.pk for party in parties[:3]}]
        assert own == [party.pk for party in (parties[:3] if sort == count.key else reversed(parties[:3]))]


def test_a_summary_of_records_put_away_or_deleted_does_not_count_them(gleb):
    count = make_attribute("Deals", kind="roll_up", details={"roll_up": "deal.party.count."})
    party = make(PARTY, gleb)
    deals = [worth(make(DEAL, gleb), 1, party=party) for _each in range(2)]
    keep_up()
    assert kept(count)[party.pk] == 2
    doors.archive_record(DEAL, deals[0].pk, by=gleb)
    keep_up()
    assert kept(count)[party.pk] == 1
    DEAL.model.objects.filter(pk=deals[1].pk).delete()
    keep_up()
    assert party.pk not in kept(count)


def test_a_formula_with_today_goes_on_with_the_day(gleb, monkeypatch):
    from datetime import timedelta

    from krug.administration.actions import recalculation

    age = make_attribute("Age", entity="deal", kind="formula", details={"formula": "today() - [opened on]"})
    deal = make(DEAL, gleb)
    keep_up()
    today = AttributeWork.objects.get(pk=age.pk).day
    assert kept(age) == {deal.pk: (today - deal.opened_on).days}
    monkeypatch.setattr(recalculation, "_today", lambda: today + timedelta(days=1))
    keep_up()
    assert kept(age) == {deal.pk: (today - deal.opened_on).days + 1}
    look_again()
    assert not DEAL.fields[age.key].is_indexed(gleb), "for this reader it is still the day before"
    assert found(DEAL, gleb, age.key, "eq", str((today - deal.opened_on).days)) == [deal.pk]


@pytest.mark.parametrize(
    "text",
    ["-[amount]", "abs(0 - [amount])", "min([amount]; 7) + max(1; 2)", "round([amount] / 3)", "first([Share]; 8)"],
)
def test_the_database_counts_in_the_index_as_it_counts_in_a_list(gleb, text):
    _share, fee = formula(text)
    deal = worth(make(DEAL, gleb), Decimal("100.50"))
    [row] = read_page(DEAL, ListState(columns=(fee.key,)), reading(gleb)).rows
    keep_up()
    assert kept(fee) == {deal.pk: row[fee.key]}
