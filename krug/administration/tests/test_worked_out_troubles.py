"""What can not be worked out while somebody writes keeps nobody from writing, and holds up neither him nor the job."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, transaction

from krug.administration.actions.recalculation import begin, carry_on, forget, keep_up, take_troubles, wanted_works
from krug.administration.models import AttributeDue, AttributeWork
from krug.administration.testing import make_attribute
from krug.administration.tests.attribute_cast import found
from krug.kernel.attributes.catalogue import look_again
from krug.kernel.attributes.models import AttributeIndex
from krug.kernel.registry import get_entity
from krug.kernel.testing.contract import make

DEAL, PARTY = get_entity("deal"), get_entity("party")


def kept(field: Any) -> dict[int, Decimal]:
    return dict(AttributeIndex.objects.filter(attribute_id=field.pk).values_list("record_id", "number"))


def troubles() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT attribute_id, told FROM attribute_trouble ORDER BY told")
        return [(number, told.splitlines()[0]) for number, told in cursor.fetchall()]


def written(deal: Any, **values: Any) -> None:
    type(deal).objects.filter(pk=deal.pk).update(**values)


def fee_of(user: Any, *amounts: int) -> tuple[Any, Any, list[Any]]:
    """A formula over a number of the company's own, kept for some deals."""
    share = make_attribute("Share", entity="deal", kind="number")
    fee = make_attribute("Fee", entity="deal", kind="formula", details={"formula": "[amount] * [Share]"})
    deals = [make(DEAL, user) for _amount in amounts]
    for deal, amount in zip(deals, amounts, strict=True):
        written(deal, amount=amount, currency="RUB", custom={share.key: "2"})
    keep_up()
    return share, fee, deals


def test_a_value_that_can_not_be_counted_with_is_written_and_told_by_the_job(gleb):
    share, fee, [first, second] = fee_of(gleb, 10, 20)
    assert kept(fee) == {first.pk: 20, second.pk: 40}
    written(first, custom={share.key: "much"})
    first.refresh_from_db()
    assert first.custom == {share.key: "much"}
    assert kept(fee) == {second.pk: 40}, "no old value stays behind"
    work = AttributeWork.objects.get(pk=fee.pk)
    assert (work.is_ready, work.trouble) == (True, ""), "the writer does not touch what belongs to the job"
    assert troubles() == [(fee.pk, 'invalid input syntax for type numeric: "much"')]
    take_troubles()
    work.refresh_from_db()
    assert (work.is_ready, work.trouble) == (False, 'invalid input syntax for type numeric: "much"')
    assert troubles() == []
    written(first, custom={share.key: "3"})
    begin(AttributeWork(fee.pk, *wanted_works()[fee.pk]))
    assert carry_on(fee.pk).is_ready and kept(fee) == {first.pk: 30, second.pk: 40}


@pytest.mark.parametrize(
    ("leaf", "told"),
    [
        ({"k": "value", "n": "renamed_away"}, "column t.renamed_away does not exist"),
        ({"k": "day", "n": "name"}, "operator does not exist: character varying - date"),
        ({"k": "value", "n": "is_archived"}, "cannot cast type boolean to numeric"),
    ],
)
def test_a_column_gone_or_changed_by_an_upgrade_keeps_nobody_from_writing(gleb, leaf, told):
    _share, fee, [first, second] = fee_of(gleb, 10, 20)
    old = AttributeWork.objects.get(pk=fee.pk).recipe
    AttributeWork.objects.filter(pk=fee.pk).update(recipe={**old, "of": leaf})
    written(first, amount=15)
    first.refresh_from_db()
    assert first.amount == 15
    assert troubles() == [(fee.pk, told)] and kept(fee) == {second.pk: 40}
    look_again()
    assert not DEAL.fields[fee.key].is_indexed(gleb), "what is kept is not what the definition says: nobody asks it"
    assert found(DEAL, gleb, fee.key, "eq", "30") == [first.pk]
    keep_up()
    assert troubles() == [] and kept(fee) == {first.pk: 30, second.pk: 40}
    work = AttributeWork.objects.get(pk=fee.pk)
    assert (work.is_ready, work.trouble) == (True, ""), "old troubles are forgotten when the work begins anew"


def test_a_summary_whose_column_is_gone_keeps_nobody_from_writing_inserting_and_deleting(gleb):
    total = make_attribute("Worth", kind="roll_up", details={"roll_up": "deal.party.sum.amount"})
    party, deal = make(PARTY, gleb), make(DEAL, gleb)
    written(deal, amount=5, currency="RUB", party=party)
    keep_up()
    old = AttributeWork.objects.get(pk=total.pk).recipe
    AttributeWork.objects.filter(pk=total.pk).update(recipe={**old, "link": "renamed_away"})
    written(deal, amount=7)
    other = make(DEAL, gleb)
    DEAL.model.objects.filter(pk=other.pk).delete()
    assert {number for number, _told in troubles()} == {total.pk}
    assert {told for _number, told in troubles()} == {
        "column n.renamed_away does not exist",
        "column o.renamed_away does not exist",
    }
    assert not AttributeDue.objects.exists()
    keep_up()
    assert kept(total)[party.pk] == 7 and troubles() == []


@contextmanager
def second_connection() -> Iterator[Any]:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            yield cursor
    finally:
        other.close()


@contextmanager
def a_refused_fee(user: Any) -> Iterator[tuple[Any, Any, Any]]:
    """A share, its formula and a deal, all of them committed; what no table of Django holds is cleared away."""
    share, fee, [deal] = fee_of(user, 10)
    try:
        yield share, fee, deal
    finally:
        forget(AttributeWork.objects.get(pk=fee.pk))


@pytest.mark.django_db(transaction=True)
def test_a_writer_whose_formula_is_refused_and_the_job_hold_each_other_up_in_no_order(gleb):
    with a_refused_fee(gleb) as (share, fee, deal), second_connection() as job:
        with transaction.atomic():
            written(deal, custom={share.key: "much"})
            job.execute("UPDATE attribute_work SET done = done WHERE attribute_id = %s", [fee.pk])
            job.execute("UPDATE attribute_stamp SET stamp = gen_random_uuid()")
        assert [number for number, _told in troubles()] == [fee.pk]
        job.execute("BEGIN; UPDATE attribute_stamp SET stamp = gen_random_uuid()")
        job.execute("SELECT 1 FROM attribute_work FOR UPDATE")
        job.execute("DELETE FROM attribute_trouble")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            written(deal, custom={share.key: "more"})
        job.execute("COMMIT")
        assert troubles() == [(fee.pk, 'invalid input syntax for type numeric: "more"')]


@pytest.mark.django_db(transaction=True)
def test_the_job_that_waits_for_a_record_goes_on_when_its_writer_is_refused_and_ends(gleb):
    with a_refused_fee(gleb) as (share, fee, deal):
        assert begin(AttributeWork(fee.pk, *wanted_works()[fee.pk])) is not None
        outcome: list[Any] = []

        def job() -> None:
            try:
                outcome.append(carry_on(fee.pk))
            except Exception as fault:
                outcome.append(fault)
            finally:
                connection.close()

        with transaction.atomic():
            written(deal, custom={share.key: "3"})
            thread = threading.Thread(target=job)
            thread.start()
            wait_for_a_waiting_job(outcome)
            written(deal, custom={share.key: "much"})
        thread.join(timeout=60)
        [work] = outcome
        assert isinstance(work, AttributeWork), f"one of the two was broken off: {work!r}"
        assert work.trouble.startswith('invalid input syntax for type numeric: "much"') and not work.is_ready
        deal.refresh_from_db()
        assert deal.custom == {share.key: "much"} and [number for number, _told in troubles()] == [fee.pk]


def wait_for_a_waiting_job(outcome: list[Any]) -> None:
    """Until some other connection waits for this one."""
    for _turn in range(2_000):
        assert outcome == [], "the job came to an end without waiting"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("the job does not wait")


@pytest.mark.django_db
def test_without_the_table_of_troubles_the_former_way_is_back_and_nobody_is_kept_from_writing(gleb):
    share, fee, [deal] = fee_of(gleb, 10)
    back = import_module("krug.administration.migrations.0008_troubles_of_worked_out").Migration.operations[0]
    with connection.cursor() as cursor:
        cursor.execute(back.reverse_sql)
        written(deal, amount=15)
        assert kept(fee) == {deal.pk: 30}
        written(deal, custom={share.key: "much"})
        work = AttributeWork.objects.get(pk=fee.pk)
        assert (work.is_ready, work.trouble) == (False, 'invalid input syntax for type numeric: "much"')
        cursor.execute(back.sql)
        written(deal, custom={share.key: "more"})
    assert troubles() == [(fee.pk, 'invalid input syntax for type numeric: "more"')]
