"""Long exports by the API: followed, taken, stopped, and only one's own."""

from __future__ import annotations

import pytest
from django.test import Client

from krug.exchange.exporting import files
from krug.exchange.exporting.files import work_on_export
from krug.exchange.models import ExportRun
from krug.kernel.tests.test_api import Program
from krug.parties.testing import make_party


@pytest.fixture
def run(anna, settings, tmp_path, monkeypatch) -> ExportRun:
    settings.DATA = tmp_path
    monkeypatch.setattr(files, "AT_ONCE", 1)
    for place in range(3):
        make_party(f"Фирма {place}", owner=anna)
    client = Client()
    client.force_login(anna)
    client.get("/parties/export/", {"format": "jsonl", "columns": "display_name"})
    return ExportRun.objects.get()


@pytest.mark.django_db(transaction=True)
def test_an_export_is_followed_and_its_file_taken_by_its_owner_alone(run, anna, boris):
    program, stranger = Program(anna), Program(boris)
    address = f"/exports/{run.pk}/"
    assert program.call("GET", address).json()["state"] == "working"
    assert program.call("GET", f"{address}file/").status_code == 404
    work_on_export(run)
    told = program.call("GET", address).json()
    assert (told["state"], told["done"], told["total"], told["entity"]) == ("ready", 3, 3, "party")
    assert [each["id"] for each in program.call("GET", "/exports/").json()["results"]] == [run.pk]
    body = b"".join(program.call("GET", f"{address}file/").streaming_content).decode()
    assert [line.count("Фирма") for line in body.splitlines()] == [1, 1, 1]
    assert stranger.call("GET", "/exports/").json() == {"results": []}
    for method, way in (("GET", address), ("GET", f"{address}file/"), ("POST", f"{address}cancel/")):
        assert stranger.call(method, way, {} if method == "POST" else None).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_export_that_waits_is_stopped_and_writes_nothing(run, anna):
    answer = Program(anna).call("POST", f"/exports/{run.pk}/cancel/", {})
    assert answer.status_code == 202, answer.content
    assert Program(anna).call("POST", f"/exports/{run.pk}/cancel/", {"now": True}).status_code == 400
    run.refresh_from_db()
    work_on_export(run)
    assert (run.state, run.size) == ("cancelled", 0)
