"""Imports by the API: files in, a plan, fates, then written, stopped, taken back; within rights and as published."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.exchange.importing.running import take_run_back, work_on
from krug.exchange.models import ImportRun
from krug.kernel.api.service import published
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.testing.shared import shared
from krug.kernel.tests.test_api import Program
from krug.parties.models import Contact, ContactPosition, Party
from krug.sales.models import Deal, DealContact

pytestmark = pytest.mark.django_db
PLAIN = "Название;Город;Сайт\nРомашка;Самара;romashka.ru\n;Казань;\nВасилёк;Омск;\n"


@pytest.fixture
def program(gleb, settings, tmp_path):
    ensure_shipped_roles()
    settings.DATA = tmp_path
    return Program(gleb)


def send(program: Program, files: dict[str, bytes], *, once: str = "", **fields: str) -> Any:
    given = [SimpleUploadedFile(name, content) for name, content in files.items()]
    head = program.head | ({"Idempotency-Key": once} if once else {})
    return program.client.post("/api/v1/imports/", {"files": given, **fields}, headers=head)


def post(program: Program, number: int, word: str, body: Any = None) -> Any:
    return program.call("POST", f"/imports/{number}/{word}/", body if body is not None else {})


def work(number: int, *, write: bool) -> ImportRun:
    """What the job does."""
    work_on(ImportRun.objects.select_related("created_by").get(pk=number), write=write)
    return ImportRun.objects.select_related("created_by").get(pk=number)


def test_a_file_is_planned_checked_written_and_taken_back(program):
    begun = send(program, {"customers.csv": PLAIN.encode()})
    assert begun.status_code == 201, begun.content
    run = begun.json()
    assert (run["state"], run["files"], run["plan"]["tables"][0]["entity"]) == ("planning", ["customers.csv"], "party")
    columns = [
        {"column": "Название", "target": "display_name"},
        {"column": "Город", "target": "city"},
        {"column": "Сайт"},
    ]
    plan = {"tables": [{"table": "customers.csv", "columns": columns, "keys": ["name"], "on_match": "skip"}]}
    planned = post(program, run["id"], "plan", {"plan": plan})
    assert (planned.status_code, planned.json()["state"]) == (202, "checking")
    work(run["id"], write=False)
    told = program.call("GET", f"/imports/{run['id']}/").json()
    assert (told["state"], told["fates"]) == ("checked", {"customers.csv": {"new": 2, "bad": 1}})
    assert not Party.objects.filter(display_name="Ромашка").exists()
    assert post(program, run["id"], "write").json()["state"] == "writing"
    work(run["id"], write=True)
    assert set(Party.objects.values_list("display_name", "city")) >= {("Ромашка", "Самара"), ("Василёк", "Омск")}
    rows = program.call("GET", f"/imports/{run['id']}/rows/?fate=bad").json()
    assert [(row["table"], row["number"], row["id"]) for row in rows["results"]] == [("customers.csv", 3, None)]
    file = program.call("GET", f"/imports/{run['id']}/refused/")
    assert file["Content-Type"].startswith("text/csv") and "attachment" in file["Content-Disposition"]
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and lines[1].startswith(";Казань;;")
    assert post(program, run["id"], "undo").json()["state"] == "undoing"
    take_run_back(ImportRun.objects.select_related("created_by").get(pk=run["id"]))
    assert program.call("GET", f"/imports/{run['id']}/").json()["state"] == "undone"
    assert not Party.objects.filter(display_name__in=("Ромашка", "Василёк")).exists()


def test_an_import_is_undone_by_any_of_its_acts_like_everything_else(program, anna):
    run = send(program, {"customers.csv": PLAIN.encode()}).json()
    post(program, run["id"], "plan")
    work(run["id"], write=False)
    post(program, run["id"], "write")
    [act, *_more] = work(run["id"], write=True).acts
    assert Program(anna).call("POST", f"/acts/{act}/undo/").json()["code"] == "PART"
    answer = program.call("POST", f"/acts/{act}/undo/")
    assert (answer.status_code, answer.json()["whole"]) == (202, f"/api/v1/imports/{run['id']}/")
    assert program.call("POST", f"/acts/{act}/undo/").json()["code"] == "WRONG_STATE"
    take_run_back(ImportRun.objects.select_related("created_by").get(pk=run["id"]))
    assert program.call("GET", f"/imports/{run['id']}/").json()["state"] == "undone"
    assert not Party.objects.exists()


def test_files_sent_twice_under_one_key_become_one_import(program):
    first = send(program, {"customers.csv": PLAIN.encode()}, once="monday")
    again = send(program, {"customers.csv": PLAIN.encode()}, once="monday")
    assert (again.status_code, again.json(), again["Idempotent-Replay"]) == (201, first.json(), "true")
    assert send(program, {"customers.csv": PLAIN.encode() + b"x;y;z"}, once="monday").status_code == 422
    assert ImportRun.objects.count() == 1


def test_rows_come_page_by_page_each_once(program):
    run = send(program, {"customers.csv": PLAIN.encode()}).json()
    post(program, run["id"], "plan")
    work(run["id"], write=False)
    seen, after = [], ""
    while True:
        page = program.call("GET", f"/imports/{run['id']}/rows/?limit=1{after}").json()
        seen += [(row["fate"], row["number"]) for row in page["results"]]
        if not page["next"]:
            break
        after = f"&after={page['next']}"
    assert seen == [("bad", 3), ("new", 2), ("new", 4)]
    assert program.call("GET", f"/imports/{run['id']}/rows/?after=7777777").status_code == 400
    assert program.call("GET", f"/imports/{run['id']}/rows/?fate=odd").status_code == 400


@pytest.mark.parametrize(
    "plan",
    [
        {},
        {"tables": [{}]},
        {"tables": [{"table": "nowhere.csv"}]},
        {"tables": [{"table": "customers.csv", "entity": "grant"}]},
        {"tables": [{"table": "customers.csv", "entity": 17}]},
        {"tables": [{"table": "customers.csv", "keys": ["shoe size"]}]},
        {"tables": [{"table": "customers.csv", "on_match": "drop table"}]},
        {"tables": [{"table": "customers.csv", "columns": [{"column": "Цвет", "target": "city"}]}]},
        {"tables": [{"table": "customers.csv", "columns": [{"column": "Город", "target": "is_archived"}]}]},
        {"tables": [{"table": "customers.csv", "columns": [{"column": "Город", "target": "city", "by": "id"}]}]},
        {"tables": [{"table": "customers.csv", "columns": [{"column": "Город", "words": {"a": 1}}]}]},
        {"tables": [], "run_as": "root"},
    ],
)
def test_a_plan_that_can_not_be_read_is_refused_and_changes_nothing(program, plan):
    run = send(program, {"customers.csv": PLAIN.encode()}).json()
    refused = post(program, run["id"], "plan", {"plan": plan})
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    kept = ImportRun.objects.get(pk=run["id"])
    assert (kept.state, kept.plan) == ("planning", run["plan"])


def test_nothing_is_taken_in_without_the_right_or_without_files(program, settings):
    reader = Program(make_user(role=make_role("reads", {"*": ("all", [])})))
    assert send(reader, {"customers.csv": PLAIN.encode()}).status_code == 403
    assert send(program, {}).status_code == 422
    assert send(program, {"customers.csv": PLAIN.encode()}, colour="red").status_code == 400
    settings.KRUG_IMPORT_MB = 0
    assert send(program, {"customers.csv": PLAIN.encode()}).json()["code"] == "FILE_TOO_LARGE"
    assert not ImportRun.objects.exists()


def test_the_import_of_somebody_else_is_none(program):
    run = send(program, {"customers.csv": PLAIN.encode()}).json()
    other = Program(make_user(role=make_role("takes in", {"*": ("all", ["import", "create", "change"])})))
    for path in ("", "rows/", "refused/"):
        assert other.call("GET", f"/imports/{run['id']}/{path}").status_code == 404
    for word in ("plan", "write", "cancel", "again", "undo"):
        assert post(other, run["id"], word).status_code == 404
    assert other.call("GET", "/imports/").json() == {"results": []}
    assert ImportRun.objects.get(pk=run["id"]).state == "planning"


def test_an_act_out_of_its_time_is_refused_and_a_running_import_is_stopped(program):
    run = send(program, {"customers.csv": PLAIN.encode()}).json()
    for word in ("write", "undo", "again"):
        assert post(program, run["id"], word).status_code == 422
    post(program, run["id"], "plan")
    assert post(program, run["id"], "cancel").status_code == 202
    assert ImportRun.objects.get(pk=run["id"]).is_cancelled


def test_a_program_sees_how_a_file_is_read_and_has_it_read_otherwise(program):
    content = "Název|Město\nŽluťoučký kůň|Plzeň\n".encode("cp1250")
    run = send(program, {"p.csv": content, "q.csv": "Название;Город\nЁлка;Омск\n".encode() + b"\xff;\n"}).json()
    now = {told["file"]: told for told in run["readings"]}
    assert now["q.csv"] == {
        "file": "q.csv", "encoding": "utf-8", "separator": ";", "recognised": "utf-8", "unreadable": 1,
        "lines": [3],
    }  # fmt: skip
    same = post(program, run["id"], "read", {name: now["q.csv"][name] for name in ("file", "encoding", "separator")})
    assert (same.status_code, same.json()["readings"]) == (200, run["readings"]), "what is told may be sent back"
    told = post(program, run["id"], "read", {"file": "p.csv", "encoding": "cp1250"})
    assert told.status_code == 200, told.content
    columns = {
        each["table"]: [column["column"] for column in each["columns"]] for each in told.json()["plan"]["tables"]
    }
    assert columns == {"p.csv": ["Název", "Město"], "q.csv": ["Название", "Город"]}
    assert {each["file"]: each["encoding"] for each in told.json()["readings"]} == {
        "p.csv": "cp1250", "q.csv": "utf-8",
    }  # fmt: skip
    for wrong in ({"file": "p.csv", "encoding": "rot13"}, {"file": "x.csv", "encoding": "cp1251"}, {"file": 5}):
        assert post(program, run["id"], "read", wrong).status_code in (400, 422)
    plan = {"tables": [{"table": "q.csv", "encoding": "cp1251"}]}
    refused = post(program, run["id"], "plan", {"plan": plan})
    assert (refused.status_code, refused.json()["code"]) == (400, "READ_FIRST")
    kept = ImportRun.objects.get(pk=run["id"])
    assert (kept.state, kept.plan) == ("planning", told.json()["plan"])


def test_the_published_schema_says_how_files_are_sent_and_what_comes_back(program):
    paths = published()["paths"]
    form = paths["/api/v1/imports/"]["post"]["requestBody"]["content"]
    assert list(form) == ["multipart/form-data"]
    assert form["multipart/form-data"]["schema"]["properties"]["files"]["items"]["format"] == "binary"
    assert list(paths["/api/v1/imports/{number}/refused/"]["get"]["responses"]["200"]["content"]) == ["*/*"]
    words = {path.split("/")[-2] for path in paths if path.startswith("/api/v1/imports/{number}/")}
    assert words == {"{number}", "rows", "refused", "plan", "read", "write", "cancel", "again", "undo"}


def test_the_documents_show_how_a_file_is_sent(program, gleb, client):
    client.force_login(gleb)
    page = client.get("/api/v1/docs").content.decode()
    assert "-F &#39;files=@table.csv&#39;" in page
    assert "/api/v1/imports/17/refused/" in page


def test_the_five_files_of_hubspot_come_in_with_their_links(program):
    files = {path.name: path.read_bytes() for path in sorted(shared("data/crm/hubspot_shape").glob("*.csv"))}
    assert len(files) == 5
    run = send(program, files).json()
    assert (run["state"], run["preset"]) == ("planning", "hubspot")
    assert post(program, run["id"], "plan").status_code == 202
    checked = work(run["id"], write=False).findings["tables"]
    assert post(program, run["id"], "write").status_code == 202
    written = work(run["id"], write=True)
    assert (written.state, written.findings["tables"]) == ("done", checked)
    told = program.call("GET", f"/imports/{run['id']}/").json()
    assert sum(fates.get("bad", 0) for fates in told["fates"].values()) == 572
    assert Party.objects.filter(source_system="hubspot").count() == 200
    assert Contact.objects.filter(source_system="hubspot").count() == 950
    assert ContactPosition.objects.filter(party__source_system="hubspot").count() == 679
    assert Deal.objects.filter(source_system="hubspot").count() == 500
    assert DealContact.objects.count() == 500
