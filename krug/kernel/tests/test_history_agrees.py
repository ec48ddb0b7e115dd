"""Whatever people do and take back, the tables stand as the history says, then and now."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from krug.kernel.doors import archive_record, change_record, create_record, restore_record
from krug.kernel.errors import No
from krug.kernel.journal import jobs
from krug.kernel.journal.as_of import looking_at
from krug.kernel.journal.models import RowChange
from krug.kernel.journal.recording import last_act
from krug.kernel.journal.runs import undo_one
from krug.kernel.listing.bulk import Deed, Selection, reading_for, start
from krug.kernel.registry import get_entity
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db
BOOKKEEPING = {"version", "updated_at", "updated_by_id"}
STEPS = st.lists(
    st.tuples(st.sampled_from(["edit", "bulk", "archive", "restore", "create", "undo"]), st.integers(0, 9)),
    min_size=1,
    max_size=8,
)


def snapshot() -> dict[int, dict[str, Any]]:
    """Every party, without what the database counts for itself."""
    return {
        row["id"]: {name: value for name, value in row.items() if name not in BOOKKEEPING}
        for row in Party.objects.values()
    }


def moment() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def step(what: str, number: int, by: Any, acts: list[Any]) -> None:
    """One thing that somebody does, or tries."""
    entity, parties = get_entity("party"), list(Party.objects.order_by("pk"))
    one = parties[number % len(parties)] if parties else None
    if what == "create":
        create_record(entity, {"display_name": f"Новый {number}"}, by=by)
    elif what == "undo":
        if acts:
            acts.append(undo_one(acts[number % len(acts)], by=by).act)
        return
    elif one is None:
        return
    elif what == "edit":
        change_record(entity, one.pk, {"employees": number, "city": f"Город {number % 3}"}, by=by)
    elif what == "bulk":
        run = start(entity, Selection(is_all=True), Deed("edit", {"employees": str(number)}), reading_for(by))
        jobs.bulk_run.func(run.pk)
        acts += run.acts.values_list("act", flat=True)
        return
    else:
        (archive_record if what == "archive" else restore_record)(entity, one.pk, by=by)
    acts.append(last_act())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_every_moment_is_seen_again_as_it_was(anna, steps):
    make_party(owner=anna, employees=1)
    acts: list[Any] = []
    kept = [(moment(), snapshot())]
    for what, number in steps:
        with suppress(No):
            step(what, number, anna, acts)
        kept.append((moment(), snapshot()))
    for then, stood in kept:
        with looking_at(then):
            assert snapshot() == stood


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_an_undoing_undone_is_the_same_as_none(anna, steps):
    make_party(owner=anna, employees=1)
    acts: list[Any] = []
    for what, number in steps:
        try:
            step(what, number, anna, acts)
        except No:
            continue
    for act in acts[-2:]:
        before = snapshot()
        try:
            undone = undo_one(act, by=anna)
        except No:
            assert snapshot() == before
            continue
        undo_one(undone.act, by=anna)
        assert snapshot() == before


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_tables_stand_as_the_changes_one_after_the_other_say(anna, steps):
    party = make_party(owner=anna, employees=1)
    acts: list[Any] = []
    told = dict(snapshot()[party.pk])
    last = RowChange.objects.order_by("-id").values_list("id", flat=True)[0]
    for what, number in steps:
        try:
            step(what, number, anna, acts)
        except No:
            continue
    for change in RowChange.objects.filter(id__gt=last, table_name="party", row_id=party.pk).order_by("id"):
        told.update(change.new or {})
    now = snapshot().get(party.pk)
    assert now is not None
    assert {name: told[name] for name in ("employees", "city", "is_archived")} == {
        name: now[name] for name in ("employees", "city", "is_archived")
    }
