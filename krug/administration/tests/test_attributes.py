"""Fields that the company adds: each kind on every surface, the page that adds one, lists of values, refusals."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from krug.administration.actions.attributes import add_attribute, archive_attribute, change_attribute, move_attribute
from krug.administration.testing import make_attribute
from krug.administration.tests.attribute_cast import filled, found, reading
from krug.exchange.exporting.lines import export_csv
from krug.kernel import doors
from krug.kernel.attributes.models import Attribute, AttributeIndex
from krug.kernel.errors import BadRequest, Invalid, Refusal
from krug.kernel.registry import get_entity
from krug.kernel.screens.history import history_of
from krug.kernel.testing.contract import make
from krug.kernel.tokens import issue
from krug.kernel.writing import read_values

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]

TYPES = ("party", "contact", "deal", "task", "product", "document", "interaction")
SIMPLE = {
    "text": ("Красный кирпич", "Красный кирпич", ("contains", "красный к"), ("contains", "синий")),
    "number": ("1 234,5", "1,234.5", ("gt", "1000"), ("lt", "1000")),
    "money": ("99,90", "99.90\u00a0₽", ("eq", "99.90"), ("gt", "100")),
    "date": ("21.11.2026", "21 Nov 2026", ("gte", "2026-11-21"), ("lt", "2026-11-21")),
    "yes_no": ("1", "Yes", ("eq", True), ("ne", True)),
}


@pytest.fixture
def gleb(gleb: Any) -> Any:
    gleb.language = "en"
    gleb.save(update_fields=["language"])
    return gleb


@pytest.fixture
def party(gleb: Any) -> Any:
    return make(get_entity("party"), gleb)


@pytest.mark.parametrize("kind", SIMPLE)
@pytest.mark.parametrize("code", TYPES)
def test_a_field_of_a_plain_kind_stands_on_every_surface_of_every_type(code, kind, gleb, client):
    entity, field = get_entity(code), make_attribute("Wall", entity=code, kind=kind)
    other, record = make(entity, gleb), make(entity, gleb)
    typed, shown, yes, no = SIMPLE[kind]
    client.force_login(gleb)
    assert f'name="{field.key}"' in client.get(f"{entity.url(record.pk)}edit/").content.decode()
    sent = {field.key: typed, "version": str(record.version)}
    answer = client.post(f"{entity.url(record.pk)}field/{field.key}/", sent)
    assert answer.status_code == 303, answer.content.decode()[:2000]
    assert shown in client.get(entity.url(record.pk)).content.decode()
    listed = client.get(f"{entity.url()}?columns={entity.columns[0]},{field.key}").content.decode()
    assert shown in listed and "Wall" in listed
    assert found(entity, gleb, field.key, *yes) == [record.pk]
    assert record.pk not in found(entity, gleb, field.key, *no)
    if kind != "yes_no":
        assert found(entity, gleb, field.key, "empty") == [other.pk]
        assert found(entity, gleb, field.key, "not_empty") == [record.pk]
    fresh = entity.rows_for(gleb).get(pk=record.pk)
    newest = history_of(entity, fresh, gleb).changes[0].differences
    assert [(each.label, each.new) for each in newest] == [("Wall", shown)] or kind == "money"
    lines = "".join(
        export_csv(entity, entity.rows_for(gleb).filter(pk=record.pk), gleb, language="en", columns=(field.key,))
    )
    assert "Wall" in lines and shown.replace("\u00a0", " ") in lines.replace("\u00a0", " ")


def test_programs_read_write_and_filter_an_added_field_under_its_key(party, gleb, client):
    field = make_attribute("Storeys", kind="number", details={"places": "0"})
    head = {"Authorization": f"Bearer {issue(gleb).text}"}
    answer = client.patch(
        f"/api/v1/parties/{party.pk}/", json.dumps({field.key: "12"}), content_type="application/json", headers=head
    )
    assert (answer.status_code, answer.json()[field.key]) == (200, "12")
    tree = json.dumps({"field": field.key, "operator": "eq", "value": 12})
    listed = client.get(f"/api/v1/parties/?{urlencode({'filter': tree})}", headers=head).json()
    assert [(row["id"], row[field.key]) for row in listed["results"]] == [(party.pk, "12")]
    bad = client.patch(
        f"/api/v1/parties/{party.pk}/", json.dumps({field.key: "many"}), content_type="application/json", headers=head
    )
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, field.key)
    party.refresh_from_db()
    assert party.custom == {field.key: "12"}


def test_a_field_of_that_name_is_refused_and_one_like_it_is_warned_of(gleb, client):
    make_attribute("Storeys", kind="number")
    client.force_login(gleb)
    url = "/settings/attributes/party/new/"
    with pytest.raises(Refusal) as no:
        add_attribute(by=gleb, entity="party", kind="text", name_en="storeys")
    assert no.value.code == "NAME_TAKEN"
    warned = client.post(url, {"name": "Storey", "kind": "number"})
    assert (warned.status_code, Attribute.objects.count()) == (422, 1)
    assert "There is something like it already: Storeys" in warned.content.decode()
    client.post(url, {"name": "Storey", "kind": "number", "anyway": "1"})
    assert Attribute.objects.count() == 2


def test_the_plus_in_a_form_leads_to_the_new_field_and_back_with_everything_typed(gleb, client):
    client.force_login(gleb)
    url = "/products/new/"
    assert 'name="add_field"' in client.get(url).content.decode()
    away = client.post(url, {"name_ru": "Насос", "add_field": "1"})
    assert away["Location"] == "/settings/attributes/product/new/?next=%2Fproducts%2Fnew%2F&into="
    back = client.post(away["Location"], {"name": "Storeys", "kind": "number", "next": url})
    assert (back.status_code, back["Location"]) == (303, url)
    page = client.get(url).content.decode()
    assert 'value="Насос"' in page and f'name="{Attribute.objects.get().key}"' in page


def test_a_list_asks_for_its_values_once(gleb, client):
    client.force_login(gleb)
    url = "/settings/attributes/party/new/"
    asked = client.post(url, {"name": "Class", "kind": "choice"})
    assert (asked.status_code, Attribute.objects.count()) == (200, 0)
    assert 'name="values"' in asked.content.decode()
    empty = client.post(url, {"name": "Class", "kind": "choice", "values": ""})
    assert (empty.status_code, Attribute.objects.count()) == (422, 0)
    client.post(url, {"name": "Class", "kind": "choice", "values": "A\nB\nA"})
    assert [str(each) for each in Attribute.objects.get().values.order_by("position")] == ["A", "B"]


def test_the_published_schema_tells_of_added_fields(gleb, client):
    number = make_attribute("Storeys", kind="number", is_required=True)
    choice = make_attribute("Class", kind="choice", values=["A"])
    several = make_attribute("Channels", kind="choices", values=["Shop"])
    schema = client.get("/api/v1/schema", headers={"Authorization": f"Bearer {issue(gleb).text}"}).json()
    call = schema["paths"]["/api/v1/parties/"]
    sent = call["post"]["requestBody"]["content"]["application/json"]["schema"]
    read = call["get"]["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["results"]["items"]
    for properties in (sent["properties"], read["properties"]):
        assert properties[number.key]["title"] == "Storeys"
        assert properties[choice.key]["type"] == ["integer", "null"]
        assert properties[several.key]["type"] == ["array", "null"]
    assert number.key in sent["required"]
    archive_attribute(number, by=gleb)
    schema = client.get("/api/v1/schema", headers={"Authorization": f"Bearer {issue(gleb).text}"})
    assert f'"{number.key}"' not in schema.content.decode()


def test_only_those_with_the_right_see_the_plus_and_may_add(anna, client, happened):
    anna.roles.clear()
    client.force_login(anna)
    assert client.get("/settings/attributes/").status_code == 403
    assert client.post("/settings/attributes/party/new/", {"name": "X", "kind": "text"}).status_code == 403
    assert (Attribute.objects.count(), happened()) == (0, [])


def test_a_field_put_away_leaves_every_surface_and_comes_back_with_its_values(gleb, party):
    entity, field = get_entity("party"), make_attribute("Colour")
    filled(entity, party, gleb, **{field.key: "red"})
    archive_attribute(field, by=gleb)
    assert field.key not in entity.fields
    with pytest.raises(BadRequest):
        found(entity, gleb, field.key, "eq", "red")
    doors.restore_record(get_entity("attribute"), field.pk, by=gleb)
    from krug.kernel.attributes.catalogue import look_again

    look_again()
    assert found(entity, gleb, field.key, "eq", "red") == [party.pk]


def test_a_field_is_renamed_moved_but_never_of_another_kind(gleb):
    first, second = make_attribute("Colour"), make_attribute("Height")
    change_attribute(first, {"name_en": "Shade"}, by=gleb)
    move_attribute(second, by=gleb, up=True)
    names = [str(field.label) for field in get_entity("party").fields.values() if field.is_attribute]
    assert names == ["Height", "Shade"]
    with pytest.raises(Refusal) as no:
        change_attribute(first, {"kind": "number"}, by=gleb)
    assert no.value.field == "kind"


def test_a_required_field_is_asked_for_and_an_unknown_value_refused(gleb):
    entity = get_entity("product")
    field = make_attribute("Class", entity="product", kind="choice", values=["A"], is_required=True)
    raw = dict.fromkeys((), "1")
    with pytest.raises(Invalid) as no:
        read_values(entity, raw, reading(gleb), whole=True)
    assert field.key in {fault.field for fault in no.value.faults}
    with pytest.raises(Invalid):
        read_values(entity, {field.key: "Z"}, reading(gleb), whole=False)


def test_lists_with_attributes_cost_the_same_for_one_row_and_for_ten(gleb, client):
    entity = get_entity("deal")
    text = make_attribute("Colour", entity="deal")
    link = make_attribute("Paid by", entity="deal", kind="reference", details={"target": "party"})
    client.force_login(gleb)
    url = f"{entity.url()}?columns=name,{text.key},{link.key}"
    party = make(get_entity("party"), gleb)

    def one_more() -> None:
        filled(entity, make(entity, gleb), gleb, **{text.key: "red", link.key: str(party.pk)})

    one_more()
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _number in range(9):
        one_more()
    with CaptureQueriesContext(connection) as ten:
        client.get(url)
    assert len(ten) <= len(one)
    assert sum("attribute_stamp" in query["sql"] for query in ten) == 1


def test_the_index_follows_whoever_writes_the_row(gleb, party):
    field = make_attribute("Colour")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE party SET custom = jsonb_build_object(%s::text, 'Ёлка') WHERE id = %s", [field.key, party.pk]
        )
    assert list(AttributeIndex.objects.values_list("attribute_id", "record_id", "text")) == [
        (field.pk, party.pk, "елка")
    ]
    assert found(get_entity("party"), gleb, field.key, "eq", "елка") == [party.pk]


def test_a_field_of_a_linked_record_filters_too(gleb):
    deal_type, field = get_entity("deal"), make_attribute("Colour")
    deal = make(deal_type, gleb)
    filled(get_entity("party"), deal.party, gleb, **{field.key: "red"})
    assert found(deal_type, gleb, f"party__{field.key}", "eq", "red") == [deal.pk]
    assert found(deal_type, gleb, f"party__{field.key}", "ne", "red") == []
