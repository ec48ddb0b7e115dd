"""The real Maven files: every figure that the data's readme gives, after a real import."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from krug.access.models import Team, User
from krug.administration.actions.people import setup_actor
from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.catalogue.models import Product
from krug.exchange.importing.presets import files_in
from krug.exchange.importing.running import carry_out
from krug.integrations.maven_crm.preset import MAVEN_CRM
from krug.kernel.errors import NotAllowed, Refusal
from krug.kernel.journal.models import JournalEntry
from krug.kernel.testing.shared import shared
from krug.parties.models import Party
from krug.sales.models import Deal, StageVisit

pytestmark = pytest.mark.django_db
FOLDER = "data/crm/sales_opportunities"


HEAD = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"


def take_in(folder: Path, *, write: bool = True):
    ensure_shipped_roles()
    return carry_out(MAVEN_CRM, files_in(folder), by=setup_actor(), write=write, progress=lambda done, total: None)


def test_the_real_files_come_in_whole_with_every_repair_counted_and_a_second_run_changes_nothing():
    findings = take_in(shared(FOLDER))
    assert dict(findings.created) == {"team": 9, "user": 41, "product": 7, "party": 85, "deal": 8800}
    assert dict(findings.read) == dict(findings.created)
    assert not findings.bad_rows
    stages = {
        row["stage__name_en"]: (row["n"], row["total"])
        for row in Deal.objects.values("stage__name_en").annotate(n=Count("pk"), total=Sum("amount"))
    }
    assert stages == {
        "Won": (4238, Decimal("10005534.00")),
        "Lost": (2473, Decimal("0.00")),
        "Engaging": (1589, None),
        "Prospecting": (500, None),
    }
    repairs = {repair.code: 0 for repair in findings.repairs.values()}
    for repair in findings.repairs.values():
        repairs[repair.code] += repair.count
    assert repairs["DEAL_WITHOUT_PARTY"] == 1425
    assert repairs["SECTOR_SPELLING"] == 12
    assert repairs["COUNTRY_SPELLING"] == 1
    gtx = next(repair for repair in findings.repairs.values() if repair.before == "GTXPro")
    assert (gtx.after, gtx.count) == ("GTX Pro", Deal.objects.filter(lines__product__name_en="GTX Pro").count())
    assert repairs["LINE_AT_LIST_PRICE"] == 1589 + 500
    assert Deal.objects.filter(party=None).count() == 1425
    assert not Deal.objects.filter(party=None, closed_at__isnull=False).exists()
    assert Party.objects.exclude(parent=None).count() == 15
    assert User.objects.filter(source="maven-crm", roles__code="seller").count() == 35
    assert Team.objects.filter(parent=None, office__in=["Central", "East", "West"]).count() == 3
    assert StageVisit.objects.filter(left_at=None).count() == 1589 + 500
    assert StageVisit.objects.filter(is_history=True).count() == 4238 + 2473

    before = {model: set(model.objects.values_list("pk", "version")) for model in (Deal, Party, Product)}
    entries = JournalEntry.objects.count()
    again = take_in(shared(FOLDER))
    assert sum(again.created.values()) == 0
    assert sum(again.changed.values()) == 0
    assert dict(again.same) == {"team": 9, "user": 41, "product": 7, "party": 85, "deal": 8800}
    assert {model: set(model.objects.values_list("pk", "version")) for model in before} == before
    assert JournalEntry.objects.count() == entries


def small_set(folder: Path, **changes: str) -> Path:
    """A handful of rows of the same shape."""
    files = {
        "accounts.csv": "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n"
        "Acme,retail,1996,11.5,28,Kenya,\n",
        "products.csv": "product,series,sales_price\nGTX Pro,GTX,4821\n",
        "sales_teams.csv": "sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\n",
        "sales_pipeline.csv": HEAD + "A1,Anna Snelling,GTXPro,Acme,Won,2017-01-01,2017-02-01,100\n",
    }
    for name, text in {**files, **{key.replace("__", "."): value for key, value in changes.items()}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A1,Nobody Known,GTX Pro,Acme,Won,2017-01-01,2017-02-01,100", "Nobody Known"),
        ("A1,Anna Snelling,GTX Pro,Acme,Won,2017-02-31,2017-03-01,100", "2017-02-31"),
        ("A1,Anna Snelling,GTX Pro,,Won,2017-01-01,2017-02-01,100", "customer"),
        ("A1,Anna Snelling,Unknown,Acme,Won,2017-01-01,2017-02-01,100", "Unknown"),
        ("A1,Anna Snelling,GTX Pro,Acme,Dreaming,2017-01-01,,", "Dreaming"),
    ],
)
def test_a_row_that_can_not_be_mended_is_refused_with_its_number_and_reason(tmp_path, row, words):
    findings = take_in(small_set(tmp_path, sales_pipeline__csv=HEAD + row + "\n"))
    assert [bad.row for bad in findings.bad_rows] == [2]
    assert words in findings.bad_rows[0].reason
    assert not Deal.objects.exists()


def test_each_company_without_its_parent_is_named_by_its_row(tmp_path):
    accounts = (
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n"
        "Acme,retail,1996,11.5,28,Kenya,Nowhere Inc\nBeta,retail,1996,11.5,28,Kenya,Nowhere Inc\n"
    )
    findings = take_in(small_set(tmp_path, accounts__csv=accounts))
    assert [bad.row for bad in findings.bad_rows] == [2, 3]
    assert all("Nowhere Inc" in bad.reason and bad.cells for bad in findings.bad_rows)
    assert Party.objects.filter(parent=None).count() == 2


def test_a_check_writes_nothing_and_tells_the_same_figures(tmp_path):
    folder = small_set(tmp_path)
    checked = take_in(folder, write=False)
    assert not Deal.objects.exists()
    assert not Party.objects.exists()
    assert checked.created == take_in(folder).created


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(Refusal) as no:
        take_in(small_set(tmp_path, products__csv="product,series\nGTX Pro,GTX\n"))
    assert no.value.code == "COLUMN_MISSING"
    assert "sales_price" in str(no.value)


def test_a_missing_file_is_named(tmp_path):
    (small_set(tmp_path) / "accounts.csv").unlink()
    with pytest.raises(Refusal) as no:
        take_in(tmp_path)
    assert "accounts.csv" in str(no.value)


def test_only_those_with_the_right_may_import(tmp_path, boris):
    ensure_shipped_roles()
    boris.roles.clear()
    with pytest.raises(NotAllowed):
        carry_out(MAVEN_CRM, files_in(small_set(tmp_path)), by=boris, write=True, progress=lambda done, total: None)
    assert not Party.objects.exists()
