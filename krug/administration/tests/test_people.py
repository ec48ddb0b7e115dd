"""People: let in, changed, sent away; never by somebody who may less than they."""

from __future__ import annotations

import pytest

from krug.access.models import ApiToken, Role, Session, User
from krug.administration.actions.people import (
    activate_person,
    add_user,
    archive_person,
    change_person,
    create_person,
    deactivate_person,
    setup_actor,
    split_name,
)
from krug.administration.actions.teams import change_team, create_team
from krug.administration.entities import USER
from krug.administration.testing import make_person
from krug.kernel import tokens
from krug.kernel.doors import change_record, perform
from krug.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from krug.kernel.testing.cast import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


def test_a_new_person_has_no_password_and_no_rights(gleb, happened):
    person = create_person(by=gleb, email=" New.One@Example.org", surname="Новая")
    assert person.email == "new.one@example.org"
    assert not person.has_usable_password()
    assert not person.roles.exists()
    assert happened() == ["PersonAdded"]


def test_one_address_belongs_to_one_person_whatever_its_case(anna, gleb):
    with pytest.raises(Invalid) as no:
        create_person(by=gleb, email="ANNA@example.org")
    assert no.value.field in ("email", "")
    assert User.objects.filter(email__iexact="anna@example.org").count() == 1
    assert str(no.value) == "Another employee already has this e-mail."


def test_two_teams_side_by_side_never_have_one_name(gleb):
    above = create_team(by=gleb, name="North")
    create_team(by=gleb, name="East", parent=above)
    other = create_team(by=gleb, name="South", parent=above)
    with pytest.raises(Refusal, match="already") as no:
        create_team(by=gleb, name="EAST", parent=above)
    assert no.value.field == "name"
    with pytest.raises(Refusal, match="already"):
        change_team(other, {"name": "East"}, by=gleb)
    assert create_team(by=gleb, name="East").parent is None


def test_the_command_line_lets_a_seller_into_a_team(happened):
    team = make_team("North")
    person = add_user(
        "new@example.org",
        "seller",
        team="north",
        name="Орлова Мария Петровна",
        password="восемь синих слонов",
        by=setup_actor(),
    )
    assert (person.surname, person.given_name, person.patronymic, person.team) == ("Орлова", "Мария", "Петровна", team)
    assert [role.code for role in person.roles.all()] == ["seller"]
    assert happened() == ["PersonAdded", "RoleGiven"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"role": "king"}, "role"), ({"team": "Nowhere"}, "team"), ({"password": "short"}, "password")],
)
def test_the_command_line_refuses_and_changes_nothing(wrong, field, happened):
    given = {"role": "seller", "team": "", "password": "восемь синих слонов"} | wrong
    role = given.pop("role")
    with pytest.raises(Refusal) as no:
        add_user("new@example.org", role, by=setup_actor(), **given)
    assert no.value.field == field
    assert not User.objects.filter(email="new@example.org").exists()
    assert happened() == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Орлова Мария Петровна", ("Орлова", "Мария", "Петровна")),
        ("Anna Fedorova", ("Fedorova", "Anna", "")),
        ("Cher", ("Cher", "", "")),
        ("", ("", "", "")),
        ("Мамедов Али Вели оглы", ("Мамедов", "Али", "Вели оглы")),
    ],
)
def test_one_line_splits_into_three_names(name, parts):
    assert tuple(split_name(name).values()) == parts


def test_sending_away_ends_sessions_and_tokens_at_once(anna, gleb, client, happened):
    client.force_login(anna)
    text = tokens.issue(anna).text
    deactivate_person(anna, by=gleb)
    assert client.get("/me/").status_code == 302
    assert tokens.token_from(f"Bearer {text}") is None
    assert not Session.objects.filter(user=anna).exists()
    assert not ApiToken.objects.filter(user=anna, revoked_at=None).exists()
    assert happened() == ["PersonDeactivated"]
    activate_person(User.objects.get(pk=anna.pk), by=gleb)
    assert User.objects.get(pk=anna.pk).is_active
    assert tokens.token_from(f"Bearer {text}") is None


def test_nobody_sends_himself_away(gleb, happened):
    make_person(roles=("administrator",))
    with pytest.raises(Refusal):
        deactivate_person(gleb, by=gleb)
    assert happened()[-1:] != ["PersonDeactivated"]


def test_the_last_administrator_stays(gleb):
    system = setup_actor()
    with pytest.raises(Refusal):
        deactivate_person(gleb, by=system)
    gleb.refresh_from_db()
    assert gleb.is_active


def test_an_archived_person_can_not_come_in(anna, gleb, client):
    archive_person(anna, by=gleb)
    answer = client.post("/sign-in/", {"email": anna.email, "password": "krug and nothing else"})
    assert answer.status_code == 422


def test_who_may_less_does_not_touch_who_may_more(gleb, happened):
    lead = make_user(role=make_role("personnel", {"user": ("all", ["*"]), "role": ("all", [])}))
    for act in (
        lambda: change_person(gleb, {"email": "mine@example.org"}, by=lead),
        lambda: deactivate_person(gleb, by=lead),
        lambda: archive_person(gleb, by=lead),
        lambda: perform(USER, "sign-out", gleb.pk, by=lead),
        lambda: perform(USER, "give", gleb.pk, by=lead, role=Role.objects.get(code="dealer")),
    ):
        with pytest.raises(NotAllowed):
            act()
    gleb.refresh_from_db()
    assert (gleb.email, gleb.is_active) == ("gleb@example.org", True)
    assert happened() == []


def test_ones_own_address_is_changed_only_with_the_password(gleb):
    with pytest.raises(Refusal) as no:
        change_record(USER, gleb.pk, {"email": "other@example.org"}, by=gleb)
    assert no.value.field == "email"


def test_a_new_address_given_by_an_administrator_signs_the_person_out(anna, gleb, client, happened):
    client.force_login(anna)
    change_record(USER, anna.pk, {"email": "Anna.New@example.org"}, by=gleb)
    anna.refresh_from_db()
    assert anna.email == "anna.new@example.org"
    assert client.get("/me/").status_code == 302
    assert happened() == ["EmailChanged", "RecordChanged"]


def test_every_employee_sees_every_colleague_and_a_customer_sees_nobody(anna, boris, gleb):
    setup_actor()
    customer = make_person(roles=("customer",))
    assert set(USER.rows_for(anna)) == {anna, boris, gleb, customer}
    assert list(USER.rows_for(customer)) == []
    assert list(USER.rows_for(make_user())) == []


def test_an_actor_of_the_system_is_no_record_for_anybody(gleb):
    with pytest.raises(NotFound):
        perform(USER, "deactivate", setup_actor().pk, by=gleb)


def test_a_seller_of_the_shipped_kind_changes_nobody(anna):
    seller = make_person(roles=("seller",))
    with pytest.raises(NotAllowed):
        change_record(USER, anna.pk, {"position": "King"}, by=seller)
    with pytest.raises(NotAllowed):
        perform(USER, "give", seller.pk, by=seller, role=Role.objects.get(code="administrator"))
    anna.refresh_from_db()
    assert anna.position == ""
