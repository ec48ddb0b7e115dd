"""An import whose process was killed is found, said to be broken off, and checked again."""

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
from django.test import Client
from psycopg.conninfo import make_conninfo

from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.exchange.importing.running import end_lost_runs, work_on
from krug.exchange.models import ImportRun
from krug.integrations.tests.test_maven_crm import small_set
from krug.parties.models import Party

pytestmark = pytest.mark.django_db(transaction=True)
WORKS = """
import contextlib, os, sys, time
import django
from django.conf import settings
django.setup()
settings.DATA = sys.argv[1]
from krug.exchange.importing import running
from krug.exchange.models import ImportRun

run = ImportRun.objects.select_related("created_by").get()
written = lambda done, total: (print("in the middle", flush=True), time.sleep(60)) if done else None
running.progress_of = lambda run, steps_aside: contextlib.nullcontext(written)
running.work_on(run, write=run.state == "writing")
"""


@pytest.fixture
def desk(gleb: Any, tmp_path: Any, settings: Any) -> Any:
    settings.DATA = tmp_path / "data"
    ensure_shipped_roles()
    client = Client()
    client.force_login(gleb)
    folder = tmp_path / "set"
    folder.mkdir()
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in sorted(small_set(folder).iterdir())]
    assert client.post("/import/", {"preset": "maven-crm", "files": files}).status_code == 303
    return client


def killed_in_the_middle(data: Any) -> None:
    """A process that works on the run and is killed before it can say anything."""
    given = connection.settings_dict
    address = make_conninfo(os.environ["DATABASE_URL"], dbname=given["NAME"])
    environment = os.environ | {"DATABASE_URL": address, "KRUG_TEST_DB": given["NAME"]}
    with subprocess.Popen(
        [sys.executable, "-c", WORKS, str(data)], env=environment, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout and worker.stdout.readline() == "in the middle\n"
        worker.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _others():
        time.sleep(0.05)


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state LIKE 'idle in transaction%%'"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("state", ["checking", "writing"])
def test_a_run_whose_process_was_killed_is_broken_off_and_checked_again(desk, settings, state):
    run = ImportRun.objects.get()
    ImportRun.objects.update(state=state)
    killed_in_the_middle(settings.DATA)
    assert end_lost_runs() == 0
    _forget_jobs()
    assert end_lost_runs() == 1
    run.refresh_from_db()
    assert run.state == "failed"
    assert not Party.objects.filter(source_system="maven-crm").exists()
    page = desk.get(f"/import/{run.pk}/").content.decode()
    assert run.trouble and run.trouble in page and f"/import/{run.pk}/again/" in page
    assert desk.post(f"/import/{run.pk}/again/").status_code == 303
    run.refresh_from_db()
    assert (run.state, run.trouble, end_lost_runs()) == ("checking", "", 0)
    work_on(run, write=False)
    assert (run.state, run.findings["created"]["deal"]) == ("checked", 1)


def test_a_finished_import_is_not_checked_again(desk):
    run = ImportRun.objects.get()
    work_on(run, write=False)
    assert desk.post(f"/import/{run.pk}/again/").status_code == 422
    run.refresh_from_db()
    assert run.state == "checked"


def _forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
