"""A list as a workbook, an OpenDocument sheet or JSON lines: typed, formula-safe, with the rights of its reader."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from krug.exchange.exporting import files
from krug.exchange.exporting.files import drop_expired, path_of, work_on_export
from krug.exchange.importing.telling import Teller
from krug.exchange.models import ExportRun
from krug.kernel import writing
from krug.kernel.listing.saved_views import to_keep
from krug.kernel.listing.state import read_state
from krug.kernel.models import AuditRecord, SavedView
from krug.kernel.registry import get_entity
from krug.parties.models import ContactPoint
from krug.parties.testing import make_party
from krug.sales.testing import make_deal


@pytest.fixture
def desk(anna, settings, tmp_path):
    settings.DATA = tmp_path
    client = Client()
    client.force_login(anna)
    return client


def book(answer, tmp_path, ending="xlsx"):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    opened = CalamineWorkbook.from_path(str(path))
    return [opened.get_sheet_by_index(place).to_python() for place in range(len(opened.sheet_names))]


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_workbook_has_real_numbers_and_days_and_says_what_it_holds(desk, anna, boris, tmp_path, ending):
    anna.language = "en"
    anna.save()
    deal = make_deal(owner=anna, amount=Decimal("1234.50"), expected_on=date(2027, 2, 28), name="=1+1")
    make_deal(owner=boris)
    tree = json.dumps({"field": "amount", "operator": "gte", "value": "1000"})
    answer = desk.get("/deals/export/", {"format": ending, "columns": "name,amount,expected_on", "filter": tree})
    rows, about = book(answer, tmp_path, ending)
    assert rows[1:] == [[deal.pk, "=1+1", 1234.5, "RUB", date(2027, 2, 28)]]
    said = {line[0]: line[1] for line in about}
    assert said["Filters"] == "amount at least 1,000"
    assert said["Rows"] == 1
    assert said["Who made it"] == str(anna)
    assert said["Time zone"] == anna.timezone
    assert AuditRecord.objects.get(kind="export").data["format"] == ending


def kept(owner, said):
    """A saved view of deals."""
    state = to_keep(read_state(get_entity("deal"), said))
    return SavedView.objects.create(entity="deal", owner=owner, name="Large first", state=state)


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods", "jsonl"])
def test_every_format_follows_the_order_and_the_filter_of_the_view_as_it_is_seen(desk, anna, tmp_path, ending):
    for name, amount in (("Б", 20), ("А", 30), ("В", 10), ("Г", 1)):
        make_deal(owner=anna, name=name, amount=Decimal(amount))
    tree = json.dumps({"field": "amount", "operator": "gte", "value": "10"})
    view = kept(anna, {"filter": tree, "sort": "-amount"})
    for query, names in (({"saved": view.pk}, ["А", "Б", "В"]), ({"saved": view.pk, "sort": "name"}, ["А", "Б", "В"]),
                         ({"saved": view.pk, "sort": "amount"}, ["В", "Б", "А"]),
                         ({"sort": "-name"}, ["Г", "В", "Б", "А"])):  # fmt: skip
        answer = desk.get("/deals/export/", {"format": ending, "columns": "name", **query})
        assert told(answer, tmp_path, ending) == names, query


def told(answer, tmp_path, ending):
    """The names of a file in their order."""
    if ending in ("xlsx", "ods"):
        return [row[1] for row in book(answer, tmp_path, ending)[0][1:]]
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8-sig")
    if ending == "jsonl":
        return [json.loads(line)["name"] for line in text.splitlines()]
    return [line.split(";")[1].strip('"') for line in text.splitlines()[1:]]


@pytest.mark.django_db
def test_a_long_file_keeps_the_order_of_its_view(desk, anna, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "AT_ONCE", 1)
    for name, amount in (("Б", 20), ("А", 30), ("В", 10)):
        make_deal(owner=anna, name=name, amount=Decimal(amount))
    view = kept(anna, {"sort": "-amount"})
    where = desk.get("/deals/export/", {"format": "xlsx", "saved": view.pk, "columns": "name"})["Location"]
    work_on_export(ExportRun.objects.get())
    assert told(desk.get(f"{where}file/"), tmp_path, "xlsx") == ["А", "Б", "В"]


@pytest.mark.django_db
def test_phones_stay_text(desk, anna, tmp_path):
    party = make_party("Ромашка", owner=anna)
    ContactPoint.objects.create(party=party, type="phone", raw="+78125550142")
    rows, _about = book(desk.get("/contact-points/export/", {"format": "xlsx", "columns": "raw"}), tmp_path)
    assert rows[1][1] == "+7 (812) 555-01-42"


@pytest.mark.django_db
def test_json_lines_tell_links_by_number_and_name(desk, anna):
    deal = make_deal(owner=anna, amount=Decimal("10.00"))
    body = desk.get("/deals/export/", {"format": "jsonl", "columns": "name,party,amount"}).content.decode()
    assert [json.loads(line) for line in body.splitlines()] == [
        {
            "id": deal.pk, "name": deal.name, "party": {"id": deal.party_id, "name": str(deal.party)},
            "amount": "10.00", "amount_currency": "RUB",
        }
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_long_list_is_written_by_a_job_and_kept_a_day_for_the_one_who_asked(desk, anna, boris, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "AT_ONCE", 2)
    for place in range(4):
        make_party(f"Фирма {place}", owner=anna)
    make_party("Чужая", owner=boris)
    where = desk.get("/parties/export/", {"format": "xlsx"})["Location"]
    run = ExportRun.objects.get()
    assert where == f"/exports/{run.pk}/"
    assert desk.get(f"{where}file/").status_code == 404
    assert desk.get(where).status_code == 200
    work_on_export(run)
    assert run.state == "ready", run.trouble
    rows, _about = book(desk.get(f"{where}file/"), tmp_path)
    assert sorted(row[1] for row in rows[1:]) == [f"Фирма {place}" for place in range(4)]
    stranger = Client()
    stranger.force_login(boris)
    assert stranger.get(where).status_code == 404
    assert stranger.get(f"{where}file/").status_code == 404
    ExportRun.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert desk.get(f"{where}file/").status_code == 404
    assert drop_expired() == 1
    assert not path_of(run).exists()


@pytest.mark.django_db
def test_an_unknown_format_is_refused(desk):
    assert desk.get("/parties/export/", {"format": "exe"}).status_code == 422
    assert not AuditRecord.objects.filter(kind="export").exists()


@pytest.mark.django_db
def test_what_was_exported_comes_back_unchanged(desk, anna, gleb, settings, tmp_path):
    from krug.administration.actions.shipped_roles import ensure_shipped_roles
    from krug.exchange.tests.test_import_wizard import checked, fates, opened

    ensure_shipped_roles()
    for place in range(3):
        make_party(f"=Фирма {place}", owner=anna, city="Омск")
    body = b"".join(desk.get("/parties/export/", {"columns": "display_name,city,owner"}).streaming_content)
    run = checked(opened(gleb, "parties.csv", body), gleb, on_match="update", keys=["name"])
    assert fates(run) == {"same": 3}
    assert all(first < second for first, second in pairwise(row.number for row in run.rows.order_by("id")))


@pytest.mark.django_db(transaction=True)
def test_a_long_export_tells_how_far_it_is_and_is_cancelled_within_a_part(desk, anna, boris, monkeypatch):
    monkeypatch.setattr(files, "AT_ONCE", 2)
    monkeypatch.setattr(files, "BATCH", 2)
    for place in range(7):
        make_party(f"Фирма {place}", owner=anna)
    where = desk.get("/parties/export/", {"format": "xlsx"})["Location"]
    run = ExportRun.objects.get()
    page = desk.get(where).content.decode()
    assert f'action="{where}cancel/"' in page
    stranger = Client()
    stranger.force_login(boris)
    assert stranger.post(f"{where}cancel/").status_code == 404
    seen: list[tuple[int, int]] = []
    tell = Teller.tell

    def told_and_cancelled(teller, done, total):
        seen.append((done, total))
        if done == 4:
            assert desk.post(f"{where}cancel/")["Location"] == where
        return tell(teller, done, total)

    monkeypatch.setattr(Teller, "tell", told_and_cancelled)
    work_on_export(run)
    assert seen == [(0, 7), (2, 7), (4, 7)]
    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.size, run.trouble) == ("cancelled", 4, 7, 0, "")
    assert list(path_of(run).parent.iterdir()) == []
    page = desk.get(where).content.decode()
    assert "Выгрузка отменена" in page and f"{where}cancel/" not in page
    assert desk.get(f"{where}file/").status_code == 404
    assert desk.post(f"{where}cancel/")["Location"] == where
    assert desk.get("/exports/99999/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_long_list_of_the_past_leaves_as_it_stood_then(desk, anna, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "AT_ONCE", 2)
    deals = [make_deal(owner=anna, name=f"Сделка {place}") for place in range(4)]
    then = timezone.now().isoformat()
    for deal in deals:
        writing.change(get_entity("deal"), deal, {"name": f"Иначе {deal.pk}"}, by=anna)
    make_deal(owner=anna, name="Позже")
    asked = {"format": "xlsx", "columns": "name", "sort": "name", "as_of": then}
    where = desk.get("/deals/export/", asked)["Location"]
    run = ExportRun.objects.get()
    assert run.as_of.isoformat() == then.replace("Z", "+00:00")
    work_on_export(run)
    assert (run.state, run.trouble) == ("ready", "")
    answer = desk.get(f"{where}file/")
    rows, about = book(answer, tmp_path)
    assert [row[1] for row in rows[1:]] == [f"Сделка {place}" for place in range(4)]
    assert "На дату" in [line[0] for line in about] or "По состоянию на" in [line[0] for line in about]
    assert ExportRun.objects.get().state == "ready"
