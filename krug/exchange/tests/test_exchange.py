"""Foreign tables: any common encoding and separator, clear words for what is broken, files that carry no formulas."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.exchange.exporting.lines import export_csv
from krug.exchange.importing.running import work_on
from krug.exchange.importing.tables import open_table, plain_cell, safe_cell
from krug.exchange.models import ImportRun
from krug.integrations.tests.test_maven_crm import small_set
from krug.kernel.errors import Refusal
from krug.kernel.models import AuditRecord
from krug.kernel.registry import get_entity
from krug.parties.models import Party
from krug.parties.testing import make_party
from krug.sales.models import Deal
from krug.sales.testing import make_deal


@pytest.mark.parametrize(
    ("text", "encoding", "separator"),
    [
        ("имя;город\nАнна;Омск\n", "cp1251", ";"),
        ("имя;город\nАнна;Омск\n", "utf-8", ";"),
        ("имя,город\nАнна,Омск\n", "utf-8-sig", ","),
        ("имя\tгород\nАнна\tОмск\n", "utf-16", "\t"),
    ],
)
def test_encoding_and_separator_are_recognised(tmp_path, text, encoding, separator):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    table = open_table(path, needs=("имя", "город"))
    assert table.separator == separator
    assert [row.values for row in table.rows()] == [{"имя": "Анна", "город": "Омск"}]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b"\x00\x01\x02PK", "NOT_TEXT"),
        (b"a,b\n1,2\n", "COLUMN_MISSING"),
        (b"x" * 70_000, "LINE_TOO_LONG"),
    ],
)
def test_a_broken_file_is_refused_with_its_reason(tmp_path, content, code):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(Refusal) as no:
        open_table(path, needs=("name",))
    assert no.value.code == code


def test_an_endless_line_stops_the_reading_and_not_the_machine(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b'name\nx\n"' + b"y" * 1_200_000 + b"\n")
    with pytest.raises(Refusal) as no:
        list(open_table(path, needs=("name",)).rows())
    assert no.value.code in ("LINE_TOO_LONG", "LINE_BROKEN")


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@sum", "\tx"])
def test_no_cell_of_an_export_is_a_formula_and_it_comes_back_unchanged(text):
    assert safe_cell(text) == "'" + text
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["-5", "-5,50", "12", "plain", ""])
def test_numbers_and_words_stay_as_they_are(text):
    assert safe_cell(text) == text


def exported(client: Client, url: str) -> list[dict[str, str]]:
    """The rows of an exported file."""
    body = b"".join(client.get(url).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body), delimiter=";" if ";" in body.splitlines()[0] else ","))


@pytest.mark.django_db
def test_an_export_holds_only_visible_rows_and_is_written_down(anna, boris):
    make_party("=HYPERLINK(1)", owner=anna)
    make_party("Чужой", owner=boris)
    client = Client()
    client.force_login(anna)
    rows = exported(client, "/parties/export/")
    assert [list(row.values())[1] for row in rows] == ["'=HYPERLINK(1)"]
    assert AuditRecord.objects.filter(kind="export", actor=anna, object="party").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "heads", "amount"),
    [
        ("en", ["No.", "Name", "Customer", "Amount", "Currency"], "1234.50"),
        ("ru", ["№", "Название", "Клиент", "Сумма", "Валюта"], "1234,50"),
    ],
)
def test_an_export_has_the_heads_of_the_list_in_the_language_of_its_reader(anna, language, heads, amount):
    deal = make_deal(owner=anna, amount=Decimal("1234.50"))
    columns = ("name", "party", "amount")
    lines = list(export_csv(get_entity("deal"), Deal.objects.all(), anna, language=language, columns=columns))
    first, second = csv.reader(lines[1:], delimiter=";" if language == "ru" else ",")
    assert first == heads
    assert second == [str(deal.pk), deal.name, str(deal.party), amount, "RUB"]


@pytest.fixture
def desk(gleb):
    ensure_shipped_roles()
    client = Client()
    client.force_login(gleb)
    return client


def uploads(folder):
    return [SimpleUploadedFile(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]


@pytest.mark.django_db(transaction=True)
def test_files_are_checked_first_and_written_when_somebody_says_so(desk, tmp_path, settings):
    settings.DATA = tmp_path / "data"
    folder = tmp_path / "set"
    folder.mkdir()
    answer = desk.post("/import/", {"preset": "maven-crm", "files": uploads(small_set(folder))})
    run = ImportRun.objects.get()
    assert answer["Location"] == f"/import/{run.pk}/"
    work_on(run, write=False)
    assert run.state == "checked"
    assert run.findings["created"]["deal"] == 1
    assert not Party.objects.filter(source_system="maven-crm").exists()
    assert "GTX Pro" in desk.get(f"/import/{run.pk}/").content.decode()
    desk.post(f"/import/{run.pk}/write/")
    run.refresh_from_db()
    work_on(run, write=True)
    assert run.state == "done"
    assert Party.objects.filter(source_system="maven-crm").count() == 1


@pytest.mark.django_db
def test_a_missing_file_is_named_on_the_form(desk, tmp_path, settings):
    settings.DATA = tmp_path
    folder = tmp_path / "set"
    folder.mkdir()
    files = [file for file in uploads(small_set(folder)) if file.name != "accounts.csv"]
    page = desk.post("/import/", {"preset": "maven-crm", "files": files})
    assert page.status_code == 422
    assert "accounts.csv" in page.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_another_persons_run_does_not_exist(desk, anna, gleb):
    run = ImportRun.objects.create(preset="maven-crm", created_by=gleb)
    stranger = Client()
    stranger.force_login(anna)
    assert stranger.get(f"/import/{run.pk}/").status_code == 404
    assert stranger.post(f"/import/{run.pk}/write/").status_code == 404
