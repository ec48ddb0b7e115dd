"""Roles: nobody gives what he has not, raises himself, or shuts everybody out (ACL-10)."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from krug.access.models import Grant, Reach, Role, User
from krug.access.rights import ANY, Rights
from krug.administration.actions.people import setup_actor
from krug.administration.actions.roles import archive_role, create_role, give_role, set_grants, withdraw_role
from krug.administration.actions.shipped_roles import SHIPPED, ensure_shipped_roles
from krug.administration.entities import ROLE
from krug.administration.grants import read_grants, rows_of_matrix
from krug.administration.testing import make_own_role, make_person
from krug.kernel.errors import NotAllowed, Refusal
from krug.kernel.registry import entities, rights_beside
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.visibility import rights_of

pytestmark = pytest.mark.django_db
SHIPPED_CODES = [
    "administrator",
    "head",
    "seller",
    "marketer",
    "operator",
    "engineer",
    "secretary",
    "executive",
    "dealer",
    "customer",
]

USUAL = ("create", "change", "archive", "export", "import")
BEYOND_VERBS = {("deal", "override"), ("token", "create"), ("token", "revoke")}


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_ten_roles_are_shipped_and_completing_them_twice_changes_nothing():
    ensure_shipped_roles()
    assert list(Role.objects.filter(is_shipped=True).order_by("pk").values_list("code", flat=True)) == SHIPPED_CODES
    assert all(role.name_ru and role.name_en for role in Role.objects.filter(is_shipped=True))
    assert ensure_shipped_roles() == 0


def test_every_shipped_grant_names_a_verb_that_its_type_has():
    known = {
        entity.code: {*USUAL, *rights_beside(entity.code), *(verb.name for verb in entity.verbs)}
        for entity in entities()
    }
    unknown = [
        (role.code, code, verb)
        for role in SHIPPED
        for code, (_reach, verbs) in role.grants.items()
        for verb in verbs
        if code != ANY and verb not in known.get(code, ()) and (code, verb) not in BEYOND_VERBS
    ]
    assert unknown == []


def test_what_a_company_changed_in_a_shipped_role_stays(gleb):
    seller = Role.objects.get(code="seller")
    set_grants(seller, {"party": (Reach.OWN, [])}, by=gleb)
    ensure_shipped_roles()
    assert seller.grants.get(entity="party").reach == Reach.OWN


def test_a_newer_versions_grant_comes_to_a_shipped_role():
    Grant.objects.filter(role__code="seller", entity="deal").delete()
    assert ensure_shipped_roles() == 1
    assert Grant.objects.get(role__code="seller", entity="deal").reach == Reach.OWN


@pytest.mark.parametrize(
    ("code", "party", "deal", "may_win", "may_change_users"),
    [
        ("administrator", Reach.ALL, Reach.ALL, True, True),
        ("head", Reach.TEAM, Reach.TEAM, True, False),
        ("seller", Reach.TEAM, Reach.OWN, True, False),
        ("marketer", Reach.ALL, Reach.ALL, False, False),
        ("operator", Reach.ALL, Reach.NONE, False, False),
        ("executive", Reach.ALL, Reach.ALL, False, False),
        ("dealer", Reach.NONE, Reach.NONE, False, False),
        ("customer", Reach.NONE, Reach.NONE, False, False),
    ],
)
def test_shipped_roles_reach_as_far_as_their_work(code, party, deal, may_win, may_change_users):
    rights = rights_of(make_person(roles=(code,)))
    assert (rights.reach("party"), rights.reach("deal")) == (party, deal)
    assert (rights.may("deal", "win"), rights.may("user", "change")) == (may_win, may_change_users)


def test_only_the_administrator_reads_the_audit_record():
    may_read = [one.code for one in SHIPPED if rights_of(make_person(roles=(one.code,))).may("audit", "read")]
    assert may_read == ["administrator"]


def test_without_roles_nothing_is_open(db):
    rights = rights_of(make_user())
    assert rights.reach("party") == Reach.NONE
    assert not rights.may("party", "create")


def test_giving_and_taking_a_role_is_written_down(anna, gleb, happened):
    role = Role.objects.get(code="marketer")
    give_role(anna, role=role, by=gleb)
    assert role in anna.roles.all()
    give_role(anna, role=role, by=gleb)
    withdraw_role(anna, role=role, by=gleb)
    assert role not in anna.roles.all()
    assert happened() == ["RoleGiven", "RoleWithdrawn"]


def test_nobody_gives_what_he_does_not_have(anna, happened):
    lead = make_user(
        role=make_role("lead", {"user": ("all", ["*"]), "role": ("all", ["*"]), "deal": ("team", ["win"])})
    )
    target = make_user()
    for code, grants in [
        ("more-reach", {"deal": ("all", [])}),
        ("more-verbs", {"deal": ("own", ["lose"])}),
        ("all-verbs", {"deal": ("own", ["*"])}),
        ("everything", {"*": ("own", [])}),
        ("another-object", {"product": ("own", [])}),
    ]:
        with pytest.raises(NotAllowed):
            give_role(target, role=make_role(code, grants), by=lead)
    assert not target.roles.exists()
    give_role(target, role=make_role("less", {"deal": ("own", ["win"])}), by=lead)
    assert happened() == ["RoleGiven"]


def test_nobody_changes_his_own_rights(gleb):
    with pytest.raises(Refusal):
        give_role(gleb, role=Role.objects.get(code="seller"), by=gleb)
    with pytest.raises(Refusal):
        withdraw_role(gleb, role=gleb.roles.get(), by=gleb)
    assert [role.code for role in gleb.roles.all()] == ["test-administrator"]


def test_nobody_raises_himself_by_editing_his_role():
    role = make_role("lead", {"role": ("all", ["*"]), "deal": ("team", ["win"])})
    lead = make_user(role=role)
    for grants in ({"deal": (Reach.ALL, ["win"])}, {"deal": (Reach.TEAM, ["win", "lose"])}, {"*": (Reach.OWN, [])}):
        with pytest.raises(NotAllowed):
            set_grants(role, grants, by=lead)
    assert role.grants.get(entity="deal").reach == Reach.TEAM
    assert role.grants.count() == 2


def test_a_role_that_stands_higher_is_not_even_lowered(anna):
    lead = make_user(role=make_role("lead", {"role": ("all", ["*"])}))
    with pytest.raises(NotAllowed):
        set_grants(Role.objects.get(code="administrator"), {"*": (Reach.NONE, [])}, by=lead)
    with pytest.raises(NotAllowed):
        archive_role(Role.objects.get(code="administrator"), by=lead)


def test_somebody_who_can_do_everything_remains(gleb, happened):
    role = gleb.roles.get()
    for act in (
        lambda: set_grants(role, {"*": (Reach.NONE, [])}, by=fresh(gleb)),
        lambda: archive_role(role, by=fresh(gleb)),
        lambda: withdraw_role(gleb, role=role, by=setup_actor()),
    ):
        with pytest.raises(Refusal):
            act()
    assert rights_of(fresh(gleb)).may("*", "*")
    assert happened() == []


def test_a_change_of_grants_works_at_once(anna, gleb):
    role = anna.roles.get()
    set_grants(role, {"*": (Reach.NONE, []), "deal": (Reach.OWN, ["win"])}, by=gleb)
    rights = rights_of(fresh(anna))
    assert (rights.reach("party"), rights.reach("deal")) == (Reach.NONE, Reach.OWN)


def test_a_role_in_the_archive_grants_nothing_and_is_not_given(anna, boris, gleb):
    role = make_own_role()
    set_grants(role, {"product": (Reach.ALL, [])}, by=gleb)
    give_role(anna, role=role, by=gleb)
    archive_role(role, by=gleb)
    with pytest.raises(Refusal):
        give_role(boris, role=role, by=gleb)
    assert rights_of(fresh(anna)).reach("product") == Reach.OWN


def test_the_code_of_a_role_is_made_from_its_name_and_is_its_own(gleb):
    codes = [create_role(by=gleb, name_ru="Кладовщик", name_en="Store keeper").code for _number in range(2)]
    assert codes == ["store-keeper", "store-keeper-2"]
    assert create_role(by=gleb, name_ru="Кладовщик", name_en="Кладовщик").code == "role"


def test_roles_are_a_secret_to_those_who_do_not_administer(anna, gleb):
    assert not ROLE.rows_for(anna).exists()
    assert ROLE.rows_for(gleb).count() > 10


def test_the_matrix_is_saved_by_a_plain_form(gleb, client):
    client.force_login(gleb)
    role = make_own_role()
    page = client.get(f"/roles/{role.pk}/grants/").content.decode()
    assert 'name="reach.deal"' in page or 'name="reach.task"' in page
    sent = {
        "version": role.version,
        "reach.task": "team",
        "verbs.task": ["create", "complete"],
        "verbs.audit": ["read"],
    }
    assert client.post(f"/roles/{role.pk}/grants/", sent).status_code == 303
    found = {grant.entity: (grant.reach, grant.verbs) for grant in role.grants.all()}
    assert found == {"task": ("team", ["complete", "create"]), "audit": ("none", ["read"])}


@pytest.mark.parametrize("sent", [{"reach.task": "universe"}, {"reach.task": "own", "verbs.task": ["conquer"]}])
def test_what_is_not_on_the_matrix_is_refused(gleb, client, sent):
    client.force_login(gleb)
    role = make_own_role()
    assert client.post(f"/roles/{role.pk}/grants/", sent).status_code == 400
    assert not role.grants.exists()


def test_saving_the_matrix_untouched_keeps_every_reach():
    ensure_shipped_roles()
    for role in Role.objects.all():
        sent = QueryDict(mutable=True)
        for line in rows_of_matrix(role):
            if line.has_reach:
                sent[f"reach.{line.code}"] = line.reach
            sent.setlist(f"verbs.{line.code}", [verb for verb, _words, is_held in line.verbs if is_held])
        found = {code: reach for code, (reach, _verbs, _fields) in read_grants(sent, role).items()}
        assert found == dict(role.grants.values_list("entity", "reach"))


def test_two_who_change_a_role_at_once_do_not_overwrite_each_other(gleb, client):
    client.force_login(gleb)
    role = make_own_role()
    set_grants(role, {"task": (Reach.ALL, [])}, by=gleb)
    answer = client.post(f"/roles/{role.pk}/grants/", {"version": 1, "reach.task": "none"})
    assert answer.status_code == 409
    assert role.grants.get(entity="task").reach == Reach.ALL


def test_rights_pass_through_scopes_and_never_grow():
    rights = Rights({"*": Reach.TEAM, "deal": Reach.ALL}, {"*": frozenset({"create"}), "deal": frozenset({"*"})})
    narrow = rights.within(["deal:view"])
    assert (narrow.reach("deal"), narrow.reach("party"), narrow.may("deal", "win")) == (Reach.ALL, Reach.NONE, False)
    assert rights.within(["deal:win"]).may("deal", "win")
    assert not rights.within(["deal:win"]).may("deal", "lose")
    assert not rights.within(["party:win"]).may("party", "win")
    assert rights.within(["party:create"]).reach("party") == Reach.TEAM
    everything = rights.within(["*:*"])
    assert everything.cover(rights) and rights.cover(everything)
    only_looking = rights.within(["*:view"])
    assert (only_looking.reach("deal"), only_looking.may("party", "create")) == (Reach.ALL, False)
    assert rights.within([]).reach("deal") == Reach.NONE
