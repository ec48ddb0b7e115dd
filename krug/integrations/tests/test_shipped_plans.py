"""The real files of other programs come in whole, with their figures and their links."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db.models import Sum

from krug.access.models import User
from krug.activities.models import Interaction
from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.catalogue.models import Product, ProductCategory
from krug.exchange.models import ImportRun
from krug.integrations.tests.test_import_calls import Program, post, send, work
from krug.kernel.testing.shared import shared
from krug.parties.models import Consent, Contact, ContactPoint, ContactPosition, Party
from krug.sales.models import Deal, DealContact


def taken_in(paths, by, settings, tmp_path, plan=None) -> ImportRun:
    """The files go in by the API and are checked and written as their plan says, or as another is sent."""
    settings.DATA = tmp_path
    ensure_shipped_roles()
    program = Program(by)
    begun = send(program, {path.name: path.read_bytes() for path in paths})
    assert begun.status_code == 201, begun.content
    number = begun.json()["id"]
    assert post(program, number, "plan", {"plan": plan} if plan else {}).status_code == 202
    run = work(number, write=False)
    assert run.state == "checked", run.trouble
    checked = run.findings["tables"]
    assert post(program, number, "write").status_code == 202
    run = work(number, write=True)
    assert run.state == "done", run.trouble
    assert run.findings["tables"] == checked
    return run


@pytest.mark.django_db
def test_hubspot_comes_in_with_its_links(gleb, settings, tmp_path):
    folder = shared("data/crm/hubspot_shape")
    run = taken_in(sorted(folder.glob("*.csv")), gleb, settings, tmp_path)
    assert run.plan["preset"] == "hubspot"
    assert Party.objects.filter(source_system="hubspot").count() == 200
    assert Contact.objects.filter(source_system="hubspot").count() == 950
    assert ContactPosition.objects.filter(party__source_system="hubspot").count() == 679
    deals = Deal.objects.filter(source_system="hubspot")
    assert deals.count() == 500
    assert deals.filter(state="won").count() == 71
    assert deals.filter(state="lost").count() == 69
    assert deals.aggregate(total=Sum("amount"))["total"] == Decimal("62499790.17")
    assert DealContact.objects.count() == 500
    assert User.objects.filter(source="import").count() == 7
    assert Interaction.objects.filter(source_system="hubspot").count() == 1428
    assert run.rows.filter(fate="bad").count() == 572


@pytest.mark.django_db
def test_northwind_comes_in_as_far_as_there_are_types_for_it(gleb, settings, tmp_path):
    run = taken_in(sorted(shared("data/orders/northwind").glob("*.csv")), gleb, settings, tmp_path)
    assert run.plan["preset"] == "northwind"
    parties = Party.objects.filter(source_system="northwind")
    assert parties.filter(roles__contains=["customer"]).count() == 93
    assert parties.filter(roles__contains=["supplier"]).count() == 29
    assert ProductCategory.objects.count() == 8
    products = Product.objects.filter(source_system="northwind")
    assert products.count() == 77
    assert products.get(source_key="1").category.name_en == "Beverages"
    assert User.objects.filter(email__endswith="@northwind.invalid").count() == 9
    assert [table["entity"] for table in run.plan["tables"]].count("") == 6


@pytest.mark.django_db
def test_leads_of_the_school_keep_what_they_refused(gleb, settings, tmp_path):
    folder = shared("data/crm/xeducation_leads")
    run = taken_in([folder / "Leads.csv"], gleb, settings, tmp_path)
    leads = Party.objects.filter(source_system="xeducation")
    assert leads.count() == 9240
    refusals = Consent.objects.refusals().filter(party__source_system="xeducation")
    assert refusals.filter(channel="email").count() == 734
    assert refusals.filter(channel="phone").count() == 2
    assert refusals.count() == 736
    assert set(refusals.values_list("decision", "source", "created_by")) == {
        ("refused", "Импортированный файл", gleb.pk)
    }
    assert not leads.filter(note__contains="Do not").exists()
    assert leads.filter(roles__contains=["customer"]).count() == 3561
    assert run.findings["emptied"] > 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "people", "companies"),
    [("google_contacts.csv", 2, 2), ("outlook.csv", 2, 1), ("linkedin_connections.csv", 2, 2)],
)
def test_address_books_bring_people_with_their_companies(gleb, settings, tmp_path, name, people, companies):
    run = taken_in([shared("data/contacts/csv") / name], gleb, settings, tmp_path)
    assert run.plan["preset"] in ("google-contacts", "outlook-contacts", "linkedin")
    assert Contact.objects.count() == people
    assert Party.objects.count() == companies
    assert ContactPoint.objects.filter(contact__isnull=False, type="email").exists()


SHOP = {"id": "source_key", "name": "name_en", "title": "name_en", "price": "price"}
PERSON = {"rec_id": "source_key", "given_name": "given_name", "surname": "surname", "date_of_birth": "birthday"}
PLACE = {
    "id": "source_key",
    **{f"http://www.okkam.org/ontology_restaurant{number}.owl#name": "display_name" for number in (1, 2)},
    **{f"http://www.okkam.org/ontology_restaurant{number}.owl#phone_number": "phone.raw" for number in (1, 2)},
}
IN_DOLLARS = {"code": "{id}", "currency": "USD"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "entity", "targets", "given", "fates"),
    [
        ("febrl/dataset1", "contact", PERSON, {}, {"new": 997, "bad": 3}),
        ("febrl/dataset2", "contact", PERSON, {}, {"new": 4989, "bad": 11}),
        ("febrl/dataset3", "contact", PERSON, {}, {"new": 4959, "bad": 41}),
        ("restaurants/rest1", "party", PLACE, {}, {"new": 226, "bad": 113}),
        ("restaurants/rest2", "party", PLACE, {}, {"new": 1503, "bad": 753}),
        ("abt_buy/abt", "product", SHOP, IN_DOLLARS, {"new": 1076}),
        ("abt_buy/buy", "product", SHOP, IN_DOLLARS, {"new": 1076}),
        ("amazon_google/amazon", "product", SHOP, IN_DOLLARS, {"new": 1354}),
        ("amazon_google/gp", "product", SHOP, IN_DOLLARS, {"new": 2974, "bad": 65}),
    ],
)
def test_the_sets_for_finding_duplicates_come_in_whole_by_the_api(
    gleb, settings, tmp_path, name, entity, targets, given, fates
):
    path, system = shared(f"data/dedupe/{name}.csv"), name.replace("/", "-")
    with path.open(encoding="utf-8", errors="replace") as file:
        line = file.readline().strip()
    head = [cell.strip() for cell in re.split(r"\|" if "|" in line else "," if "," in line else "#", line)]
    columns = [{"column": column, "target": targets[column]} for column in head if column in targets]
    columns += [{"column": "", "target": target, "constant": text} for target, text in given.items()]
    table = {"table": path.name, "entity": entity, "columns": columns, "system": system, "keys": ["source"]}
    run = taken_in([path], gleb, settings, tmp_path, plan={"tables": [table]})
    assert run.findings["tables"]["0"] == fates
    model = {"contact": Contact, "party": Party, "product": Product}[entity]
    assert model.objects.filter(source_system=system).count() == fates["new"]
