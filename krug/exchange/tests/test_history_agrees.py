"""Edits, bulk edits, merges, imports and what is taken back of them: tables and history agree, then and now."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Max
from hypothesis import HealthCheck, example, given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from krug.administration.testing import make_attribute
from krug.duplicates.merging.splitting import split_at_door
from krug.duplicates.merging.uniting import merge_at_door
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.receiving import start_run
from krug.exchange.importing.running import carry_out_now, take_run_back, undo_run
from krug.exchange.models import ImportRun
from krug.kernel.attributes.models import Attribute, AttributeIndex
from krug.kernel.doors import archive_record, change_record, restore_record
from krug.kernel.errors import No, NotFound
from krug.kernel.journal import jobs
from krug.kernel.journal.as_of import looking_at
from krug.kernel.journal.models import RowChange
from krug.kernel.journal.recording import begin_act, last_act
from krug.kernel.journal.runs import begin_undo, undo_one
from krug.kernel.journal.undo import undo_acts
from krug.kernel.listing.bulk import Deed, Selection, reading_for, start
from krug.kernel.models import ChangeRun, RecordMerge
from krug.kernel.registry import get_entity
from krug.parties.models import ContactPoint, Party
from krug.parties.testing import make_party, make_point

pytestmark = pytest.mark.django_db
BOOKKEEPING = {"version", "updated_at", "updated_by_id"}
WATCHED = (Party, ContactPoint)
WAYS = ("edit", "field", "bulk", "bulk field", "archive", "bring back", "merge", "split", "undo", "undo run", "import",
        "import again", "undo import")  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(WAYS), st.integers(0, 9)), min_size=2, max_size=9)
ONE_BASE = settings_of(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_files = count()


def snapshot() -> dict[tuple[str, int], dict[str, Any]]:
    """Every party and every means of contact, without what the database counts for itself."""
    return {
        (model._meta.db_table, row["id"]): {name: value for name, value in row.items() if name not in BOOKKEEPING}
        for model in WATCHED
        for row in model.objects.values()
    }


def moment() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def take_in(number: int, on_match: str, by: Any) -> None:
    """Five rows, of which some are known by their name."""
    lines = [f"Фирма {n};Город {number};8 (812) 555-01-{n:02d}" for n in range(number, number + 5)]
    content = "\r\n".join(["Название;Город;Телефон", *lines]).encode("cp1251")
    run = start_run([SimpleUploadedFile(f"f{next(_files)}.csv", content)], by=by)
    kept = {**run.plan, "tables": [{**table, "keys": ["name"], "on_match": on_match} for table in run.plan["tables"]]}
    run = carry_out_now(run, plan_from(kept), by=by, write=True)
    assert run.state == "done", run.trouble


def step(what: str, number: int, by: Any, acts: list[Any]) -> None:
    """One thing that somebody does, or tries."""
    entity, parties = get_entity("party"), list(Party.objects.filter(is_archived=False).order_by("pk"))
    one, two = (parties[(number + shift) % len(parties)] for shift in (0, 1))
    if what == "edit":
        change_record(entity, one.pk, {"employees": number, "city": f"Город {number % 3}"}, by=by)
        acts.append(last_act())
    elif what == "bulk":
        run = start(entity, Selection(is_all=True), Deed("edit", {"employees": str(number)}), reading_for(by))
        jobs.bulk_run.func(run.pk)
        acts += run.acts.values_list("act", flat=True)
    elif what == "field":
        change_record(entity, one.pk, {FLOORS.key: number or None}, by=by)
        acts.append(last_act())
    elif what == "bulk field":
        run = start(entity, Selection(is_all=True), Deed("edit", {FLOORS.key: str(number)}), reading_for(by))
        jobs.bulk_run.func(run.pk)
        acts += run.acts.values_list("act", flat=True)
    elif what == "archive":
        archive_record(entity, one.pk, by=by)
        acts.append(last_act())
    elif what == "bring back":
        away = Party.objects.filter(is_archived=True).order_by("pk").first()
        if away is not None:
            restore_record(entity, away.pk, by=by)
            acts.append(last_act())
    elif what == "undo run":
        run = ChangeRun.objects.filter(undoes=None, acts__isnull=False).exclude(kind="undo").order_by("-pk").first()
        if run is not None:
            undoing = begin_undo(run, by=by)
            jobs.undo_run.func(undoing.pk)
            acts += undoing.acts.values_list("act", flat=True)
    elif what == "merge":
        merge_at_door(entity, one.pk, [two.pk], choices={"city": two.pk}, by=by)
        acts.append(RecordMerge.objects.latest("pk").act)
    elif what == "split":
        merged = RecordMerge.objects.order_by("pk").first()
        if merged is not None:
            split_at_door(entity, merged.loser_id, by=by)
    elif what == "undo" and acts:
        acts.append(undo_one(acts[number % len(acts)], by=by).act)
    elif what.startswith("import"):
        take_in(number, "update" if what == "import again" else "skip", by)
    elif what == "undo import":
        run = ImportRun.objects.filter(state="done").first()
        if run is not None:
            run = undo_run(run, by=by)
            take_run_back(run)


WHOLE = [("import", 1), ("merge", 0), ("bulk", 4), ("bulk field", 3), ("import again", 3), ("split", 0), ("merge", 1),
         ("undo", 0), ("field", 7), ("archive", 1), ("undo import", 0), ("edit", 2), ("undo run", 0),
         ("bring back", 0), ("undo import", 0)]  # fmt: skip
THERE_AND_BACK = [("field", 5), ("edit", 1), ("bulk field", 2), ("archive", 0), ("merge", 0), ("import", 3),
                  ("undo", 1), ("bulk", 6), ("undo run", 0), ("bring back", 0), ("field", 0)]  # fmt: skip


@ONE_BASE
@given(steps=STEPS)
@example(steps=WHOLE)
def test_tables_and_history_agree_whatever_is_done_and_taken_back(gleb, settings, tmp_path, steps):
    settings.DATA = tmp_path
    last = beginning(gleb)
    told, acts = snapshot(), []
    kept = [(moment(), dict(told))]
    for what, number in steps:
        with suppress(No):
            step(what, number, gleb, acts)
        kept.append((moment(), snapshot()))
    for then, stood in kept:
        with looking_at(then):
            assert snapshot() == stood
    assert replayed(told, last) == plain(snapshot())


@ONE_BASE
@given(steps=STEPS)
@example(steps=THERE_AND_BACK)
@example(steps=WHOLE)
def test_taking_everything_back_leads_to_where_one_began(gleb, settings, tmp_path, steps):
    settings.DATA = tmp_path
    last = beginning(gleb)
    begun, acts = snapshot(), []
    for what, number in steps:
        with suppress(No):
            step(what, number, gleb, acts)
    done = RowChange.objects.filter(id__gt=last, act__isnull=False).values("act").annotate(last=Max("id"))
    for act in done.order_by("-last").values_list("act", flat=True):
        with suppress(NotFound):
            undo_acts([act], by=gleb)
    assert snapshot() == begun
    indexed = AttributeIndex.objects.filter(attribute_id=FLOORS.number).values_list("record_id", "number")
    held = {row.pk: Decimal(row.custom[FLOORS.key]) for row in Party.objects.all() if FLOORS.key in row.custom}
    assert dict(indexed) == held, "what filters ask is what stands in the records"


def beginning(by: Any) -> int:
    """Two customers with an added field; the number of the last change before the steps."""
    field = Attribute.objects.filter(entity="party", kind="number").first()
    field = field or make_attribute("Floors", kind="number", details={"places": "0"})
    FLOORS.key, FLOORS.number = field.key, field.pk
    begin_act(by)
    for number in (1, 2):
        make_point(f"8 (812) 555-02-0{number}", party=make_party(f"Фирма {number}", owner=by), by=by)
    return int(RowChange.objects.order_by("-id").values_list("id", flat=True)[0])


class FLOORS:
    """The added field of the steps."""

    key = ""
    number = 0


def plain(rows: dict[tuple[str, int], dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """The columns that the steps are about, as the history writes them."""
    about = ("display_name", "city", "employees", "is_archived", "party_id", "raw", "is_main")
    return {
        key: {name: row[name] for name in about if name in row} | (row.get("custom") or {}) for key, row in rows.items()
    }


def replayed(begun: dict[tuple[str, int], dict[str, Any]], last: int) -> dict[tuple[str, int], dict[str, Any]]:
    """The rows as the changes one after the other leave them; of a new row the history keeps no values."""
    now, alive = plain(snapshot()), plain(begun)
    for change in RowChange.objects.filter(id__gt=last, table_name__in=("party", "contact_point")).order_by("id"):
        key = (change.table_name, change.row_id)
        if change.kind == "D":
            alive.pop(key, None)
        elif change.kind == "I":
            alive[key] = dict(now.get(key, {}))
        else:
            known, new = alive.setdefault(key, {}), dict(change.new or {})
            for name in (change.old or {}).get("custom") or {}:
                known.pop(name, None)
            known.update(new.pop("custom", None) or {})
            known.update({name: value for name, value in new.items() if name in now.get(key, known)})
    return alive
