"""An import by somebody to whom fields are closed writes none of them, loses none, and tells none."""

from __future__ import annotations

from datetime import date

import pytest

from krug.access.models import Grant, Reach
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.running import plan_run
from krug.exchange.tests.test_import_wizard import checked, fates, opened, written
from krug.kernel.attributes.serving import served
from krug.kernel.errors import Invalid
from krug.kernel.registry import entities, get_entity
from krug.kernel.sight import seen_by
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.models import Contact
from krug.parties.testing import make_contact, make_point

pytestmark = pytest.mark.django_db
CONTENT = "ФИО;День рождения;Эл. почта\nИванова Анна;01.02.1990;anna@example.com\n"


@pytest.fixture
def dora(settings, tmp_path):
    """She takes persons in, but days of birth are closed to her."""
    settings.DATA = tmp_path
    role = make_role("narrow", {each.code: (Reach.ALL, ["*"]) for each in entities()})
    group = served(get_entity("contact")).groups["birthday"]
    Grant.objects.filter(role=role, entity="contact").update(fields={"*": "edit", group: "hidden"})
    return make_user("dora@example.org", role=role, surname="Узкая", given_name="Дора")


def test_a_plan_that_fills_a_closed_field_is_refused_in_words_and_nothing_starts(dora):
    with seen_by(dora):
        run = opened(dora, "people.csv", CONTENT)
        columns = {each["column"]: each["target"] for each in run.plan["tables"][0]["columns"]}
        assert columns["День рождения"] == ""
        table = run.plan["tables"][0]
        table["columns"] = [{**each, "target": each["target"] or "birthday"} for each in table["columns"]]
        with pytest.raises(Invalid) as no:
            plan_run(run, plan_from(run.plan), by=dora)
    run.refresh_from_db()
    assert (no.value.field, run.state, Contact.objects.count()) == ("birthday", "planning", 0)


def test_what_is_closed_to_the_importer_is_neither_told_nor_wiped(dora):
    known = make_contact("Иванова Анна", owner=dora, birthday=date(1990, 2, 1), note="Прежняя")
    make_point("anna@example.com", contact=known, type="email")
    with seen_by(dora):
        content = "ФИО;Эл. почта\nИванова Анна Петровна;anna@example.com\nПетров Пётр;p@example.com\n"
        run = checked(opened(dora, "people.csv", content), dora, on_match="update", keys=["email"])
        changes = run.rows.get(number=2).told["changes"]
        run = written(run, dora)
    assert fates(run) == {"changed": 1, "new": 1}
    assert [change[1:] for change in changes] == [["Иванова Анна", "Иванова Анна Петровна"]]
    known.refresh_from_db()
    kept = (known.patronymic, known.birthday, known.note)
    assert kept == ("Петровна", date(1990, 2, 1), "Прежняя")
    assert "1990" not in "".join(str(row.note) for row in run.rows.all())
