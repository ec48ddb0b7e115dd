"""An import that makes people goes back whole: its records, what it listed, and those whom it let in."""

from __future__ import annotations

from uuid import UUID

import pytest

from krug.access.models import Reach, Role, User
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.running import plan_run, take_run_back, undo_run, work_on
from krug.exchange.tests.test_import_wizard import desk, opened, written
from krug.kernel.journal.recording import begin_act
from krug.kernel.journal.runs import undo_one
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.models import Party

__all__ = ["desk"]
CONTENT = "Название;Город;Ответственный\nВасилёк;Омск;newcomer@example.com\nРомашка;Томск;second@example.com\n"


def brought(gleb):
    run = opened(gleb, "p.csv", CONTENT)
    [table] = run.plan["tables"]
    columns = [
        {**column, "missing": "create"} if column["target"] == "owner" else column for column in table["columns"]
    ]
    run = plan_run(run, plan_from({**run.plan, "tables": [{**table, "columns": columns}]}), by=gleb)
    work_on(run, write=False)
    assert run.state == "checked", run.trouble
    run = written(run, gleb)
    assert run.state == "done", run.trouble
    assert Party.objects.filter(owner__email="newcomer@example.com", owner__is_active=True).count() == 1
    return run


def taken_back(run, gleb):
    run = undo_run(run, by=gleb)
    take_run_back(run)
    return run


@pytest.mark.django_db
def test_an_import_that_made_people_goes_back_whole_and_lets_them_in_no_more(desk, gleb):
    run = taken_back(brought(gleb), gleb)
    assert (run.state, run.trouble, run.acts) == ("undone", "", [])
    assert not Party.objects.exists()
    made = User.objects.filter(email__in=["newcomer@example.com", "second@example.com"])
    assert list(made.values_list("is_active", flat=True)) == [False, False]


@pytest.mark.django_db
def test_who_works_here_since_the_import_stays_and_the_undoing_says_so(desk, gleb):
    run = brought(gleb)
    person = User.objects.get(email="newcomer@example.com")
    begin_act(gleb)
    person.roles.add(Role.objects.order_by("pk").first())
    run = taken_back(run, gleb)
    assert run.state == "undone", run.trouble
    assert run.trouble == "Осталось изменений: 1 — с этими записями с тех пор работали."
    assert not Party.objects.exists()
    assert dict(User.objects.filter(source="import").values_list("email", "is_active")) == {
        "newcomer@example.com": True, "second@example.com": False,
    }  # fmt: skip


def undone_by(act, user):
    return undo_one(act, by=User.objects.get(pk=user.pk)).act


@pytest.mark.django_db
def test_the_undoing_of_such_an_import_is_undone_too_and_lets_the_people_in_again(desk, gleb):
    acts = [UUID(act) for act in brought(gleb).acts]
    back = undone_by(acts[-1], gleb)
    made = User.objects.filter(email__in=["newcomer@example.com", "second@example.com"])
    assert not Party.objects.exists() and not made.filter(is_active=True).exists()
    again = undone_by(back, gleb)
    assert dict(Party.objects.values_list("display_name", "owner__email")) == {
        "Василёк": "newcomer@example.com", "Ромашка": "second@example.com",
    }  # fmt: skip
    assert made.filter(is_active=True).count() == 2
    undone_by(again, gleb)
    assert not Party.objects.exists() and not made.filter(is_active=True).exists()


@pytest.mark.django_db
def test_who_may_not_let_people_in_brings_the_records_back_alone(desk, gleb, client):
    back = undone_by([UUID(act) for act in brought(gleb).acts][-1], gleb)
    begin_act(gleb)
    weak = make_user(role=make_role("weak", {"party": (Reach.ALL, ["*"]), "user": (Reach.ALL, [])}))
    client.force_login(weak)
    page = client.post(f"/journal/{back}/undo/", follow=True).content.decode()
    assert "Отменено, но" in page and "вход для 2 человек остался как был" in page
    assert Party.objects.count() == 2
    assert not User.objects.filter(source="import", is_active=True).exists()


@pytest.mark.django_db
def test_an_owner_is_found_by_the_surname_alone_as_long_as_nobody_else_has_it(desk, gleb):
    ivanova = make_user("ivanova@example.com", surname="Иванова", given_name="Нина")
    for login, name in (("petrova1", "Вера"), ("petrova2", "Зоя")):
        make_user(f"{login}@example.com", surname="Петрова", given_name=name)
    content = "Название;Ответственный\nВасилёк;Иванова\nРомашка;ПЕТРОВА\nЛютик;Петрова Зоя\nМак;Сидорова\n"
    run = opened(gleb, "p.csv", content)
    run = plan_run(run, plan_from(run.plan), by=gleb)
    work_on(run, write=False)
    told = {row.number: row.told["faults"][0]["reason"] for row in run.rows.filter(fate="bad")}
    assert told == {
        3: "Записей с названием «ПЕТРОВА» несколько: Петрова\xa0В. (petrova1@example.com), Петрова\xa0З. "
        "(petrova2@example.com). Назовите точнее.",
        5: "Записи «Сидорова» нет.",
    }
    run = written(run, gleb)
    assert dict(Party.objects.values_list("display_name", "owner__email")) == {
        "Василёк": ivanova.email, "Лютик": "petrova2@example.com",
    }  # fmt: skip
