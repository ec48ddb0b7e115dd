"""Why somebody sees a record is told beside it, in words that name the role and the way."""

from __future__ import annotations

import pytest

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
