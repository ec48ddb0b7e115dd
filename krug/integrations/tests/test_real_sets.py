"""The real sets go through the wizard as a browser without scripts sends it, and through the API, to the same fates."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client

from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.exchange.models import ImportRun
from krug.integrations.tests.test_import_calls import Program, post, send, work
from krug.kernel.testing.shared import shared
from krug.parties.models import Consent, Contact, Party

pytestmark = pytest.mark.django_db
# The folder, its files, the plan that is known for them, and how many rows of all its tables are new.
SETS = {
    "HubSpot": ("crm/hubspot_shape", "*.csv", "hubspot"),
    "Northwind": ("orders/northwind", "*.csv", "northwind"),
    "Google": ("contacts/csv", "google_contacts.csv", "google-contacts"),
    "Outlook": ("contacts/csv", "outlook.csv", "outlook-contacts"),
    "LinkedIn": ("contacts/csv", "linkedin_connections.csv", "linkedin"),
    "vCard": ("contacts/vcard/ez_vcard", "*.vcf", ""),
    "Restaurants": ("dedupe/restaurants", "rest1.csv", ""),
    "FEBRL": ("dedupe/febrl", "dataset1.csv", ""),
}
LEADS = 400
FIRST = 250  # lines of FEBRL, which is judged whole in test_dedupe and by `bin/krug bench dedupe`


class Form(HTMLParser):
    """The fields of a page as a browser would send them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.select, self.first = "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        name, value = told.get("name"), told.get("value") or ""
        if tag == "select":
            self.select, self.first = name or "", ""
        elif tag == "option" and self.select:
            if "selected" in told:
                self.fields[self.select] = [value]
            else:
                self.fields.setdefault(self.select, [value])
        elif tag == "input" and name and told.get("type") in ("checkbox", "radio"):
            if "checked" in told:
                self.fields.setdefault(name, []).append(value)
        elif tag == "input" and name and told.get("type") != "file":
            self.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = ""


@pytest.fixture
def desk(gleb, settings, tmp_path):
    ensure_shipped_roles()
    settings.DATA = tmp_path
    client = Client()
    client.force_login(gleb)
    return client


def files_of(name: str) -> dict[str, bytes]:
    folder, pattern, _plan = SETS[name]
    files = {path.name: path.read_bytes() for path in sorted(shared(f"data/{folder}").glob(pattern))}
    if name == "FEBRL":
        return {file: b"".join(text.splitlines(keepends=True)[: FIRST + 1]) for file, text in files.items()}
    return files


def by_wizard(desk: Client, files: dict[str, bytes], *, write: bool) -> ImportRun:
    """Choose the files, look at the plan, send it as it stands, look at the check, have it written."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = desk.post("/import/", {"files": [SimpleUploadedFile(*file) for file in files.items()]})
    address = answer["Location"]
    number = int(address.split("/")[2])
    form = Form(desk.get(address).content.decode()).fields
    sent = {name: values for name, values in form.items() if name.startswith("t")}
    assert desk.post(f"{address}?plan=1", {**sent, "act": "check"})["Location"] == address
    run = work(number, write=False)
    assert run.state == "checked", run.trouble
    assert desk.get(address).status_code == 200
    if write:
        checked = run.findings["tables"]
        assert desk.post(f"{address}write/")["Location"] == address
        run = work(number, write=True)
        assert (run.state, run.findings["tables"]) == ("done", checked)
    return run


@pytest.mark.parametrize("name", SETS)
def test_a_real_set_meets_the_same_fates_in_the_wizard_and_by_the_api(desk, gleb, name):
    files, plan = files_of(name), SETS[name][2]
    run = by_wizard(desk, files, write=False)
    assert run.plan["preset"] == plan
    fates = {
        table["table"]: run.findings["tables"].get(str(place), {}) for place, table in enumerate(run.plan["tables"])
    }
    rows = ImportRun.objects.get(pk=run.pk).rows
    assert sum(sum(told.values()) for told in fates.values()) == rows.count() > 0
    assert all(row.told["faults"] for row in rows.filter(fate="bad")[:50])
    begun = send(Program(gleb), files)
    assert (begun.status_code, begun.json()["plan"]["preset"]) == (201, plan)
    number = begun.json()["id"]
    assert post(Program(gleb), number, "plan").status_code == 202
    work(number, write=False)
    told = Program(gleb).call("GET", f"/imports/{number}/").json()
    assert told["state"] == "checked"
    assert told["fates"] == {table: counts for table, counts in fates.items() if table in told["fates"]}


def test_leads_of_the_school_become_refusals_in_the_wizard(desk):
    """Of the nine thousand here are the first hundreds; all of them are taken in test_shipped_plans."""
    lines = (shared("data/crm/xeducation_leads") / "Leads.csv").read_bytes().splitlines(keepends=True)
    run = by_wizard(desk, {"Leads.csv": b"".join(lines[: LEADS + 1])}, write=True)
    assert (run.plan["preset"], run.findings["tables"]) == ("xeducation", {"0": {"new": LEADS}})
    refused = sum(line.split(b",")[4] == b"Yes" for line in lines[1 : LEADS + 1])
    mails = Consent.objects.refusals().filter(channel="email", party__source_system="xeducation")
    assert (Party.objects.filter(source_system="xeducation").count(), mails.count()) == (LEADS, refused)
    assert refused > 0


def test_cards_and_address_books_are_written_by_the_wizard(desk):
    by_wizard(desk, files_of("vCard"), write=True)
    before = Contact.objects.count()
    assert before > 0
    by_wizard(desk, files_of("Google"), write=True)
    assert Contact.objects.count() > before
