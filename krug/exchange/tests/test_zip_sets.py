"""A zip of several files: each is taken, and one that can not be opened leaves nothing behind."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.exchange.importing import opening
from krug.exchange.importing.receiving import open_run, start_run
from krug.exchange.importing.running import end_lost_runs, may_check_again
from krug.exchange.jobs import open_import
from krug.exchange.models import ImportRun

pytestmark = pytest.mark.django_db


def packed(*parts: tuple[str, str], break_it: bool = False) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if break_it else zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts:
            archive.writestr(name, text)
    return SimpleUploadedFile("set.zip", out.getvalue().replace(b"Red", b"Rex", 1) if break_it else out.getvalue())


def opened(*uploads: SimpleUploadedFile, by) -> ImportRun:
    """As the job opens what was stored."""
    run = start_run(uploads, by=by)
    assert (run.state, run.plan) == ("opening", {})
    open_run(run)
    return run


def test_a_zip_is_only_stored_by_the_request_and_opened_by_a_job(gleb, settings, tmp_path):
    settings.DATA = tmp_path
    run = start_run([packed(("data.csv", "Name\nRed\n"))], by=gleb)
    assert (run.state, list(run.files), len(list(tmp_path.rglob("*/*/*")))) == ("opening", ["set.zip"], 1)
    open_import(run.pk)
    run.refresh_from_db()
    assert (run.state, list(run.files), run.plan["tables"][0]["table"]) == ("planning", ["data.csv"], "data.csv")
    open_import(run.pk)
    assert ImportRun.objects.get(pk=run.pk).files == run.files


def test_the_page_of_a_set_waits_and_then_leads_to_its_plan(gleb, settings, tmp_path):
    settings.DATA = tmp_path
    ensure_shipped_roles()
    client = Client()
    client.force_login(gleb)
    client.post("/import/", {"files": packed(("data.csv", "Name\nRed\n"))})
    run = ImportRun.objects.get()
    assert 'hx-trigger="every 1s"' in client.get(f"/import/{run.pk}/").content.decode()
    open_run(run)
    part = client.get(f"/import/{run.pk}/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, f"/import/{run.pk}/")
    assert "data.csv" in client.get(f"/import/{run.pk}/").content.decode()


def test_files_of_one_name_in_a_zip_are_both_taken(gleb, settings, tmp_path):
    settings.DATA = tmp_path
    run = opened(packed(("a/data.csv", "Name\nRed\n"), ("b/data.csv", "Name\nBlue\n")), by=gleb)
    assert sorted(run.files) == ["b/data.csv", "data.csv"]


def broken_off(run: ImportRun, tmp_path) -> str:
    """The reason for which a set was not taken; nothing of it is left."""
    assert (run.state, run.plan, list(tmp_path.rglob("*/*/*")), may_check_again(run)) == ("failed", {}, [], False)
    return run.trouble


def test_a_broken_zip_is_refused_and_leaves_nothing(gleb, settings, tmp_path):
    settings.DATA = tmp_path
    run = opened(packed(("data.csv", "Name\nRed\n"), break_it=True), by=gleb)
    assert "повреждён или закрыт паролем" in broken_off(run, tmp_path)


def test_too_many_files_are_refused_before_any_is_written(gleb, settings, tmp_path):
    settings.DATA = tmp_path
    run = opened(packed(*((f"{number}.csv", "Name\nRed\n") for number in range(51))), by=gleb)
    assert "не больше 50 файлов" in broken_off(run, tmp_path)


def test_a_zip_that_grows_beyond_measure_is_refused_before_it_is_unpacked(gleb, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(opening, "SMALL", 1_000)
    run = opened(packed(("data.csv", "Name\n" + "a" * 500_000)), by=gleb)
    assert "в 100 раз" in broken_off(run, tmp_path)


def test_a_set_whose_job_is_gone_is_broken_off(gleb, settings, tmp_path):
    settings.DATA = tmp_path
    run = ImportRun.objects.create(created_by=gleb, state="opening")
    assert end_lost_runs() == 0
    ImportRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert end_lost_runs() == 1
    run.refresh_from_db()
    assert (run.state, may_check_again(run)) == ("failed", False)
