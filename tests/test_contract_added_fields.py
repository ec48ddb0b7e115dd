"""Added fields of any type: changed for many at once and taken back, counted as of a day, marked and worked out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from krug.administration.actions.recalculation import keep_up
from krug.administration.testing import make_attribute
from krug.kernel.attributes.catalogue import look_again
from krug.kernel.attributes.serving import is_extensible
from krug.kernel.journal import jobs
from krug.kernel.journal.as_of import looking_at
from krug.kernel.models import ChangeRun
from krug.kernel.registry import get_entity
from krug.kernel.testing.contract import codes, make
from krug.kernel.tests.test_api import Program

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]
extensible = pytest.mark.parametrize("code", [code for code in codes() if is_extensible(get_entity(code))])


def moment() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@extensible
def test_an_added_field_is_changed_for_many_at_once_and_taken_back(code, gleb, client):
    entity, record = get_entity(code), make(get_entity(code), gleb)
    number, choice = (
        make_attribute("Height", entity=code, kind="number", details={"places": "0"}),
        make_attribute("Class", entity=code, kind="choice", values=["A", "B"]),
    )
    value = choice.values.order_by("pk").first()
    client.force_login(gleb)
    url = f"{entity.url()}bulk/"
    offered = client.post(url, {"all": "true"}).content.decode()
    assert all(f'value="{each.key}"' in offered for each in (number, choice))
    sent = {"id": str(record.pk), "deed": "edit", "pick": [number.key, choice.key]}
    sent |= {number.key: "12", choice.key: str(value.pk)}
    assert "12" in client.post(url, {**sent, "step": "preview"}).content.decode()
    answer = client.post(url, {**sent, "step": "run"})
    run = ChangeRun.objects.latest("pk")
    assert answer.headers["Location"] == f"/journal/runs/{run.pk}/"
    then = moment()
    jobs.bulk_run.func(run.pk)
    assert held(entity, record) == {number.key: "12", choice.key: value.pk}
    since = moment()
    tree = json.dumps({"field": number.key, "operator": "eq", "value": "12"})
    told = {each: Program(gleb).call("GET", f"/{entity.plural_url}/count?filter={tree}&as_of={each.isoformat()[:26]}Z")
            for each in (then, since)}  # fmt: skip
    if has_past(entity):
        assert [answer.json()["count"] for answer in told.values()] == [0, 1]
    client.post(f"/journal/runs/{run.pk}/undo/")
    jobs.undo_run.func(ChangeRun.objects.latest("pk").pk)
    assert held(entity, record) == {}
    if has_past(entity):
        with looking_at(since):
            assert held(entity, record) == {number.key: "12", choice.key: value.pk}


@extensible
def test_a_formula_of_any_type_is_found_before_and_after_it_is_kept_and_as_of_a_day(code, gleb):
    entity, record = get_entity(code), make(get_entity(code), gleb)
    number = make_attribute("Height", entity=code, kind="number")
    twice = make_attribute("Twice", entity=code, kind="formula", details={"formula": "[Height] * 2"})
    program = Program(gleb)
    url = f"/{entity.plural_url}/{record.pk}/"
    assert program.call("PATCH", url, {number.key: "4"}).json()[twice.key] == "8"
    then = f"{moment().isoformat()[:26]}Z"
    keep_up()
    assert program.call("PATCH", url, {number.key: "5"}).json()[twice.key] == "10"
    look_again()
    assert entity.fields[twice.key].is_indexed(gleb)
    assert (count(program, entity, twice.key, "10"), count(program, entity, twice.key, "8")) == (1, 0)
    if has_past(entity):
        assert count(program, entity, twice.key, "8", then) == 1
        assert count(program, entity, twice.key, "10", then) == 0


def has_past(entity: Any) -> bool:
    """People, teams and roles are shown only as they are today, and say so (krug/kernel/tests/test_api_past.py)."""
    return bool(entity.model._meta.app_label != "access")


def count(program: Program, entity: Any, key: str, value: str, then: str = "") -> int:
    tree = json.dumps({"field": key, "operator": "eq", "value": value})
    answer = program.call("GET", f"/{entity.plural_url}/count?filter={tree}" + (f"&as_of={then}" if then else ""))
    return int(answer.json()["count"])


def held(entity: Any, record: Any) -> dict[str, Any]:
    return dict(entity.model._default_manager.values_list("custom", flat=True).get(pk=record.pk))
