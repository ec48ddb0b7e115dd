"""What a person, a page and a program are told when the house says no."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import path

from krug.kernel.errors import BadRequest, Fault, Invalid, NotSignedIn, Refusal
from krug.kernel.screens.door import PUBLIC, SIGNED_IN, door, door_of
from krug.kernel.screens.refusals import answer
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db


def undeclared(request: Any) -> Any:
    raise AssertionError("nobody gets here")


@door(SIGNED_IN)
def refusing(request: Any) -> Any:
    raise Refusal("Сначала заполните поле.", field="name", code="FIRST")


@door(PUBLIC)
def asking(request: Any) -> Any:
    raise BadRequest("Такого нет.", field="sort")


urlpatterns = [
    path("undeclared/", undeclared),
    path("refusing/", refusing),
    path("api/asking/", asking),
    path("asking/", asking),
]
here = pytest.mark.urls(__name__)


@here
def test_a_route_that_declares_no_door_is_shut_to_everybody(gleb, client):
    client.force_login(gleb)
    assert client.get("/undeclared/").status_code == 404


@here
def test_a_stranger_is_led_to_the_sign_in_and_back(client):
    reply = client.get("/refusing/?a=1&b=2")
    assert (reply.status_code, reply["Location"]) == (302, "/sign-in/?next=/refusing/%3Fa%3D1%26b%3D2")


@here
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client):
    reply = client.post("/refusing/", headers={"Referer": "http://testserver/deals/17/edit/?list=x"})
    assert reply["Location"] == "/sign-in/?next=/deals/17/edit/%3Flist%3Dx"


@here
@pytest.mark.parametrize("came", ["https://example.com/deals/", "http://testserver//example.com/", "nonsense"])
def test_the_way_back_is_never_foreign(client, came):
    assert client.post("/refusing/", headers={"Referer": came})["Location"] == "/sign-in/?next=/"


@here
@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"X-Requested-With": "fetch"}, {"Sec-Fetch-Mode": "cors"}])
def test_a_part_of_a_page_gets_401_so_that_the_sign_in_opens_over_it(client, headers):
    reply = client.post("/refusing/", headers=headers)
    assert reply.status_code == 401
    assert "Location" not in reply


@here
def test_a_refusal_is_a_page_with_the_words_and_a_code(anna, client):
    client.force_login(anna)
    reply = client.get("/refusing/")
    text = reply.content.decode()
    assert reply.status_code == 422
    assert "Сначала заполните поле." in text
    assert "<html" in text
    assert 'class="code"' in text


@here
def test_a_part_of_a_page_gets_a_banner(anna, client):
    client.force_login(anna)
    reply = client.get("/refusing/", headers={"HX-Request": "true"})
    text = reply.content.decode()
    assert reply.status_code == 422
    assert "<html" not in text
    assert 'role="alert"' in text


@here
def test_a_program_gets_a_problem_document(client):
    reply = client.get("/api/asking/")
    assert (reply.status_code, reply["Content-Type"]) == (400, "application/problem+json")
    told = reply.json()
    assert (told["code"], told["detail"]) == ("BAD_REQUEST", "Такого нет.")
    assert told["errors"] == [{"field": "sort", "message": "Такого нет.", "code": "BAD_REQUEST"}]


def test_a_problem_names_every_fault():
    no = Invalid([Fault("name", "Пусто.", "REQUIRED"), Fault("amount", "Не число.", "NOT_A_NUMBER")])
    told = answer(RequestFactory().get("/api/x"), no)
    assert [error["field"] for error in __import__("json").loads(told.content)["errors"]] == ["name", "amount"]


@here
@pytest.mark.parametrize("address", ["/asking/?q=%00", "/asking/?q=a%00b"])
def test_a_character_that_no_address_may_hold_is_refused(client, address):
    assert client.get(address).status_code == 400


def test_too_many_fields_are_refused_before_they_are_read(anna, client):
    client.force_login(anna)
    deal = make_deal(owner=anna)
    reply = client.post(f"/drafts/deal.{deal.pk}/", {f"f{number}": "x" for number in range(1001)})
    assert reply.status_code == 400


def test_every_route_of_the_house_declares_its_door():
    from krug.kernel.testing.contract import undeclared_routes

    assert undeclared_routes() == []


def test_a_door_says_what_it_asks_for():
    assert door_of(refusing) == SIGNED_IN
    assert door_of(undeclared) == ""
    assert issubclass(NotSignedIn, Exception)
