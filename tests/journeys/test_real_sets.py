"""Real sets of other programs go through the wizard by clicks: chosen, matched, checked, written, counted, taken back.

All sets are whole but the leads of the school: nine thousand take more than twenty seconds here, so that the first two
thousand are taken; all of them come in by the API (krug/integrations/tests/test_shipped_plans.py).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from krug.kernel.testing.shared import shared

MINUTES = 240_000
LEADS = 2_000
NEW, CHANGED, SAME, SKIPPED, ASK, BAD = range(6)
Fates = dict[str, list[int]]


def counted(page: Page) -> Fates:
    """How many rows of each table have each fate, as the page says."""
    found = {}
    for row in page.locator("tbody tr").filter(has=page.locator("td.end")).all():
        cells = [re.sub(r"\D", "", text) for text in row.locator("td").all_inner_texts()]
        found[row.locator("th").inner_text().rsplit(":", 1)[0]] = [int(cell) for cell in cells]
    return found


def match(page: Page, kind: str, targets: dict[str, str], given: dict[str, str], *, system: str) -> None:
    """Say what the rows are, where each column goes, and what the file does not contain."""
    page.locator("select[name=t0-entity]").select_option(kind)
    page.get_by_role("button", name="Показать столбцы и поля").click()
    expect(page.locator("select[name=t0-entity]")).to_have_value(kind)
    for row in page.locator("tbody tr").filter(has=page.locator("select[name$='-target']")).all():
        wanted = targets.get(row.locator("th").inner_text(), "")
        row.locator("select[name$='-target']").select_option(wanted)
    page.locator("input[name=t0-system]").fill(system)
    for box in page.locator("input[name=t0-keys]").all():
        box.set_checked(box.get_attribute("value") == "source")
    for field, value in given.items():
        page.locator("select[name=t0-fixed]").select_option(field)
        page.locator("input[name=t0-constant]").fill(value)
        page.get_by_role("button", name="Показать столбцы и поля").click()
        expect(page.locator("tbody th", has_text=re.compile("^Постоянное значение$"))).not_to_have_count(0)
        expect(page.locator("input[name=t0-constant]")).to_have_value("")


@contextmanager
def brought_in(page: Page, files: list[Any], matching: Callable[[Page], None] | None = None) -> Iterator[Fates]:
    """The files are checked, written and counted; what follows sees them, then the import is taken back whole."""
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name="Открыть файлы").click()
    expect(page.get_by_role("heading", name="Куда идут столбцы")).to_be_visible()
    if matching:
        matching(page)
    page.get_by_role("button", name="Проверить каждую строку").click()
    expect(page.get_by_role("button", name="Записать")).to_be_visible(timeout=MINUTES)
    checked = counted(page)
    page.get_by_role("button", name="Записать").click()
    expect(page.locator(".badge", has_text=re.compile("^Записано$")).first).to_be_visible(timeout=MINUTES)
    assert counted(page) == checked
    run = page.url
    try:
        yield checked
    finally:
        take_back(page, run)


def take_back(page: Page, run: str) -> None:
    """Undo the whole import from its page."""
    page.goto(run)
    page.get_by_role("button", name="Отменить загрузку").click()
    expect(page.locator(".badge", has_text=re.compile("^Отменено$")).first).to_be_visible(timeout=MINUTES)


def asked(product: Any, question: str, *values: Any) -> Any:
    """What the database of the product answers."""
    with psycopg.connect(product.database) as base:
        row = base.execute(question, values).fetchone()  # type: ignore[arg-type]  # a question of this file
        return row if row and len(row) > 1 else row and row[0]


@pytest.fixture
def page(sit_down) -> Page:
    return sit_down("guseva").page


def test_five_files_of_hubspot_come_in_with_their_links(page, product):
    files = sorted(shared("data/crm/hubspot_shape").glob("*.csv"))
    with brought_in(page, files) as fates:
        assert {name: counts for name, counts in fates.items() if any(counts)} == {
            "hubspot_companies.csv": [200, 0, 0, 0, 0, 0],
            "hubspot_contacts.csv": [950, 0, 0, 0, 0, 0],
            "hubspot_deals.csv": [500, 0, 0, 0, 0, 0],
            "hubspot_activities.csv": [1428, 0, 0, 0, 0, 572],
        }
        own = "source_system = 'hubspot' AND NOT is_archived"
        money = asked(product, f"SELECT count(*), sum(amount) FROM deal WHERE {own}")
        assert money == (500, Decimal("62499790.17"))
        links = asked(
            product,
            "SELECT (SELECT count(*) FROM contact_position c JOIN party p ON p.id = c.party_id"
            " WHERE p.source_system = %s), (SELECT count(*) FROM deal_contact c JOIN deal d ON d.id = c.deal_id"
            " WHERE d.source_system = %s)",
            "hubspot",
            "hubspot",
        )
        assert links == (679, 500)
        page.goto("/parties/?saved=all&q=Cruz+Inc")
        page.locator("tbody tr").first.get_by_role("link", name="Cruz Inc").first.click()
        expect(page.locator("h1")).to_contain_text("Cruz Inc")
    assert asked(product, f"SELECT count(*) FROM deal WHERE {own}") == 0


def test_the_files_of_northwind_come_in_as_far_as_there_are_types_for_them(page, product):
    with brought_in(page, sorted(shared("data/orders/northwind").glob("*.csv"))) as fates:
        assert {name: counts[NEW] for name, counts in fates.items() if any(counts)} == {
            "Categories.csv": 8, "Customers.csv": 93, "Suppliers.csv": 29, "Products.csv": 77, "Employees.csv": 9,
        }  # fmt: skip
        assert asked(
            product,
            "SELECT count(*) FILTER (WHERE 'customer' = ANY(roles)), count(*) FILTER (WHERE 'supplier' = ANY(roles)) "
            "FROM party WHERE source_system = 'northwind' AND NOT is_archived",
        ) == (93, 29)  # fmt: skip
        page.goto("/products/?q=Chai")
        expect(page.locator("tbody tr").first).to_contain_text("Beverages")


def test_leads_of_the_school_keep_what_they_refused(page, product):
    """The flags “Do Not Email” and “Do Not Call” become refusals of the person."""
    lines = (shared("data/crm/xeducation_leads") / "Leads.csv").read_bytes().splitlines(keepends=True)[: LEADS + 1]
    told = list(csv.DictReader(line.decode() for line in lines))
    mails = sum(row["Do Not Email"] == "Yes" for row in told)
    calls = sum(row["Do Not Call"] == "Yes" for row in told)
    given = {"name": "Leads.csv", "mimeType": "text/csv", "buffer": b"".join(lines)}
    with brought_in(page, [given]) as fates:
        assert fates == {"Leads.csv": [LEADS, 0, 0, 0, 0, 0]}
        refused = (
            "SELECT count(*) FILTER (WHERE c.channel = 'email'), count(*) FILTER (WHERE c.channel = 'phone')"
            " FROM consent c JOIN party p ON p.id = c.party_id"
            " WHERE p.source_system = 'xeducation' AND c.decision = 'refused' AND NOT p.is_archived"
        )
        assert asked(product, refused) == (mails, calls)
        assert mails > 50
    assert asked(product, refused) == (0, 0)


@pytest.mark.parametrize(
    ("folder", "pattern", "whole"),
    [
        ("contacts/vcard/ez_vcard", "*.vcf", [8, 0, 0, 1, 0, 2]),
        ("contacts/csv", "google_contacts.csv", [2, 0, 0, 0, 0, 0]),
        ("contacts/csv", "outlook.csv", [2, 0, 0, 1, 0, 0]),
        ("contacts/csv", "linkedin_connections.csv", [2, 0, 0, 0, 0, 0]),
    ],
)
def test_address_books_bring_people_with_their_companies(page, product, folder, pattern, whole):
    own = "SELECT count(*) FROM contact WHERE NOT is_archived"
    before = asked(product, own)
    with brought_in(page, sorted(shared(f"data/{folder}").glob(pattern))) as fates:
        assert [sum(counts) for counts in zip(*fates.values(), strict=True)] == whole
        assert asked(product, own) == before + whole[NEW]
    assert asked(product, own) == before


PERSON = {"rec_id": "source_key", "given_name": "given_name", "surname": "surname", "date_of_birth": "birthday"}
ONTOLOGY = "http://www.okkam.org/ontology_restaurant{}.owl#"
SHOP = {"id": "source_key", "name": "name_en", "title": "name_en", "price": "price"}


def restaurants(number: int) -> dict[str, str]:
    """Where the columns of a list of restaurants go."""
    begin = ONTOLOGY.format(number)
    return {"id": "source_key", f"{begin}name": "display_name", f"{begin}phone_number": "phone.raw"}


# The set, what its rows are, its table in the database, where its columns go, what is given for all, and the fates.
SETS = {
    "febrl/dataset1": ("contact", PERSON, {}, [997, 0, 0, 0, 0, 3]),
    "restaurants/rest1": ("party", restaurants(1), {}, [226, 0, 0, 0, 0, 113]),
    "restaurants/rest2": ("party", restaurants(2), {}, [1503, 0, 0, 0, 0, 753]),
    "abt_buy/abt": ("product", SHOP, {"code": "abt-{id}", "currency": "USD"}, [1076, 0, 0, 0, 0, 0]),
    "abt_buy/buy": ("product", SHOP, {"code": "buy-{id}", "currency": "USD"}, [1076, 0, 0, 0, 0, 0]),
    "amazon_google/amazon": ("product", SHOP, {"code": "amazon-{id}", "currency": "USD"}, [1354, 0, 0, 0, 0, 0]),
    "amazon_google/gp": ("product", SHOP, {"code": "google-{id}", "currency": "USD"}, [2974, 0, 0, 0, 0, 65]),
}


@pytest.mark.parametrize("name", SETS)
def test_a_set_made_for_finding_duplicates_comes_in_matched_by_hand(page, product, name):
    kind, targets, given, fates = SETS[name]
    path: Path = shared(f"data/dedupe/{name}.csv")
    system = name.replace("/", "-")
    own = f"SELECT count(*) FROM {kind} WHERE source_system = %s"
    with brought_in(page, [path], lambda page: match(page, kind, targets, given, system=system)) as found:
        assert found == {path.name: fates}
        assert asked(product, own, system) == fates[NEW]
        if fates[BAD]:
            page.locator("td a").last.click()
            expect(page.locator("tbody tr")).to_have_count(min(fates[BAD], 50))


def test_the_encoding_is_chosen_and_what_is_shown_changes_at_once(page):
    content = "Název|Město\nŽluťoučký kůň|Plzeň\n".encode("cp1250")
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files({"name": "p.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Открыть файлы").click()
    expect(page.locator("#import-plan")).not_to_contain_text("Žluťoučký")
    page.evaluate("window.still = true")
    page.get_by_label("Кодировка").select_option("cp1250")
    expect(page.locator("#import-plan")).to_contain_text("Žluťoučký kůň")
    page.get_by_label("Разделитель").select_option(";")
    expect(page.locator("#import-plan thead th", has_text="Název|Město").first).to_be_visible()
    assert page.evaluate("window.still") is True
