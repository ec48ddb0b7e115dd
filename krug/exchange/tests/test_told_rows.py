"""A row is told whole: every fault with its column, whom it met, under names that stand where somebody says."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from krug.exchange.importing.guessing import guess_table
from krug.exchange.importing.opening import open_any
from krug.exchange.importing.taking import told_refusal
from krug.exchange.models import ImportRun
from krug.exchange.tests.test_import_wizard import PARTIES, checked, fates, inn, opened, upload, written
from krug.exchange.tests.test_import_wizard import desk as desk  # a fixture is found by its name
from krug.integrations.importing.calls import _row
from krug.parties.models import Party, Requisites
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


def told(run: ImportRun, number: int) -> list[tuple[str, str]]:
    return [(each["column"], each["reason"]) for each in run.rows.get(number=number).told["faults"]]


def test_all_that_is_wrong_with_a_row_is_told_each_with_its_column(desk, gleb):
    lines = [";7700000000;;не почта;;nobody@example.com", f"Ромашка;{inn(1)};;не почта;;"]
    run = checked(opened(gleb, "p.csv", PARTIES + "\n".join(lines)), gleb)
    assert [column for column, _reason in told(run, 2)] == ["Ответственный", "ИНН", "Эл. почта", "Название"]
    assert [column for column, _reason in told(run, 3)] == ["Эл. почта"]
    page = desk.get(f"/import/{run.pk}/rows/bad/").content.decode()
    assert all(f"<b>{column}:</b>" in page for column in ("Ответственный", "ИНН", "Эл. почта", "Название"))
    file = b"".join(desk.get(f"/import/{run.pk}/refused/").streaming_content).decode("utf-8-sig").splitlines()
    assert all(f"{column}: {reason}" in file[1] for column, reason in told(run, 2))
    row = _row(run.rows.get(number=2), ["p.csv"])
    assert (row["column"], row["reason"]) == told(run, 2)[0] and len(row["faults"]) == 4


def test_a_bad_row_of_a_known_record_needs_nothing_that_only_a_new_one_needs(desk, gleb):
    Requisites.objects.create(party=make_party("Ромашка", owner=gleb), inn=inn(1))
    run = checked(opened(gleb, "p.csv", PARTIES + f";{inn(1)};;не почта;;\n"), gleb, on_match="update")
    assert [column for column, _reason in told(run, 2)] == ["Эл. почта"]


def test_a_skipped_row_says_whom_it_has_met(desk, gleb):
    known = make_party("Ромашка", owner=gleb)
    Requisites.objects.create(party=known, inn=inn(1))
    content = f"Название;ИНН\nРомашка плюс;{inn(1)}\n"
    run = checked(opened(gleb, "p.csv", content), gleb, on_match="skip")
    assert told(run, 2) == [("", f"Known already: Ромашка, № {known.pk}.")]
    page = desk.get(f"/import/{run.pk}/rows/skipped/").content.decode()
    assert f'<a href="/parties/{known.pk}/">Ромашка</a>' in page and f"№ {known.pk}" in page
    file = b"".join(desk.get(f"/import/{run.pk}/refused/?fate=skipped").streaming_content).decode("utf-8-sig")
    assert file.splitlines()[1] == f"Ромашка плюс;{inn(1)};Уже есть: Ромашка, № {known.pk}."
    asked = checked(opened(gleb, "p.csv", content), gleb, on_match="ask")
    assert told(asked, 2) == [("", f"Уже есть: Ромашка, № {known.pk}.")]


NOTED = "Выгрузка клиентов;за год;по городам\nсоставил Петров;;\nНазвание;Город;Регион\nРомашка;Омск;Омская область\n"


def test_the_line_that_names_the_columns_is_chosen_by_hand(desk, gleb):
    desk.post("/import/", {"files": [upload("p.csv", NOTED.encode())]})
    run = ImportRun.objects.get()
    page = desk.get(f"/import/{run.pk}/").content.decode()
    assert "Строка 3: Название · Город · Регион" in page
    sent = {"act": "check", "t0-entity": "party", "t0-head": "3"}
    assert desk.post(f"/import/{run.pk}/", sent)["Location"] == f"/import/{run.pk}/?plan=1"
    run.refresh_from_db()
    [table] = run.plan["tables"]
    assert (run.state, table["head"]) == ("planning", 3)
    assert [each["target"] for each in table["columns"]] == ["display_name", "city", "region"]
    run = written(checked(run, gleb), gleb)
    assert fates(run) == {"new": 1} and Party.objects.get().display_name == "Ромашка"
    assert desk.post(f"/import/{run.pk}/", sent).status_code == 200


def test_a_table_without_names_gives_its_first_line_too(desk, gleb):
    run = opened(gleb, "p.csv", "Ромашка;Омск\nВасилёк;Томск\n")
    desk.post(f"/import/{run.pk}/", {"t0-head": "0", "t0-entity": ""})
    run.refresh_from_db()
    names = [each["column"] for each in run.plan["tables"][0]["columns"]]
    assert names == ["Столбец 1", "Столбец 2"]
    sent = {"act": "check", "t0-head": "0", "t0-entity": "party"}
    desk.post(f"/import/{run.pk}/", {**sent, "act": "show"})
    desk.post(f"/import/{run.pk}/", {**sent, "t0c0-target": "display_name", "t0c1-target": "city", "t0-on": "insert"})
    run.refresh_from_db()
    from krug.exchange.importing.running import work_on

    work_on(run, write=False)
    run = written(run, gleb)
    assert sorted(Party.objects.values_list("display_name", "city")) == [("Василёк", "Томск"), ("Ромашка", "Омск")]


def test_a_line_that_is_not_there_names_nothing(desk, gleb):
    run = opened(gleb, "p.csv", NOTED)
    answer = desk.post(f"/import/{run.pk}/", {"t0-head": "29", "t0-entity": "party"})
    run.refresh_from_db()
    assert answer.status_code == 422 and run.plan["tables"][0]["head"] is None


@pytest.mark.parametrize("head", ["Действует с", "Телефон"])
@pytest.mark.parametrize("day", ["01.02.2024", "2024-02-01", "01/02/2024", "2024-02-01 00:00:00"])
def test_a_column_of_days_is_never_taken_for_phones(gleb, tmp_path, head, day):
    path = tmp_path / "p.csv"
    path.write_text(f"Название;{head}\nРомашка;{day}\n")
    plan = guess_table(open_any(path)[0], gleb, "party")
    assert [each.target for each in plan.columns] == ["display_name", ""]


def test_one_row_among_many_that_the_database_refuses_is_told_and_the_others_stay(desk, gleb):
    """More than forty come by COPY, whose refusal has to be understood too."""
    lines = [f"Завод {place};{'4814' if place == 7 else '630099'}" for place in range(60)]
    run = opened(gleb, "p.csv", "Название;Индекс\n" + "\n".join(lines))
    run = checked(run, gleb, on_match="insert")
    assert fates(run) == {"new": 59, "bad": 1}
    assert told(run, 9) == [("", "В российском индексе 6 цифр.")]


def broken(**values: object) -> BaseException | None:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        Requisites.objects.create(**values)
    return error.value.__cause__


def test_only_what_stands_there_twice_is_told_as_twice(gleb):
    party, other = make_party("Ромашка", owner=gleb), make_party("Лютик", owner=gleb)
    Requisites.objects.create(party=party, inn=inn(1))
    twice = broken(party=other, inn=inn(1))
    assert "stands there twice" in told_refusal(twice)
    for cause in (broken(party=other, inn=inn(2) * 60), broken(party=None, inn=inn(2))):
        assert told_refusal(cause) == (
            "The database did not accept the row: a value in it is too long, too large or not allowed here."
        )
