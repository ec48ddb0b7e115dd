"""An import whose rows are all refused offers no writing, and of a row only what is true is told."""

from __future__ import annotations

import pytest

from krug.exchange.importing.running import write_run
from krug.exchange.models import ImportRun
from krug.exchange.tests.test_import_wizard import checked, desk, fates, opened, written
from krug.kernel.errors import Refusal
from krug.parties.models import Party

__all__ = ["desk"]
HEAD = "Название;ИНН;Город\n"


@pytest.mark.django_db
def test_an_import_with_nothing_to_write_offers_no_writing_and_says_what_to_do(desk, gleb):
    run = checked(opened(gleb, "p.csv", HEAD + "Ромашка;7700000000;Омск\n"), gleb)
    page = desk.get(f"/import/{run.pk}/").content.decode()
    assert f"/import/{run.pk}/write/" not in page
    assert "Mend the refused rows in the file" in page or "Исправьте отклонённые строки" in page
    with pytest.raises(Refusal):
        write_run(run, by=gleb)
    assert ImportRun.objects.get(pk=run.pk).state == "checked"


@pytest.mark.django_db
def test_a_chunk_that_wrote_nothing_is_no_act_to_undo(desk, gleb):
    run = checked(opened(gleb, "p.csv", HEAD + "Ромашка;;Омск\n"), gleb)
    Party.objects.all().delete()
    run.plan["tables"][0]["columns"][0]["target"] = "city"
    run.save(update_fields=["plan"])
    run = written(run, gleb)
    assert (run.state, fates(run), run.acts) == ("done", {"bad": 1}, [])
    assert f"/import/{run.pk}/undo/" not in desk.get(f"/import/{run.pk}/").content.decode()


@pytest.mark.django_db
def test_a_row_with_too_many_cells_is_told_that_and_nothing_else(desk, gleb):
    run = checked(opened(gleb, "p.csv", HEAD + "Ромашка;;Омск;лишнее;ещё\n"), gleb)
    [row] = run.rows.all()
    assert row.fate == "bad"
    assert [fault["column"] for fault in row.told["faults"]] == [""]
