"""A colleague is invited in one form: the person, the role and the link, or nothing at all."""

from __future__ import annotations

import pytest

from krug.access.models import Role, User
from krug.administration.models import FirstSteps
from krug.administration.testing import make_person

pytestmark = pytest.mark.django_db
PAGE = "/settings/invite/"


def sent(**values: object) -> dict[str, object]:
    role = Role.objects.get(code="seller")
    return {"person": "Новикова Нина Петровна", "email": "nina@example.org", "role": role.pk, **values}


def test_one_form_makes_the_person_gives_the_role_and_shows_the_link(gleb, client):
    client.force_login(gleb)
    answer = client.post(f"{PAGE}?then=import", sent())
    assert answer.status_code == 200
    nina = User.objects.get(email="nina@example.org")
    assert (nina.surname, nina.given_name, [role.code for role in nina.roles.all()]) == ("Новикова", "Нина", ["seller"])
    page = answer.content.decode()
    assert "/join/" in page and 'href="/import/"' in page
    link = page.split("/join/")[1].split("<")[0].split("/")[0]
    client.logout()
    assert client.post(f"/join/{link}/", {"password": "восемь синих слонов"}).status_code == 303
    assert [steps.person for steps in FirstSteps.objects.all()] == [nina]


@pytest.mark.parametrize("wrong", [{"role": ""}, {"role": "999999"}, {"email": "nonsense"}, {"person": ""}])
def test_a_fault_makes_nobody_and_keeps_what_was_typed(gleb, client, wrong):
    client.force_login(gleb)
    before = User.objects.count()
    answer = client.post(PAGE, sent(**wrong))
    assert answer.status_code in (404, 422)
    assert User.objects.count() == before
    assert ("Новикова Нина Петровна" in answer.content.decode()) is ("person" not in wrong)


def test_who_may_not_invite_meets_a_closed_door(client):
    client.force_login(make_person(roles=("seller",)))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, sent()).status_code == 403
    assert not User.objects.filter(email="nina@example.org").exists()
