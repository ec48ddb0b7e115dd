"""The rights of a role on one page: seen folded, compared, taken over, looked at before saved, and put back."""

from __future__ import annotations

import re

import pytest

from krug.access.models import Grant, Reach, Role, User
from krug.administration.actions.roles import set_grants
from krug.administration.testing import make_own_role
from krug.kernel.journal.models import AuditRecord
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.visibility import rights_of

pytestmark = pytest.mark.django_db


def read(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    text: str = answer.content.decode()
    return text


def line(page: str, code: str) -> str:
    found = re.search(rf'<details class="rights-line"[^>]*data-row="{code}">.*?</details>', page, re.S)
    assert found
    return found.group()


@pytest.fixture
def role(gleb: User) -> Role:
    role = make_own_role()
    return set_grants(role, {"deal": (Reach.TEAM, ["win"], {"*": "edit", "money": "read"})}, by=gleb)


def test_every_object_stands_on_the_page_with_its_reach_verbs_and_groups_of_fields(role, gleb, client):
    client.force_login(gleb)
    deal = line(read(client, f"/roles/{role.pk}/grants/"), "deal")
    assert 'name="reach.deal"' in deal
    assert 'value="win" checked' in deal
    assert 'name="level.deal.money"' in deal
    assert "Деньги: чтение" in deal


def test_what_changes_is_shown_before_it_is_saved_and_changes_nothing(role, gleb, client, happened):
    client.force_login(gleb)
    before = happened()
    sent = {"version": role.version, "step": "preview", "reach.deal": "all", "verbs.deal": ["win", "lose"],
            "level.deal.money": "hidden", "level.deal.*": "edit"}  # fmt: skip
    answer = client.post(f"/roles/{role.pk}/grants/", sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="level.deal.money" value="hidden"' in page
    assert "Сделки" in page
    assert happened() == before
    assert role.grants.get(entity="deal").reach == Reach.TEAM
    assert client.post(f"/roles/{role.pk}/grants/", {**sent, "step": ""}).status_code == 303
    grant = role.grants.get(entity="deal")
    assert (grant.reach, grant.verbs, grant.fields) == ("all", ["lose", "win"], {"*": "edit", "money": "hidden"})
    assert happened() == [*before, "GrantsChanged"]
    assert AuditRecord.objects.filter(kind="role.changed", object=f"role:{role.pk}").exists()


def test_a_level_that_is_none_is_refused(role, gleb, client):
    client.force_login(gleb)
    sent = {"version": role.version, "reach.deal": "team", "level.deal.money": "guess"}
    assert client.post(f"/roles/{role.pk}/grants/", sent).status_code == 400
    assert role.grants.get(entity="deal").fields == {"*": "edit", "money": "read"}


def test_an_earlier_state_is_filled_in_and_saved_again(role, gleb, client):
    client.force_login(gleb)
    set_grants(role, {"deal": (Reach.NONE, [], {"*": "hidden"})}, by=gleb)
    page = read(client, f"/roles/{role.pk}/grants/")
    back = re.search(r'href="(/roles/\d+/grants/\?before=\d+)"', page)
    assert back
    deal = line(read(client, back.group(1)), "deal")
    assert 'value="win" checked' in deal
    assert re.search(r'<option value="team" selected', deal)
    assert role.grants.get(entity="deal").reach == Reach.NONE


def test_a_role_is_taken_over_from_another_and_nothing_is_saved_yet(role, gleb, client):
    client.force_login(gleb)
    other = make_role("other", {"task": (Reach.ALL, ["complete"])})
    page = read(client, f"/roles/{role.pk}/grants/?copy={other.pk}")
    assert 'value="complete" checked' in line(page, "task")
    assert 'value="win" checked' not in line(page, "deal")
    assert list(role.grants.values_list("entity", flat=True)) == ["deal"]


def test_two_roles_are_compared_side_by_side(role, gleb, client):
    client.force_login(gleb)
    other = make_role("other", {"deal": (Reach.ALL, ["win"])})
    page = read(client, f"/roles/{role.pk}/grants/?compare={other.pk}")
    assert "rights-other" in line(page, "deal")
    assert "rights-other" not in line(page, "party")


def test_who_has_the_role_stands_on_both_pages(role, gleb, client):
    client.force_login(gleb)
    make_user("k@example.org", role=role, surname="Ключева", given_name="Ольга")
    assert "Ключева" in read(client, f"/roles/{role.pk}/")
    assert "Ключева" in read(client, f"/roles/{role.pk}/grants/")


def test_nobody_opens_fields_that_are_closed_to_himself(gleb, client):
    lead = make_user(
        "lead@example.org",
        role=make_role("lead", {"role": (Reach.ALL, ["change"]), "deal": (Reach.ALL, []), "user": (Reach.ALL, [])}),
    )
    Grant.objects.filter(role__code="lead", entity="deal").update(fields={"*": "edit", "money": "hidden"})
    target = make_role("target", {"deal": (Reach.OWN, [])})
    Grant.objects.filter(role=target).update(fields={"*": "edit", "money": "hidden"})
    client.force_login(lead)
    sent = {"version": target.version, "reach.deal": "own", "level.deal.money": "read"}
    assert client.post(f"/roles/{target.pk}/grants/", sent).status_code == 403
    assert target.grants.get(entity="deal").fields == {"*": "edit", "money": "hidden"}


def test_of_two_roles_the_wider_level_counts_and_a_grant_without_reach_widens_nothing():
    narrow = make_role("narrow", {"deal": (Reach.OWN, [])})
    Grant.objects.filter(role=narrow).update(fields={"*": "edit", "money": "hidden"})
    user = make_user("two@example.org", role=narrow)
    user.roles.add(make_role("verbs", {"deal": (Reach.NONE, ["export"])}))
    assert rights_of(User.objects.get(pk=user.pk)).level("deal", "money") == "hidden"
    wide = make_role("wide", {"deal": (Reach.OWN, [])})
    Grant.objects.filter(role=wide).update(fields={"*": "read"})
    user.roles.add(wide)
    assert rights_of(User.objects.get(pk=user.pk)).level("deal", "money") == "read"
    assert rights_of(User.objects.get(pk=user.pk)).level("deal", "deal") == "edit"


def test_a_group_that_a_grant_does_not_name_and_leaves_without_a_usual_level_is_hidden():
    role = make_role("bare", {"deal": (Reach.OWN, [])})
    Grant.objects.filter(role=role).update(fields={"deal": "edit"})
    rights = rights_of(make_user("bare@example.org", role=role))
    assert (rights.level("deal", "deal"), rights.level("deal", "money")) == ("edit", "hidden")
