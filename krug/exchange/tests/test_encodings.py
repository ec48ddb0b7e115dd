"""A file is read as it was written: the encoding is told, may be chosen, and no byte is lost without a word."""

from __future__ import annotations

import json

import pytest

from krug.exchange.importing.encodings import Unreadable, encoding_of, unreadable
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.readings import readings_told
from krug.exchange.importing.receiving import read_files_as, start_run
from krug.exchange.importing.running import work_on, write_run
from krug.exchange.importing.tables import Way
from krug.exchange.models import ImportRun
from krug.exchange.tests.test_import_wizard import checked, desk, opened, upload  # noqa: F401  # a desk of the same kind
from krug.parties.models import Party

HEAD = "Название;Город;Комментарий\n"
LINES = [f"Ромашка {number};Омск;постоянный покупатель\n" for number in range(30)]
WHOLE = (HEAD + "".join(LINES)).encode()
SPOILT = WHOLE.replace("Ромашка 7;".encode(), "Ромашка ".encode() + b"\xd0;").replace(
    "Ромашка 9;Омск".encode(), "Ромашка 9;".encode() + b"\xff\xfe"
)


def kept(tmp_path, content: bytes):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding", "count", "lines"),
    [
        (WHOLE, "utf-8-sig", 0, ()),
        (SPOILT, "utf-8-sig", 3, (9, 11)),
        ("имя\nЁлка\n".encode() + b"\xff\n", "utf-8-sig", 1, (3,)),
        (WHOLE[:-3], "utf-8-sig", 0, ()),
        (WHOLE[:-2], "utf-8-sig", 1, (31,)),
        (WHOLE.decode().encode("cp1251"), "cp1251", 0, ()),
        (WHOLE.decode().encode("cp1251") + b"\x98\r\n\x98", "cp1251", 2, (32, 33)),
        (WHOLE.decode().encode("koi8-r"), "koi8-r", 0, ()),
        (WHOLE.decode().encode("cp866"), "cp866", 0, ()),
        (WHOLE.decode().upper().encode("cp1251"), "cp1251", 0, ()),
        (b"name;city\nCaf\xe9 Zo\xeb;Orl\xe9ans\n", "cp1252", 0, ()),
        (b"name;city\nfirm;town\n", "utf-8-sig", 0, ()),
        (b"\xff\xfe" + "имя;город\nАнна;Омск\n".encode("utf-16-le"), "utf-16", 0, ()),
    ],
)
def test_a_few_bad_bytes_leave_a_file_what_it_is_and_are_told_by_their_lines(tmp_path, content, encoding, count, lines):
    path = kept(tmp_path, content)
    assert encoding_of(path) == encoding
    assert unreadable(path, encoding) == Unreadable(count, lines)


def test_the_bytes_of_a_long_file_are_counted_and_the_first_twenty_lines_are_told(tmp_path):
    lines = [f"{number};покупатель".encode() + (b"\xff" if number % 100 == 0 else b"") for number in range(5_000)]
    path = kept(tmp_path, b"\r".join(lines))
    assert encoding_of(path) == "utf-8-sig"
    assert unreadable(path, "utf-8-sig") == Unreadable(50, tuple(range(1, 2_000, 100)))


@pytest.mark.django_db
def test_a_spoilt_file_comes_in_as_utf8_with_a_mark_and_a_warning(desk, gleb):  # noqa: F811  # the fixture
    run = opened(gleb, "p.csv", SPOILT)
    assert run.files["p.csv"]["encoding"] == "utf-8-sig"
    page = desk.get(f"/import/{run.pk}/").content.decode()
    assert "Не читаются в кодировке UTF-8 3 байта, строки файла: 9, 11." in page
    assert "Распознано: UTF-8" in page and "Распознано: точка с запятой" in page
    run = write_run(checked(run, gleb, keys=["name"]), by=gleb)
    work_on(run, write=True)
    assert run.findings["tables"]["0"] == {"new": 30}
    assert Party.objects.filter(display_name="Ромашка �").count() == 1
    assert Party.objects.get(display_name="Ромашка 9").city == "��"


@pytest.mark.django_db
def test_another_encoding_and_separator_are_chosen_and_the_columns_change_at_once(desk, gleb):  # noqa: F811  # the fixture
    content = "Název|Město\nŽluťoučký kůň|Plzeň\n".encode("cp1250")
    run = opened(gleb, "p.csv", content)
    assert run.files["p.csv"]["encoding"] != "cp1250"
    address = f"/import/{run.pk}/?plan=1"
    sent = {"act": "show", "t0-entity": "", "t0-encoding": "cp1250", "t0-separator": ""}
    part = desk.post(address, sent, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert part.status_code == 200 and 'id="import-plan"' in text and "<html" not in text
    assert "Žluťoučký kůň" in text and "Plzeň" in text
    run.refresh_from_db()
    table = run.plan["tables"][0]
    assert (table["encoding"], [column["column"] for column in table["columns"]]) == ("cp1250", ["Název", "Město"])
    assert desk.post(address, {**sent, "t0-separator": ";"})["Location"] == address
    run.refresh_from_db()
    assert [column["column"] for column in run.plan["tables"][0]["columns"]] == ["Název|Město"]
    answer = desk.post(address, {**sent, "t0-encoding": "rot13"})
    run.refresh_from_db()
    assert (answer.status_code, run.plan["tables"][0]["encoding"]) == (422, "cp1250")
    desk.post(address, {**sent, "t0-encoding": "", "t0-separator": ""})
    run.refresh_from_db()
    told = readings_told(run.files, plan_from(run.plan))
    assert [(each["encoding"], each["separator"]) for each in told] == [(run.files["p.csv"]["encoding"], "|")]


@pytest.mark.django_db
def test_what_was_chosen_is_written_and_the_next_file_of_the_same_kind_is_read_so_too(desk, gleb):  # noqa: F811  # the fixture
    content = "Název|Město\nŽluťoučký kůň|Plzeň\n".encode("cp1250")
    run = opened(gleb, "p.csv", content)
    desk.post(f"/import/{run.pk}/?plan=1", {"act": "show", "t0-encoding": "cp1250", "t0-separator": ""})
    form = {"t0-entity": "party", "t0-encoding": "cp1250", "t0-separator": ""}
    desk.post(f"/import/{run.pk}/?plan=1", {"act": "show", **form})
    fields = {"t0c0-target": "display_name", "t0c1-target": "city", "t0-keys": "name"}
    answer = desk.post(f"/import/{run.pk}/?plan=1", {"act": "check", **form, **fields})
    run.refresh_from_db()
    work_on(run, write=False)
    assert run.state == "checked", (run.trouble, answer["Location"], run.plan)
    work_on(write_run(run, by=gleb), write=True)
    assert list(Party.objects.values_list("display_name", "city")) == [("Žluťoučký kůň", "Plzeň")]
    again = opened(gleb, "p.csv", content)
    assert (again.plan["tables"][0]["encoding"], again.plan["tables"][0]["entity"]) == ("cp1250", "party")


@pytest.mark.django_db
def test_a_choice_for_an_old_file_says_nothing_of_one_that_looks_otherwise(desk, gleb):  # noqa: F811  # the fixture
    lines = "name;city\nГрань;Омск\n"
    run = opened(gleb, "p.csv", lines, "koi8-r")
    desk.post(f"/import/{run.pk}/?plan=1", {"act": "show", "t0-entity": "party", "t0-encoding": "koi8-u"})
    run.refresh_from_db()
    assert run.plan["tables"][0]["encoding"] == "koi8-u"
    checked(run, gleb)
    assert opened(gleb, "p.csv", lines, "koi8-r").plan["tables"][0]["encoding"] == "koi8-u"
    other = opened(gleb, "p.csv", lines, "cp1251")
    assert other.plan["tables"][0]["encoding"] == ""
    assert other.rows.count() == 0 and ImportRun.objects.count() == 3


@pytest.mark.django_db
def test_lines_of_json_are_read_in_the_encoding_that_was_chosen(desk, gleb):  # noqa: F811  # the fixture
    line = json.dumps({"name": "Żabka", "city": "Łódź"}, ensure_ascii=False) + "\n"
    desk.post("/import/", {"files": [upload("p.jsonl", line.encode("cp1250"))]})
    run = ImportRun.objects.get()
    desk.post(f"/import/{run.pk}/?plan=1", {"act": "show", "t0-encoding": "cp1250"})
    assert "Żabka" in desk.get(f"/import/{run.pk}/").content.decode()


@pytest.mark.django_db
def test_of_two_choices_for_two_files_made_at_once_none_is_lost(desk, gleb):  # noqa: F811  # the fixture
    files = {"p.csv": "Název|Město\nŽlutý kůň|Plzeň\n".encode("cp1250"), "q.csv": HEAD.encode("cp1251") + b"\x98;;\n"}
    run = start_run([upload(name, content) for name, content in files.items()], by=gleb)
    first, second = (ImportRun.objects.get(pk=run.pk) for _each in range(2))
    read_files_as(first, {"p.csv": Way("cp1250", "|")}, by=gleb)
    read_files_as(second, {"q.csv": Way("cp1251", ";")}, by=gleb)
    run.refresh_from_db()
    tables = [(each["table"], each["encoding"], each["columns"][0]["column"]) for each in run.plan["tables"]]
    assert tables == [("p.csv", "cp1250", "Název"), ("q.csv", "cp1251", "Название")]
    assert [run.files[name]["unreadable"]["encoding"] for name in files] == ["cp1250", "cp1251"]
