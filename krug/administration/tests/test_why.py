"""Why somebody sees a record is told beside it, in words that name the role and the way."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from krug.access.models import User
from krug.administration.reasons import seen_also_by
from krug.kernel.registry import entities
from krug.kernel.testing.cast import make_user, seller_role
from krug.kernel.testing.contract import make
from krug.kernel.ui.names import listed
from krug.sales.testing import make_deal, make_deal_contact

pytestmark = pytest.mark.django_db


def read(client, user, url: str) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_the_owner_the_head_and_the_administrator_are_told_different_ways(anna, vera, gleb, client):
    deal = make_deal("Насосы", owner=anna)
    assert "ответственный — вы" in read(client, anna, f"/deals/{deal.pk}/why/")
    told = read(client, vera, f"/deals/{deal.pk}/why/")
    assert "Sales of the north" in told
    assert "Соколова" in told
    assert "неважно, кто ответственный" in read(client, gleb, f"/deals/{deal.pk}/why/")


def test_only_an_administrator_is_told_who_else_sees_it(anna, boris, vera, gleb, client):
    deal = make_deal("Насосы", owner=anna)
    told = read(client, gleb, f"/deals/{deal.pk}/why/")
    assert "Кто ещё это видит" in told
    assert "Лебедева" in told
    assert "Орлов" not in told.partition("<main")[2]
    assert "Кто ещё это видит" not in read(client, anna, f"/deals/{deal.pk}/why/")


def test_to_a_stranger_there_is_no_such_page(anna, boris, client):
    deal = make_deal("Насосы", owner=anna)
    client.force_login(boris)
    assert client.get(f"/deals/{deal.pk}/why/").status_code == 404


def test_what_belongs_to_a_visible_record_names_it(anna, client):
    part = make_deal_contact(deal=make_deal("Насосы", owner=anna), by=anna)
    assert "Насосы" in read(client, anna, f"/deal-contacts/{part.pk}/why/")


def test_the_menu_of_a_record_leads_there(anna, client):
    deal = make_deal("Насосы", owner=anna)
    assert f"/deals/{deal.pk}/why/" in read(client, anna, f"/deals/{deal.pk}/")


def test_asking_who_else_sees_it_costs_as_much_for_fifty_people_as_for_two(anna, boris, gleb, client):
    deal = make_deal("Насосы", owner=anna)
    read(client, gleb, f"/deals/{deal.pk}/why/")
    with CaptureQueriesContext(connection) as few:
        read(client, gleb, f"/deals/{deal.pk}/why/")
    for place in range(50):
        make_user(f"more{place}@example.org", role=seller_role(), team=anna.team if place < 5 else None)
    with CaptureQueriesContext(connection) as many:
        told = read(client, gleb, f"/deals/{deal.pk}/why/")
    assert "Соколова" in told and "more7@example.org" not in told
    assert len(many) <= len(few) + 4


def test_everybody_named_sees_it_and_nobody_else_does_for_every_type(gleb, anna, boris, vera, db):
    for entity in entities():
        record = make(entity, anna)
        if not entity.rows_for(gleb).filter(pk=record.pk).exists():
            continue
        named, _is_partial = seen_also_by(entity, record, gleb)
        people = User.objects.filter(is_active=True, is_system=False, is_archived=False).exclude(pk=gleb.pk)
        seeing = [one for one in people if entity.rows_for(one).filter(pk=record.pk).exists()]
        assert sorted(named) == sorted(listed(one) for one in seeing), entity.code
