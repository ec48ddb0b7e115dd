"""Added fields in files: taken in with new and known records, given out, taken in again."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from krug.administration.testing import make_attribute
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.receiving import start_run
from krug.exchange.importing.running import plan_run, work_on, write_run
from krug.exchange.models import ImportRun
from krug.parties.models import Party


def taken_in(text: str, by: Any, **changes: Any) -> ImportRun:
    run = start_run([SimpleUploadedFile("customers.csv", text.encode())], by=by)
    plan = plan_from({**run.plan, "tables": [{**table, **changes} for table in run.plan["tables"]]})
    run = plan_run(run, plan, by=by)
    work_on(run, write=False)
    assert run.state == "checked", run.trouble
    run = write_run(run, by=by)
    work_on(run, write=True)
    assert run.state == "done", run.trouble
    return run


@pytest.mark.django_db
def test_columns_named_like_added_fields_are_taken_in_with_new_and_known_records(gleb, settings, tmp_path):
    settings.DATA = tmp_path
    storeys = make_attribute("Storeys", kind="number", name_ru="Этажность")
    kind = make_attribute("House class", kind="choice", name_ru="Класс дома", values=["A", "B"])
    head = "Название;Город;Этажность;Класс дома\n"
    taken_in(f"{head}Альфа;Омск;12,5;A\nБета;Уфа;;B\n", gleb)
    known = {party.display_name: party.custom for party in Party.objects.all()}
    first, second = kind.values.order_by("id")
    assert known == {
        "Альфа": {storeys.key: "12.50", kind.key: first.pk},
        "Бета": {kind.key: second.pk},
    }
    run = taken_in(f"{head}Альфа;Омск;14;A\nГамма;Тверь;много;A\n", gleb, on_match="update")
    assert Party.objects.get(display_name="Альфа").custom[storeys.key] == "14.00"
    assert run.findings["tables"]["0"]["bad"] == 1
    assert not Party.objects.filter(display_name="Гамма").exists()
