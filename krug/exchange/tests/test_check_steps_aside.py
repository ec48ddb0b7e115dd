"""A check of a long file holds nothing that somebody waits for: it lets go at once and begins anew."""

from __future__ import annotations

import json
import threading
import time

import pytest
from django.db import connection, transaction

from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.catalogue.models import Product
from krug.catalogue.testing import make_product
from krug.exchange.importing import planned, running, telling
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.running import cancel_run, plan_run, work_on
from krug.exchange.importing.taking import Taking
from krug.exchange.models import ImportRun
from krug.exchange.tests.test_import_wizard import opened
from krug.parties.testing import make_party
from krug.sales.models import Deal
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = "Артикул;Название по-русски\n" + "".join(f"С-{number};Товар {number}\n" for number in range(40))


@pytest.fixture
def run(gleb, settings, tmp_path, monkeypatch) -> ImportRun:
    ensure_shipped_roles()
    settings.DATA = tmp_path
    monkeypatch.setattr(planned, "CHUNK", 10)
    monkeypatch.setattr(telling, "EVERY", 0)
    run = opened(gleb, "products.csv", CONTENT)
    [table] = run.plan["tables"]
    assert [column["target"] for column in table["columns"]] == ["code", "name_ru"]
    return plan_run(run, plan_from({**run.plan, "tables": [{**table, "keys": []}]}), by=gleb)


class Parts:
    """Counts the parts that a check takes, and calls somebody after the second."""

    def __init__(self, monkeypatch, then) -> None:
        self.count, self.then, take = 0, then, Taking.take

        def counted(taking, rows):
            fates = take(taking, rows)
            self.count += 1
            if self.count == 2:
                self.then()
            return fates

        monkeypatch.setattr(Taking, "take", counted)


def is_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted "
                       "AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))")  # fmt: skip
        return bool(cursor.fetchone()[0])


def until_somebody_waits() -> None:
    deadline = time.monotonic() + 5
    while not is_waiting() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_whoever_saves_what_the_check_holds_waits_a_moment_and_the_check_sees_it(run, gleb, monkeypatch):
    """The same article is saved by hand while the file that holds it is checked."""
    waited: list[float] = []

    def save_by_hand() -> None:
        begun = time.monotonic()
        try:
            make_product("Свой", code="С-3", by=gleb)
            waited.append(time.monotonic() - begun)
        finally:
            connection.close()

    somebody = threading.Thread(target=save_by_hand)

    def begin() -> None:
        somebody.start()
        until_somebody_waits()

    parts = Parts(monkeypatch, begin)
    work_on(run, write=False)
    somebody.join(20)
    assert run.state == "checked", run.trouble
    assert waited and waited[0] < 3, "the page of whoever saves gives up after three seconds"
    assert parts.count == 2 + 4, "the check let two parts go and took all four anew"
    assert run.findings["tables"]["0"] == {"new": 39, "bad": 1}
    assert [row.number for row in run.rows.filter(fate="bad")] == [5]
    assert list(Product.objects.values_list("code", "name_ru")) == [("С-3", "Свой")]


def test_a_check_that_is_never_left_alone_is_broken_off_with_words_and_may_be_tried_again(run, gleb, monkeypatch):
    monkeypatch.setattr(running, "TURNS", 1)
    somebody = threading.Thread(target=lambda: (make_product(code="С-3", by=gleb), connection.close()))

    def begin() -> None:
        somebody.start()
        until_somebody_waits()

    Parts(monkeypatch, begin)
    work_on(run, write=False)
    somebody.join(20)
    assert (run.state, run.trouble.startswith("С записями из этого файла всё время работают")) == ("failed", True)
    assert running.may_check_again(run)
    assert Product.objects.count() == 1


def test_a_check_is_cancelled_between_two_parts_and_nothing_stays(run, monkeypatch):
    monkeypatch.setattr(telling, "EVERY", 0)

    def cancel() -> None:
        somebody = threading.Thread(target=lambda: (cancel_run(run), connection.close()))
        somebody.start()
        somebody.join(20)

    parts = Parts(monkeypatch, cancel)
    work_on(run, write=False)
    assert (run.state, parts.count, Product.objects.count(), run.rows.count()) == ("cancelled", 2, 0, 0)


def test_two_checks_are_worked_on_one_after_the_other_and_writing_waits_for_neither(run, gleb):
    other = opened(gleb, "again.csv", CONTENT)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        for each, write in ((run, False), (other, False), (run, True)):
            running.defer(each, write=write)
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        [worker] = cursor.fetchone()
        taken = []
        for _turn in range(3):
            cursor.execute("SELECT id, args FROM procrastinate_fetch_job_v2('{imports}', %s)", [worker])
            taken.append(cursor.fetchone())
        told = [json.loads(args) for _number, args in taken[:2]]
        assert told == [{"run_id": run.pk, "write": False}, {"run_id": run.pk, "write": True}]
        assert taken[2] == (None, None), "the second check waits for the first"
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)", [taken[0][0]])
        cursor.execute("SELECT args FROM procrastinate_fetch_job_v2('{imports}', %s)", [worker])
        assert json.loads(cursor.fetchone()[0]) == {"run_id": other.pk, "write": False}
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers WHERE id = %s", [worker])


def held_by_somebody(records, seconds: float) -> threading.Thread:
    """Somebody who holds these rows for a while in a transaction of his own."""
    has_begun = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(records.select_for_update())
            has_begun.set()
            time.sleep(seconds)
        connection.close()

    somebody = threading.Thread(target=hold)
    somebody.start()
    assert has_begun.wait(5)
    return somebody


def told_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def renaming(run: ImportRun, by) -> ImportRun:
    """The same file as a change of products that are known already by their article."""
    [table] = run.plan["tables"]
    return plan_run(run, plan_from({**run.plan, "tables": [{**table, "keys": ["code"], "on_match": "update"}]}), by=by)


def test_a_check_that_waits_itself_lets_go_after_a_moment_and_begins_anew(run, gleb, monkeypatch):
    make_product("Старый", code="С-35", by=gleb)
    ImportRun.objects.filter(pk=run.pk).update(state="planning")
    run = renaming(ImportRun.objects.get(pk=run.pk), gleb)
    open_before = told_connections()
    somebody = held_by_somebody(Product.objects.filter(code="С-35"), 1.6)
    parts = Parts(monkeypatch, lambda: None)
    work_on(run, write=False)
    somebody.join(20)
    assert (run.state, run.trouble) == ("checked", "")
    assert run.findings["tables"]["0"] == {"new": 39, "changed": 1}
    assert parts.count > 4, "three parts were let go"
    deadline = time.monotonic() + 5
    while told_connections() > open_before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert told_connections() == open_before, "no second connection stays open"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('lock_timeout') = reset_val FROM pg_settings WHERE name = 'lock_timeout'"
        )
        assert cursor.fetchone() == (True,)


def test_new_work_with_a_customer_whom_the_check_changes_waits_for_nothing(gleb, settings, tmp_path, monkeypatch):
    ensure_shipped_roles()
    settings.DATA = tmp_path
    parties = [make_party(f"Завод {number}", owner=gleb) for number in range(4)]
    run = opened(gleb, "p.csv", "Название;Город\n" + "".join(f"Завод {number};Омск\n" for number in range(4)))
    monkeypatch.setattr(planned, "CHUNK", 1)
    monkeypatch.setattr(telling, "EVERY", 0)
    [table] = run.plan["tables"]
    table = {**table, "keys": ["name"], "on_match": "update"}
    run = plan_run(run, plan_from({**run.plan, "tables": [table]}), by=gleb)

    def new_deal() -> None:
        make_deal(party=parties[0], owner=gleb)
        connection.close()

    def begin() -> None:
        somebody = threading.Thread(target=new_deal)
        somebody.start()
        somebody.join(8)

    parts = Parts(monkeypatch, begin)
    work_on(run, write=False)
    assert (run.state, run.findings["tables"]["0"]) == ("checked", {"changed": 4})
    assert (parts.count, Deal.objects.count()) == (4, 1), "the check stepped aside for nobody"
