"""The company, invitations, the audit record, and who may open which page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing

from krug.access.models import Role, User
from krug.administration.actions.company import describe_company, found_company, the_company
from krug.administration.actions.invitations import accept_invitation, invite_person, person_invited
from krug.administration.actions.people import change_person, setup_actor
from krug.administration.models import Company
from krug.administration.testing import make_invited, make_person
from krug.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from krug.kernel.journal.auditing import audit, audited, calling_from
from krug.kernel.journal.models import AuditRecord
from krug.kernel.testing.cast import make_role, make_user

pytestmark = pytest.mark.django_db
COMPANY = {"name": "Северный ветер", "currency": "RUB", "timezone": "Europe/Moscow", "language": "ru"}
PASSWORD = "восемь синих слонов"


def test_the_first_administrator_founds_the_company_once(happened):
    first = found_company(
        COMPANY, {"email": "one@example.org", "surname": "Первая"}, password=PASSWORD, by=setup_actor()
    )
    assert the_company().name == "Северный ветер"
    assert [role.code for role in first.roles.all()] == ["administrator"]
    assert happened() == ["CompanyDescribed", "PersonAdded", "RoleGiven", "SecondStepDemanded"]
    with pytest.raises(Refusal):
        found_company(COMPANY, {"email": "two@example.org"}, password=PASSWORD, by=setup_actor())
    assert User.objects.filter(is_system=False).count() == 1


def test_a_company_is_not_founded_by_halves():
    with pytest.raises(Refusal):
        found_company(COMPANY, {"email": "one@example.org"}, password="short", by=setup_actor())
    assert not Company.objects.exists()
    assert not User.objects.filter(is_system=False).exists()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"currency": "XXX"}, {"timezone": "Mars/Base"}, {"language": "xx"}])
def test_a_company_is_described_properly_or_not_at_all(gleb, wrong):
    with pytest.raises((Refusal, Invalid)):
        describe_company(COMPANY | wrong, by=gleb)
    assert the_company() is None


def test_describing_the_company_the_same_way_is_no_event(gleb, happened):
    describe_company(COMPANY, by=gleb)
    describe_company(COMPANY, by=gleb)
    assert happened() == ["CompanyDescribed"]


def test_the_invited_choose_a_password_and_come_in(gleb, client):
    person = make_invited("new@example.org")
    client.force_login(gleb)
    page = client.post(f"/users/{person.pk}/invite/").content.decode()
    secret = page.split("/join/")[1].split("/")[0]
    client.post("/sign-out/")
    assert client.get(f"/join/{secret}/").status_code == 200
    assert client.post(f"/join/{secret}/", {"password": "short"}).status_code == 422
    assert client.post(f"/join/{secret}/", {"password": PASSWORD}).status_code == 303
    assert client.get("/me/").status_code == 200
    assert client.get(f"/join/{secret}/").status_code == 404
    client.post("/sign-out/")
    used, unknown = (client.get(address).content.decode() for address in (f"/join/{secret}/", "/join/never-was/"))
    for page in (used, unknown, client.get("/welcome/never-was/").content.decode()):
        assert "Эта ссылка больше не действует" in page
        assert 'href="/sign-in/"' in page


def test_an_invitation_dies_with_any_change(gleb):
    person = make_invited("new@example.org")
    secret = invite_person(person, by=gleb)
    assert person_invited(secret) == person
    change_person(User.objects.get(pk=person.pk), {"email": "other@example.org"}, by=gleb)
    with pytest.raises(NotFound):
        accept_invitation(secret, PASSWORD)


def test_an_invitation_lives_three_days_and_a_reset_one_hour(anna, gleb, monkeypatch):
    import time

    first, again = invite_person(make_invited("new@example.org"), by=gleb), invite_person(anna, by=gleb)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + timedelta(minutes=61).total_seconds())
    assert person_invited(first)
    with pytest.raises(NotFound):
        person_invited(again)
    monkeypatch.setattr(time, "time", lambda: now + timedelta(hours=73).total_seconds())
    with pytest.raises(NotFound):
        person_invited(first)


@pytest.mark.parametrize(
    "secret",
    ["x", "a:b:c", signing.dumps([1, "x"], salt="krug.device")],
    ids=("short", "in three parts", "signed for something else"),
)
def test_a_made_up_invitation_opens_nothing(client, gleb, secret):
    assert client.get(f"/join/{secret}/").status_code == 404


def test_nobody_invites_himself_or_somebody_above(anna, gleb):
    lead = make_user(role=make_role("personnel", {"user": ("all", ["*"])}))
    with pytest.raises(Refusal):
        invite_person(lead, by=lead)
    with pytest.raises(NotAllowed):
        invite_person(gleb, by=lead)


def test_the_audit_record_keeps_who_where_and_what_but_no_secrets(anna):
    with calling_from("198.51.100.7"):
        audit("export", actor=anna, object="deal", data={"rows": 12, "name": "x" * 900})
    line = AuditRecord.objects.get()
    assert (line.actor, line.address, line.data["rows"], len(line.data["name"])) == (anna, "198.51.100.7", 12, 300)
    for secret in ("password", "api_token", "Cookie"):
        with pytest.raises(ValueError, match="no secrets"):
            audit("export", data={secret: "x"})
    assert AuditRecord.objects.count() == 1


def test_the_audit_page_turns_by_the_last_line(gleb, client):
    client.force_login(gleb)
    for number in range(60):
        audit("export", actor=gleb, object=f"deal:{number}")
    first = client.get("/settings/audit/").content.decode()
    assert "deal:59" in first and "deal:9<" not in first
    oldest = audited(limit=50)[-1].pk
    second = client.get(f"/settings/audit/?before={oldest}").content.decode()
    assert "deal:9<" in second and "deal:59" not in second
    assert client.get("/settings/audit/?before=x").status_code == 400


def test_a_refusal_is_written_down_and_nothing_else_happens(client, happened):
    seller = make_person(roles=("seller",))
    client.force_login(seller)
    begun = len(happened())
    other = make_user()
    assert client.post(f"/users/{other.pk}/deactivate/").status_code == 403
    other.refresh_from_db()
    assert other.is_active
    assert len(happened()) == begun
    line = AuditRecord.objects.filter(is_refused=True).get()
    assert (line.actor, line.object) == (seller, f"/users/{other.pk}/deactivate/")


PAGES = [
    "/me/",
    "/me/password/",
    "/me/sessions/",
    "/me/tokens/",
    "/settings/",
    "/settings/company/",
    "/settings/audit/",
    "/users/",
    "/teams/",
    "/roles/",
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_administrator_opens_every_page_in_both_languages(gleb, client, address, language):
    User.objects.filter(pk=gleb.pk).update(language=language)
    client.force_login(gleb)
    answer = client.get(address)
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_passer_by_is_led_to_the_sign_in_page(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={address}")


@pytest.mark.parametrize("address", PAGES)
def test_a_script_without_a_session_is_told_so(client, address):
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "/users/1/",
        "/users/1/edit/",
        "/users/1/invite/",
        "/users/1/give/",
        "/users/1/deactivate/",
        "/roles/1/",
        "/roles/1/grants/",
        "/teams/1/archive/",
        "/me/sessions/others/",
        "/me/tokens/1/revoke/",
        "/settings/company/",
    ],
)
def test_a_passer_by_posts_to_no_door(client, anna, address):
    before = list(User.objects.values()), list(Role.objects.values())
    assert client.post(address).status_code in (302, 401, 405)
    assert (list(User.objects.values()), list(Role.objects.values())) == before


def test_a_customer_meets_no_colleague_anywhere(client, anna):
    client.force_login(make_person(roles=("customer",)))
    for address in (
        f"/users/{anna.pk}/",
        f"/users/{anna.pk}/history/",
        f"/teams/{anna.team_id}/",
        f"/roles/{Role.objects.first().pk}/",
    ):
        assert client.get(address).status_code == 404, address
    assert "Соколова" not in client.get("/users/").content.decode()
    assert client.post(f"/users/{anna.pk}/deactivate/").status_code == 404


def test_a_seller_opens_neither_the_company_nor_the_audit_record(client):
    client.force_login(make_person(roles=("seller",)))
    for address in ("/settings/company/", "/settings/audit/"):
        assert client.get(address).status_code == 403
    assert "/settings/audit/" not in client.get("/settings/").content.decode()


def test_language_and_look_are_chosen_on_ones_own_page(anna, client):
    client.force_login(anna)
    sent = {"language": "en", "theme": "dark", "density": "compact", "timezone": "Asia/Omsk", "has_shortcuts": "true"}
    assert client.post("/me/", sent).status_code == 303
    anna.refresh_from_db()
    assert (anna.language, anna.theme, anna.density, anna.timezone) == ("en", "dark", "compact", "Asia/Omsk")
    assert client.post("/me/", sent | {"timezone": "Mars/Base"}).status_code == 422
    assert client.post("/me/", sent | {"theme": "pink"}).status_code == 422
    anna.refresh_from_db()
    assert (anna.theme, anna.timezone) == ("dark", "Asia/Omsk")


def test_ones_own_address_is_changed_with_the_password(anna, client, happened):
    client.force_login(anna)
    assert client.post("/me/email/", {"email": "new@example.org", "current": "wrong"}).status_code == 422
    assert client.post("/me/email/", {"email": "nonsense", "current": "krug and nothing else"}).status_code == 422
    assert happened() == []
    assert (
        client.post("/me/email/", {"email": "New@example.org", "current": "krug and nothing else"}).status_code == 303
    )
    anna.refresh_from_db()
    assert anna.email == "new@example.org"
    assert happened() == ["EmailChanged"]


def addresses() -> list[str]:
    """Every route of administration, with a number or word where one belongs."""
    import re

    from krug.administration.urls import urlpatterns
    from krug.kernel.screens.door import PUBLIC, door_of

    guarded = [route for route in urlpatterns if door_of(route.callback) != PUBLIC]
    assert all(door_of(route.callback) for route in urlpatterns)
    return sorted(
        {"/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(slug|str):\w+>", "email", str(route.pattern))) for route in guarded}
    )


def test_every_route_of_administration_is_shut_to_a_passer_by(client, anna):
    found = addresses()
    assert len(found) > 45
    before = list(User.objects.values())
    for address in found:
        assert {client.get(address).status_code, client.post(address).status_code} <= {302, 405}, address
        assert client.post(address, headers={"HX-Request": "true"}).status_code in (401, 405), address
    assert list(User.objects.values()) == before


def test_every_route_about_a_person_is_shut_to_a_customer(client, anna):
    client.force_login(make_person(roles=("customer",)))
    before = list(User.objects.filter(pk=anna.pk).values())
    for address in addresses():
        if address.startswith(("/users/1/", "/teams/1/", "/roles/1/")):
            there = address.replace("/users/1/", f"/users/{anna.pk}/").replace("/teams/1/", f"/teams/{anna.team_id}/")
            assert {client.get(there).status_code, client.post(there).status_code} <= {404, 405}, there
    assert list(User.objects.filter(pk=anna.pk).values()) == before
