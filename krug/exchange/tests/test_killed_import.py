"""A writing that is killed goes on where it stood: each row once, no row twice, no row lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from psycopg.conninfo import make_conninfo

from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.exchange.importing import planned
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.receiving import start_run
from krug.exchange.importing.running import end_lost_runs, plan_run, take_run_back, undo_run, work_on, write_run
from krug.exchange.models import ImportRun
from krug.kernel.models import SearchDocument
from krug.parties.models import Party

pytestmark = pytest.mark.django_db(transaction=True)
ROWS, REACHED, CHUNK = 350, 200, 100
WORKS = """
import sys, time
import django
from django.conf import settings
django.setup()
settings.DATA = sys.argv[1]
from krug.exchange.importing import planned, running
from krug.exchange.models import ImportRun

planned.CHUNK = 100
index = planned.index_all
def third_chunk(entity, ids):
    index(entity, ids)
    if work.place and work.place[1] >= 200:
        print("in the middle", flush=True)
        time.sleep(60)
planned.index_all = third_chunk
work = ImportRun.objects.select_related("created_by").get()
running.work_on(work, write=True)
"""


def killed_in_the_third_chunk(data: Any) -> None:
    """A process that is killed when the rows of its third chunk are written, but not committed."""
    given = connection.settings_dict
    address = make_conninfo(os.environ["DATABASE_URL"], dbname=given["NAME"])
    environment = os.environ | {"DATABASE_URL": address, "KRUG_TEST_DB": given["NAME"]}
    with subprocess.Popen(
        [sys.executable, "-c", WORKS, str(data)], env=environment, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout and worker.stdout.readline() == "in the middle\n"
        worker.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _open_elsewhere():
        time.sleep(0.05)


def _open_elsewhere() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state LIKE 'idle in transaction%%'"
        )
        return int(cursor.fetchone()[0])


def test_a_killed_writing_goes_on_and_is_exact(gleb, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(planned, "CHUNK", CHUNK)
    ensure_shipped_roles()
    settings.DATA = tmp_path
    lines = ["Название;Сотрудников", *(f"Завод {number};{number % 90 if number % 50 else 'много'}"
                                       for number in range(ROWS))]  # fmt: skip
    run = start_run([SimpleUploadedFile("заводы.csv", "\n".join(lines).encode())], by=gleb)
    run = plan_run(run, plan_from(run.plan), by=gleb)
    work_on(run, write=False)
    checked = run.findings["tables"]
    assert (run.state, checked) == ("checked", {"0": {"new": ROWS - 7, "bad": 7}})
    run = write_run(run, by=gleb)
    killed_in_the_third_chunk(tmp_path)
    run.refresh_from_db()
    assert (run.state, run.place, run.done) == ("writing", [0, REACHED + 1], REACHED)
    assert Party.objects.filter(display_name__startswith="Завод").count() == REACHED - 4
    assert run.rows.count() == REACHED
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert end_lost_runs() == 1
    run = ImportRun.objects.select_related("created_by").get()
    work_on(run, write=True)
    assert (run.state, run.findings["tables"], run.done) == ("done", checked, ROWS)
    names = list(Party.objects.filter(display_name__startswith="Завод").values_list("display_name", flat=True))
    assert sorted(names) == sorted(f"Завод {number}" for number in range(ROWS) if number % 50)
    numbers = list(run.rows.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(2, ROWS + 2))
    parties = Party.objects.filter(display_name__startswith="Завод").values("pk")
    assert SearchDocument.objects.filter(entity="party", record_id__in=parties).count() == ROWS - 7
    take_run_back(undo_run(run, by=gleb))
    assert not Party.objects.filter(display_name__startswith="Завод").exists()
