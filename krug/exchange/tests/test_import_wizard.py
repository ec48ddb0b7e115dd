"""Any table comes in as any type: recognised, planned, checked row by row, written, taken back."""

from __future__ import annotations

import io
import json

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from krug.access.models import Grant
from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.administration.testing import make_attribute
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.receiving import start_run
from krug.exchange.importing.running import plan_run, take_run_back, undo_run, work_on, write_run
from krug.exchange.models import ImportRun
from krug.kernel.attributes.models import Attribute
from krug.parties.models import Contact, Party, Requisites
from krug.parties.rules.russian_ids import INN_10, check_digit
from krug.parties.testing import make_party
from krug.sales.models import LossReason


@pytest.fixture
def desk(gleb, settings, tmp_path):
    ensure_shipped_roles()
    settings.DATA = tmp_path
    client = Client()
    client.force_login(gleb)
    return client


def inn(number: int) -> str:
    body = f"77{number:07d}"
    return body + check_digit(body, INN_10)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def opened(by, name: str, content: bytes | str, encoding: str = "utf-8") -> ImportRun:
    return start_run([upload(name, content.encode(encoding) if isinstance(content, str) else content)], by=by)


def checked(run: ImportRun, by, **changes) -> ImportRun:
    kept = {**run.plan, "tables": [{**table, **changes} for table in run.plan["tables"]]}
    run = plan_run(run, plan_from(kept), by=by)
    work_on(run, write=False)
    assert run.state == "checked", run.trouble
    return run


def written(run: ImportRun, by) -> ImportRun:
    run = write_run(run, by=by)
    work_on(run, write=True)
    return run


def fates(run: ImportRun) -> dict[str, int]:
    return run.findings["tables"]["0"]


PARTIES = "Название;ИНН;Телефон;Эл. почта;Город;Ответственный\n"


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r", "cp866", "mac-cyrillic"])
def test_a_russian_table_is_recognised_in_any_encoding(desk, gleb, encoding):
    run = opened(
        gleb,
        "klienty.csv",
        PARTIES + f"ООО «Ромашка» плюс;{inn(1)};+7 812 555-01-42;a@b.ru;Омск;\n".replace("«", '"').replace("»", '"'),
        encoding,
    )
    table = run.plan["tables"][0]
    assert table["entity"] == "party"
    assert [column["target"] for column in table["columns"]] == [
        "display_name", "requisites.inn", "phone.raw", "email.raw", "city", "owner",
    ]  # fmt: skip
    assert list(table["keys"]) == ["inn", "email", "phone"]


@pytest.mark.django_db
def test_every_row_has_its_fate_and_the_writing_keeps_to_the_check(desk, gleb, anna):
    known = make_party("Ромашка", owner=gleb, city="Омск")
    Requisites.objects.create(party=known, inn=inn(1))
    lines = [
        f"Ромашка;{inn(1)};;;Томск;",
        f"Василёк;{inn(2)};8 812 555-01-42;v@example.com;Омск;{anna.email}",
        f"Василёк ещё раз;{inn(2)};;;;",
        f"Без хозяина;{inn(3)};;;;nobody@example.com",
        "Плохой ИНН;7700000000;;;;",
        f"Плохая почта;{inn(4)};;не почта;;",
        f";{inn(5)};;;;",
    ]
    run = checked(opened(gleb, "parties.csv", PARTIES + "\n".join(lines), "cp1251"), gleb, on_match="update")
    assert fates(run) == {"new": 1, "changed": 2, "bad": 4}, [row.note for row in run.rows.all()]
    assert Party.objects.count() == 1
    rows = {row.number: row for row in run.rows.all()}
    assert rows[2].note["changes"] == [["Город", "Омск", "Томск"]]
    assert [rows[number].told["faults"][0]["column"] for number in (5, 6, 7, 8)] == [
        "Ответственный",
        "ИНН",
        "Эл. почта",
        "Название",
    ]
    assert "nobody@example.com" in rows[5].told["faults"][0]["reason"]
    run = written(run, gleb)
    assert run.state == "done"
    assert fates(run) == {"new": 1, "changed": 2, "bad": 4}
    known.refresh_from_db()
    assert known.city == "Томск"
    made = Party.objects.get(requisites__inn=inn(2))
    assert (made.display_name, made.owner) == ("Василёк ещё раз", anna)
    assert sorted(made.points.values_list("type", flat=True)) == ["email", "phone"]
    refused = b"".join(desk.get(f"/import/{run.pk}/refused/").streaming_content).decode("cp1251").splitlines()
    assert len(refused) == 5
    assert refused[0] == "Название;ИНН;Телефон;Эл. почта;Город;Ответственный;Причина"
    assert "7700000000" in refused[2]


@pytest.mark.django_db
def test_what_is_known_can_be_left_filled_doubled_or_asked_about(desk, gleb):
    known = make_party("Ромашка", owner=gleb, city="Омск")
    Requisites.objects.create(party=known, inn=inn(1))
    content = f"Название;ИНН;Город;Регион\nРомашка;{inn(1)};Томск;Томская область\n"
    seen = {}
    for way in ("skip", "fill", "ask"):
        seen[way] = checked(opened(gleb, "p.csv", content), gleb, on_match=way)
    assert {way: fates(run) for way, run in seen.items()} == {
        "skip": {"skipped": 1}, "fill": {"changed": 1}, "ask": {"ask": 1},
    }  # fmt: skip
    assert seen["fill"].rows.get().note["changes"] == [["Регион", "", "Томская область"]]
    assert fates(checked(opened(gleb, "p.csv", content), gleb, on_match="insert")) == {"bad": 1}
    known.refresh_from_db()
    assert (known.city, known.region) == ("Омск", "")


@pytest.mark.django_db
def test_a_written_import_is_taken_back_whole(desk, gleb):
    known = make_party("Ромашка", owner=gleb, city="Омск")
    Requisites.objects.create(party=known, inn=inn(1))
    content = f"Название;ИНН;Город\nРомашка;{inn(1)};Томск\nВасилёк;{inn(2)};Омск\n"
    run = written(checked(opened(gleb, "p.csv", content), gleb, on_match="update"), gleb)
    assert Party.objects.filter(is_archived=False).count() == 2
    run = undo_run(run, by=gleb)
    take_run_back(run)
    assert run.state == "undone", run.trouble
    known.refresh_from_db()
    assert known.city == "Омск"
    assert list(Party.objects.filter(is_archived=False)) == [known]


@pytest.mark.django_db
def test_a_stopped_import_goes_on_where_it_stood_and_writes_nothing_twice(desk, gleb, monkeypatch):
    from krug.exchange.importing import planned

    monkeypatch.setattr(planned, "CHUNK", 10)
    lines = "".join(f"Фирма {number};Город {number}\n" for number in range(35))
    run = checked(opened(gleb, "p.csv", "Название;Город\n" + lines), gleb, keys=["name"])
    assert fates(run) == {"new": 35}
    run = write_run(run, by=gleb)
    ImportRun.objects.filter(pk=run.pk).update(is_cancelled=True)
    work_on(run, write=True)
    assert (run.state, Party.objects.count(), run.place) == ("cancelled", 10, [0, 11])
    run = written(run, gleb)
    assert run.state == "done"
    assert Party.objects.count() == 35
    assert fates(run) == {"new": 35}
    assert run.rows.count() == 35
    assert len(run.acts) == 4


@pytest.mark.django_db
def test_a_type_without_any_words_about_imports_comes_in_too(desk, gleb):
    content = "Название по-русски\tНазвание по-английски\nДорого\tToo dear\nДолго\tToo long\n"
    run = opened(gleb, "reasons.tsv", content)
    columns = [{"column": column["column"]} for column in run.plan["tables"][0]["columns"]]
    run.plan["tables"][0].update({"entity": "loss-reason", "keys": [], "columns": columns})
    for column, target in zip(columns, ("name_ru", "name_en"), strict=True):
        column["target"] = target
    run = written(checked(run, gleb), gleb)
    assert run.state == "done", run.trouble
    assert list(LossReason.objects.order_by("pk").values_list("name_ru", "name_en"))[-2:] == [
        ("Дорого", "Too dear"), ("Долго", "Too long"),
    ]  # fmt: skip


def book() -> bytes:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet("Люди")
    sheet.write_row(0, 0, ["Фамилия", "Имя", "Дата рождения", "Телефон"])
    sheet.write_row(1, 0, ["Иванова", "Анна"])
    sheet.write_datetime(
        1, 2, __import__("datetime").datetime(1990, 2, 28), made.add_format({"num_format": "dd.mm.yyyy"})
    )
    sheet.write_string(1, 3, "+7 921 555-01-42")
    sheet.write_row(2, 0, ["=1+1", "Пётр", "31.02.1990", ""])
    made.close()
    return file.getvalue()


@pytest.mark.django_db
def test_a_workbook_gives_days_as_days_and_no_formula_lives(desk, gleb):
    run = opened(gleb, "люди.xlsx", book())
    assert run.plan["tables"][0]["entity"] == "contact"
    run = written(checked(run, gleb), gleb)
    assert fates(run) == {"new": 1, "bad": 1}
    person = Contact.objects.get()
    assert (person.full_name, person.birthday.isoformat()) == ("Иванова Анна", "1990-02-28")
    assert person.points.get().normalised == "+79215550142"
    assert run.rows.get(fate="bad").told["faults"][0]["column"] == "Дата рождения"


@pytest.mark.django_db
def test_lines_of_json_and_cards_come_in(desk, gleb):
    lines = json.dumps({"name": "Анна Иванова", "email": "anna@example.com"}) + "\n"
    run = written(checked(opened(gleb, "contacts.jsonl", lines), gleb), gleb)
    assert run.state == "done"
    name = "N;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=CF=E5=F2=F0=EE=E2;=CF=B8=F2=F0"
    card = f"BEGIN:VCARD\nVERSION:2.1\n{name}\nTEL;CELL:+79215550143\nEND:VCARD\n"
    run = written(checked(opened(gleb, "a.vcf", card), gleb), gleb)
    assert run.state == "done"
    assert sorted(Contact.objects.values_list("surname", "given_name")) == [("Иванова", "Анна"), ("Петров", "Пётр")]


@pytest.mark.django_db
def test_the_wizard_leads_from_the_file_to_the_result(desk, gleb):
    content = f"Название;ИНН\nВасилёк;{inn(2)}\nПлохой;123\n".encode("cp1251")
    answer = desk.post("/import/", {"files": [upload("клиенты.csv", content)]})
    run = ImportRun.objects.get()
    assert answer["Location"] == f"/import/{run.pk}/"
    page = desk.get(f"/import/{run.pk}/").content.decode()
    assert "Василёк" in page and 'name="t0c1-target"' in page
    sent = {
        "act": "check",
        "t0-entity": "party",
        "t0-keys": ["inn"],
        "t0c0-target": "display_name",
        "t0c1-target": "requisites.inn",
    }
    assert desk.post(f"/import/{run.pk}/", sent)["Location"] == f"/import/{run.pk}/"
    run.refresh_from_db()
    work_on(run, write=False)
    assert (
        "Import now" in desk.get(f"/import/{run.pk}/").content.decode()
        or "Записать" in desk.get(f"/import/{run.pk}/").content.decode()
    )
    assert "ИНН" in desk.get(f"/import/{run.pk}/rows/bad/").content.decode()
    assert desk.get(f"/import/{run.pk}/rows/nonsense/").status_code == 404


@pytest.mark.django_db
def test_the_form_adds_a_field_a_value_for_all_rows_and_splits_a_cell(desk, gleb):
    content = "Название;Этажность;Телефоны\nБашня;25;8 (812) 555-01-42, 8 (812) 555-01-43\nДом;5;\n"
    desk.post("/import/", {"files": [upload("клиенты.csv", content.encode())]})
    run = ImportRun.objects.get()
    page = desk.get(f"/import/{run.pk}/").content.decode()
    assert "Новое поле: Число" in page and 'name="t0-fixed"' in page
    sent = {
        "act": "check",
        "t0-entity": "party",
        "t0-on": "insert",
        "t0c0-target": "display_name",
        "t0c1-target": "+number",
        "t0c2-target": "phone.raw",
        "t0c2-splitter": ",",
        "t0-fixed": "city",
        "t0-constant": "Омск",
    }
    assert desk.post(f"/import/{run.pk}/", sent)["Location"] == f"/import/{run.pk}/"
    run.refresh_from_db()
    field = Attribute.objects.get()
    assert (field.entity, field.name_ru, field.kind) == ("party", "Этажность", "number")
    work_on(run, write=False)
    run = written(run, gleb)
    tower = Party.objects.get(display_name="Башня")
    assert tower.custom == {field.key: "25.00"}
    assert sorted(tower.points.values_list("normalised", flat=True)) == ["+78125550142", "+78125550143"]
    assert set(Party.objects.values_list("city", flat=True)) == {"Омск"}


@pytest.mark.django_db
def test_a_field_whose_name_is_taken_is_refused_in_the_form_and_nothing_starts(desk, gleb):
    desk.post("/import/", {"files": [upload("клиенты.csv", "Название;Город\nБашня;Омск\n".encode())]})
    run = ImportRun.objects.get()
    sent = {"act": "check", "t0-entity": "party", "t0c0-target": "display_name", "t0c1-target": "+text"}
    answer = desk.post(f"/import/{run.pk}/", sent)
    run.refresh_from_db()
    assert (answer.status_code, run.state, Attribute.objects.count()) == (422, "planning", 0)


@pytest.mark.django_db
def test_who_may_not_import_meets_a_refusal_and_nothing_is_kept(anna, settings, tmp_path):
    ensure_shipped_roles()
    Grant.objects.filter(role__users=anna).update(verbs=["create", "change"])
    settings.DATA = tmp_path
    client = Client()
    client.force_login(anna)
    assert client.get("/import/").status_code == 403
    client.post("/import/", {"files": [upload("p.csv", b"name\nx\n")]})
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_an_import_is_one_line_of_my_journal_and_is_taken_back_from_there(desk, gleb):
    run = written(checked(opened(gleb, "клиенты.csv", "Название;Город\nБашня;Омск\nДом;Томск\n"), gleb), gleb)
    page = desk.get("/journal/").content.decode()
    assert "клиенты.csv" in page and f'action="/import/{run.pk}/undo/"' in page
    assert page.count("Башня") == 0
    desk.post(f"/import/{run.pk}/undo/")
    run.refresh_from_db()
    take_run_back(run)
    assert not Party.objects.exists()
    page = desk.get("/journal/").content.decode()
    assert "клиенты.csv" in page and f"/import/{run.pk}/undo/" not in page


@pytest.mark.django_db
def test_cells_beside_the_columns_and_an_unclosed_quotation_mark_are_told_and_nothing_is_taken(desk, gleb):
    lines = ["ООО Норма;Тверь", "ООО Экстра;Тверь;потерянное;ещё", '"ООО Кавычка;Тверь', "ООО Проглочено;Омск"]
    run = checked(opened(gleb, "ragged.csv", "Название;Город\n" + "\n".join(lines)), gleb)
    assert fates(run) == {"new": 1, "bad": 2}
    assert run.rows.get(number=3).told["faults"][0]["reason"].startswith(("4 cells", "Ячеек в строке: 4"))
    assert run.rows.get(number=4).told["faults"][0]["reason"].startswith(("1 cells", "Ячеек в строке: 1"))


@pytest.mark.django_db
def test_a_field_added_after_an_import_is_offered_by_the_next(desk, gleb):
    opened(gleb, "before.csv", "Название;Город\nООО Норма;Тверь\n")
    make_attribute("Этажность", kind="number")
    run = opened(gleb, "after.csv", "Название;Город;Этажность\nООО Дом;Тверь;5\n")
    key = Attribute.objects.get().key
    assert [column["target"] for column in run.plan["tables"][0]["columns"]] == ["display_name", "city", key]


@pytest.mark.django_db
def test_an_import_that_changed_nothing_offers_nothing_to_take_back(desk, gleb):
    content = "Название;Город\nРомашка;Омск\n"
    first = written(checked(opened(gleb, "p.csv", content), gleb, keys=["name"]), gleb)
    again = written(checked(opened(gleb, "p.csv", content), gleb, keys=["name"]), gleb)
    assert (again.state, again.acts, len(first.acts)) == ("done", [], 1)
    pages = [desk.get(f"/import/{run.pk}/").content.decode() for run in (first, again)]
    assert [f"/import/{run.pk}/undo/" in page for run, page in zip((first, again), pages, strict=True)] == [True, False]
