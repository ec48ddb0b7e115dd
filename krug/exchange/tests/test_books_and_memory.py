"""Old workbooks are read too, and what was planned for files of one shape is remembered for the next."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from krug.exchange.importing.opening import open_any
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.receiving import start_run
from krug.exchange.importing.running import plan_run, work_on, write_run
from krug.kernel.testing.shared import shared
from krug.parties.models import Party
from krug.parties.testing import make_party


def test_a_real_workbook_of_the_old_form_is_read_row_by_row():
    orders, *_others = open_any(shared("data/orders/superstore/Sample - Superstore.xls"))
    assert orders.columns[:3] == ("Row ID", "Order ID", "Order Date")
    rows = list(orders.rows())
    assert len(rows) > 9_000
    assert rows[0].values["Customer Name"] == "Claire Gute"
    assert rows[0].values["Order Date"] == "2016-11-08"


@pytest.fixture
def bring(gleb, settings, tmp_path):
    """Bring a table and give the run."""
    settings.DATA = tmp_path
    return lambda text: start_run([SimpleUploadedFile("firms.csv", text.encode())], by=gleb)


@pytest.mark.django_db
def test_the_plan_of_the_last_import_of_the_same_columns_is_offered_again(bring, gleb):
    run = bring("A;B\nРомашка;Омск\n")
    table = run.plan["tables"][0]
    assert [column["target"] for column in table["columns"]] != ["display_name", "city"]
    columns = [
        {**column, "target": target} for column, target in zip(table["columns"], ("display_name", "city"), strict=True)
    ]
    plan = {**run.plan, "tables": [{**table, "entity": "party", "columns": columns, "keys": []}]}
    run = plan_run(run, plan_from(plan), by=gleb)
    work_on(run, write=False)
    run = write_run(run, by=gleb)
    work_on(run, write=True)
    assert Party.objects.get().city == "Омск"
    again = bring("A;B\nВасилёк;Тула\n")
    assert [column["target"] for column in again.plan["tables"][0]["columns"]] == ["display_name", "city"]
    other = bring("A;C\nВасилёк;Тула\n")
    assert [column["target"] for column in other.plan["tables"][0]["columns"]] != ["display_name", "city"]


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["ods", "xlsx"])
def test_a_book_of_either_open_form_is_read_as_it_was_written(gleb, client, tmp_path, ending):
    make_party("Ромашка", owner=gleb, city="Омск", employees=12)
    client.force_login(gleb)
    answer = client.get("/parties/export/", {"format": ending, "columns": "display_name,city,employees"})
    book = tmp_path / f"firms.{ending}"
    book.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    (row,) = next(table for table in open_any(book) if "Город" in table.columns).rows()
    assert list(row.values.values())[1:] == ["Ромашка", "Омск", "12"]
