"""The kinds of added fields: lists, classifiers, links, formulas, summaries; all of them read what they write."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from krug.administration.actions.attribute_values import merge_value, rewrite_records
from krug.administration.actions.attributes import change_details
from krug.administration.actions.people import setup_actor
from krug.administration.rules.formula_words import normalised
from krug.administration.rules.formulas import compiled
from krug.administration.testing import make_attribute
from krug.administration.tests.attribute_cast import filled, found, reading
from krug.kernel.attributes.models import Attribute, AttributeIndex, AttributeValue
from krug.kernel.errors import Invalid, Refusal
from krug.kernel.listing.totals import totals
from krug.kernel.registry import get_entity
from krug.kernel.screens.history import history_of
from krug.kernel.testing.contract import make

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


def test_a_number_is_summed_and_a_list_is_counted_by(gleb):
    entity = get_entity("deal")
    number = make_attribute("Hours", entity="deal", kind="number")
    choice = make_attribute("Motive", entity="deal", kind="choice", values=["Price", "Speed"])
    price, speed = AttributeValue.objects.order_by("id")
    for hours, value in (("1.5", price), ("2", price), ("4", speed)):
        filled(entity, make(entity, gleb), gleb, **{number.key: hours, choice.key: str(value.pk)})
    groups = totals(entity, reading(gleb), by=choice.key, sum=number.key)
    assert [(each.label, each.count, each.sum) for each in groups] == [
        ("Price", 2, Decimal("3.50")),
        ("Speed", 1, Decimal("4.00")),
    ]


def test_a_node_of_a_classifier_finds_what_stands_under_it(gleb):
    entity = get_entity("party")
    field = make_attribute("Lands", kind="tree", values=["Russia > North", "Russia > South", "Ural"])
    names = {str(value): value for value in AttributeValue.objects.all()}
    north, south, ural = (make(entity, gleb) for _each in range(3))
    for record, name in ((north, "North"), (south, "South"), (ural, "Ural")):
        filled(entity, record, gleb, **{field.key: str(names[name].pk)})
    assert found(entity, gleb, field.key, "eq", names["Russia"].pk) == [north.pk, south.pk]
    assert found(entity, gleb, field.key, "in", [names["North"].pk, names["Ural"].pk]) == [north.pk, ural.pk]
    assert entity.fields[field.key].show(names["North"].pk, "en") == "Russia › North"
    with pytest.raises(Refusal) as no:
        get_entity("attribute-value").change(names["Russia"], {"parent": names["North"]}, by=gleb)
    assert no.value.field == "parent"


def test_several_values_are_ticked_kept_found_and_taken_back(gleb, party, client):
    entity = get_entity("party")
    field = make_attribute("Channels", kind="choices", values=["Shop", "Web", "Dealer"])
    shop, web, dealer = AttributeValue.objects.order_by("id")
    client.force_login(gleb)
    url = f"{entity.url(party.pk)}field/{field.key}/"
    assert client.post(url, {field.key: [str(web.pk), str(shop.pk)], "version": "1"}).status_code == 303
    party.refresh_from_db()
    assert party.custom == {field.key: [shop.pk, web.pk]}
    assert found(entity, gleb, field.key, "eq", web.pk) == [party.pk]
    assert found(entity, gleb, field.key, "in", [dealer.pk, shop.pk]) == [party.pk]
    assert found(entity, gleb, field.key, "eq", dealer.pk) == []
    page = client.get(f"{entity.url(party.pk)}edit/").content.decode()
    assert page.count(f'name="{field.key}"') == 3 and "Shop, Web" in client.get(entity.url(party.pk)).content.decode()
    client.post(url, {"version": str(party.version)})
    party.refresh_from_db()
    assert (party.custom, AttributeIndex.objects.count()) == ({}, 0)


def test_a_link_shows_the_record_only_to_those_who_see_it(gleb, anna, boris, client):
    entity = get_entity("deal")
    field = make_attribute("Paid by", entity="deal", kind="reference", details={"target": "party"})
    deal, payer = make(entity, anna), make(get_entity("party"), boris)
    deal = filled(entity, deal, gleb, **{field.key: str(payer.pk)})
    assert deal.custom == {field.key: payer.pk}
    name = get_entity("party").name_of(payer)
    shown = {}
    for user in (gleb, anna):
        client.force_login(user)
        shown[user.pk] = client.get(f"{entity.url()}?columns=name,{field.key}").content.decode()
    assert name in shown[gleb.pk] and name not in shown[anna.pk]
    assert found(entity, gleb, field.key, "eq", payer.pk) == [deal.pk]
    with pytest.raises(Invalid):
        filled(entity, deal, anna, **{field.key: str(payer.pk)})


def test_a_person_of_ours_is_chosen_and_found(gleb, anna, party):
    entity, field = get_entity("party"), make_attribute("Curator", kind="person")
    filled(entity, party, gleb, **{field.key: str(anna.pk)})
    assert found(entity, anna, field.key, "eq", "me") == []
    assert found(entity, gleb, field.key, "eq", anna.pk) == [party.pk]


def test_a_formula_counts_over_its_own_record_and_can_be_filtered(gleb, client):
    entity = get_entity("deal")
    hours = make_attribute("Hours", entity="deal", kind="number")
    field = make_attribute("Rate", entity="deal", kind="formula", details={"formula": "[amount] / [Hours] + 0,5"})
    deal, empty = make(entity, gleb), make(entity, gleb)
    filled(entity, deal, gleb, amount="1000", **{hours.key: "8"})
    filled(entity, empty, gleb, amount="1000", **{hours.key: "0"})
    assert found(entity, gleb, field.key, "gt", "125") == [deal.pk]
    assert found(entity, gleb, field.key, "empty") == [empty.pk]
    client.force_login(gleb)
    assert "125.5" in client.get(entity.url(deal.pk)).content.decode()
    assert "125.5" in client.get(f"{entity.url()}?columns=name,{field.key}").content.decode()
    assert field.key not in entity.editable


def test_a_formula_is_told_in_the_words_of_the_fields_and_changed(gleb, client):
    entity = get_entity("deal")
    hours = make_attribute("Hours", entity="deal", kind="number", details={"unit": "h"})
    field = make_attribute("Double", entity="deal", kind="formula", details={"formula": "[Hours] * 2"})
    deal = make(entity, gleb)
    filled(entity, deal, gleb, **{hours.key: "8"})
    client.force_login(gleb)
    url = f"/settings/attributes/fields/{field.pk}/details/"
    assert 'value="[Hours] * 2"' in client.get(url).content.decode()
    assert client.post(url, {"formula": "[Hours] * 3", "unit": "h", "places": "0"}).status_code == 303
    assert "24\u00a0h" in client.get(entity.url(deal.pk)).content.decode()
    for wrong in ("[Double] + 1", "[Hours] * "):
        refused = client.post(url, {"formula": wrong})
        assert refused.status_code == 422
    field.refresh_from_db()
    assert field.settings["formula"] == f"{hours.key} * 3"
    assert client.post(f"/settings/attributes/fields/{hours.pk}/details/", {"places": "0"}).status_code == 422


def test_a_summary_counts_and_sums_only_what_the_reader_sees(gleb, anna, boris):
    party_type, deal_type = get_entity("party"), get_entity("deal")
    party = make(party_type, anna)
    of_anna, of_boris = make(deal_type, anna), make(deal_type, boris)
    for deal in (of_anna, of_boris):
        type(deal).objects.filter(pk=deal.pk).update(party=party, amount=100, currency="RUB")
    count = make_attribute("Deals", kind="roll_up", details={"roll_up": "deal.party.count."})
    total = make_attribute("Worth", kind="roll_up", details={"roll_up": "deal.party.sum.amount"})
    assert found(party_type, gleb, count.key, "eq", 2) == found(party_type, anna, count.key, "eq", 1) == [party.pk]
    assert found(party_type, gleb, total.key, "gte", "200") == [party.pk]
    assert found(party_type, anna, total.key, "gte", "200") == []


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os')",
        "[amount].real",
        "[amount] ** 9",
        "[nothing] + 1",
        "1 +",
        "(lambda: 1)()",
        "[amount] if 1 else 2",
        "9" * 600,
    ],
)
def test_a_formula_holds_only_arithmetic(formula, happened):
    before = happened()
    with pytest.raises(Refusal) as no:
        make_attribute("Rate", entity="deal", kind="formula", details={"formula": formula})
    assert no.value.field == "formula"
    assert (Attribute.objects.count(), happened()) == (0, before)


def test_merged_values_are_one_at_once_and_then_in_the_records(gleb, happened):
    entity, field = get_entity("party"), make_attribute("Class", kind="choice", values=["A", "A class", "B"])
    good, same, other = AttributeValue.objects.order_by("id")
    records = [make(entity, gleb) for _each in range(3)]
    for record, value in zip(records, (good, same, other), strict=True):
        filled(entity, record, gleb, **{field.key: str(value.pk)})
    merge_value(same, into=good, by=gleb)
    assert happened()[-1] == "AttributeValueMerged"
    assert found(entity, gleb, field.key, "eq", good.pk) == [records[0].pk, records[1].pk]
    assert entity.fields[field.key].show(same.pk, "en") == "A"
    assert rewrite_records(AttributeValue.objects.get(pk=same.pk), by=gleb) == 1
    records[1].refresh_from_db()
    assert records[1].custom == {field.key: good.pk}
    assert history_of(entity, records[1], gleb).changes
    for wrong in (same, good):
        with pytest.raises(Refusal):
            merge_value(good, into=wrong, by=gleb)


def test_the_merge_is_shown_before_it_is_done(gleb, client):
    make_attribute("Class", kind="choice", values=["A", "B"])
    first, second = AttributeValue.objects.order_by("id")
    client.force_login(gleb)
    url = f"/settings/attributes/values/{first.pk}/merge/"
    shown = client.post(url, {"into": str(second.pk)})
    first.refresh_from_db()
    assert "Records where “A” becomes “B”: 0." in shown.content.decode() and first.merged_into is None
    assert client.post(url, {"into": str(second.pk), "sure": "1"}).status_code == 303
    first.refresh_from_db()
    assert first.merged_into == second


@pytest.mark.parametrize("kind", ["text", "number", "money", "date", "yes_no", "choice", "choices", "tree"])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_read_is_shown_kept_and_read_again(kind, data, gleb):
    key = known(kind).key
    field = get_entity("party").fields[key]
    value = data.draw(
        VALUES.get(kind, st.sampled_from([code for code, _label in getattr(field, "choices", ((0, 0),))]))
    )
    value = [value] if kind == "choices" else value
    record = get_entity("party").model()
    field.put(record, value)
    assert field.value_of(record) == value
    assert field.value_of(type(record)(custom=json.loads(json.dumps(record.custom)))) == value
    assert field.parse(field.raw(value), reading(gleb)) == value if field.raw(value) else not value
    if kind not in ("text", "yes_no", "choices"):
        assert field.parse(field.json(value), reading(gleb)) == value


VALUES = {
    "text": st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=50).map(
        lambda text: __import__("unicodedata").normalize("NFC", text)
    ),
    "number": st.decimals(-(10**9), 10**9, places=2),
    "money": st.decimals(0, 10**9, places=2),
    "date": st.dates(date(1900, 1, 1), date(2999, 12, 31)),
    "yes_no": st.booleans(),
}


def known(kind: str) -> Attribute:
    found = Attribute.objects.filter(kind=kind).first()
    values = ["A", "B", "C"] if kind in ("choice", "choices", "tree") else []
    return found or make_attribute(f"Kind {kind}", kind=kind, values=values)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.sampled_from(["x", "y"]) | st.integers(0, 99).map(str),
        lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
            lambda part: f"({part[0]} {part[1]} {part[2]})"
        ),
        max_leaves=6,
    )
)
def test_a_formula_counts_as_arithmetic_does(formula):
    from django.db.models import Value

    values = {"x": Decimal(3), "y": Decimal("0.5")}
    expression = compiled(normalised(formula, {}), lambda name: Value(values[name]))
    try:
        wanted = eval(formula, {}, values | {}) if "/" not in formula else None  # noqa: S307  # made by this test
    except ArithmeticError:
        wanted = None
    worked = _worked(expression)
    assert wanted is None or worked == wanted


def _worked(expression: Any) -> Any:
    from krug.access.models import Role

    Role.objects.get_or_create(code="one", defaults={"name_ru": "1", "name_en": "1"})
    return Role.objects.filter(code="one").annotate(worked=expression).values_list("worked", flat=True).get()


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("round([amount] / 3)", "206667"),
        ("ОКРУГЛ([amount] / 3)", "206667"),
        ("min([amount]; 5; 7)", "5"),
        ("макс(2; 3) + abs(-1,5)", "4.5"),
        ("first([Hours]; 8)", "8"),
    ],
)
def test_functions_are_written_in_both_languages(gleb, formula, wanted):
    make_attribute("Hours", entity="deal", kind="number")
    field = make_attribute("Worked", entity="deal", kind="formula", details={"formula": formula})
    deal = make(get_entity("deal"), gleb)
    assert found(get_entity("deal"), gleb, field.key, "eq", wanted) == [deal.pk]


def test_today_counts_days(gleb):
    field = make_attribute("Age", entity="deal", kind="formula", details={"formula": "сегодня() - [opened on]"})
    deal = make(get_entity("deal"), gleb)
    assert found(get_entity("deal"), gleb, field.key, "eq", "0") == [deal.pk]


@pytest.mark.parametrize(
    ("formula", "part"),
    [
        ("[amount] * ) 2", "“) 2”"),
        ("[amount] ** 2", "amount ** 2"),
        ("system([amount])", "“system” is no function"),
        ("round([amount]; 2; 3)", "“round”"),
        ("[amount] if 1 else 2", "if 1 else 2"),
    ],
)
def test_a_fault_in_a_formula_is_told_with_the_place_where_it_stands(formula, part, happened):
    with pytest.raises(Refusal) as no:
        make_attribute("Rate", entity="deal", kind="formula", details={"formula": formula})
    assert no.value.field == "formula" and part in str(no.value)
    assert happened() == []


def test_a_formula_never_reads_a_formula_so_that_no_circle_can_arise(happened):
    one = make_attribute("Twice", entity="deal", kind="formula", details={"formula": "[amount] * 2"})
    before = happened()
    with pytest.raises(Refusal) as no:
        make_attribute("Four times", entity="deal", kind="formula", details={"formula": "[Twice] * 2"})
    assert no.value.code == "FORMULA_OF_FORMULA"
    with pytest.raises(Refusal):
        change_details(one, {"formula": "[Twice] + 1"}, by=setup_actor())
    assert happened() == before
