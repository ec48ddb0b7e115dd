"""People, teams, roles, rights and definitions of fields are undone from the journal, by the acts that change them."""

from __future__ import annotations

from typing import Any

import pytest

from krug.access.models import Reach, Role, Team, User
from krug.administration.actions.attributes import change_details
from krug.administration.actions.roles import Granted, set_grants
from krug.administration.testing import make_attribute, make_person
from krug.kernel.attributes.catalogue import look_again
from krug.kernel.doors import archive_record, change_record, create_record, perform, restore_record
from krug.kernel.errors import No, NotFound, Refusal
from krug.kernel.journal.recording import begin_act, last_act
from krug.kernel.journal.runs import undo_one, undone_among
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user

pytestmark = pytest.mark.django_db
USER, TEAM, ROLE = get_entity("user"), get_entity("team"), get_entity("role")


def undone(act: Any, by: User) -> Any:
    assert act is not None
    done = undo_one(act, by=User.objects.get(pk=by.pk)).act
    assert act in undone_among([act])
    return done


def test_a_change_of_a_person_is_undone_and_the_undoing_too(gleb, anna):
    change_record(USER, anna.pk, {"position": "Начальница", "surname": "Новая"}, by=gleb)
    before = (anna.position, anna.surname)
    back = undone(last_act(), gleb)
    assert User.objects.values_list("position", "surname").get(pk=anna.pk) == before
    undone(back, gleb)
    assert User.objects.values_list("position", "surname").get(pk=anna.pk) == ("Начальница", "Новая")


def test_an_added_field_of_a_person_is_undone(gleb, anna):
    field = make_attribute("Locker", entity="user", kind="number")
    change_record(USER, anna.pk, {field.key: 12}, by=gleb)
    first = last_act()
    change_record(USER, anna.pk, {field.key: 14}, by=gleb)
    undone(last_act(), gleb)
    assert USER.fields[field.key].value_of(User.objects.get(pk=anna.pk)) == 12
    undone(first, gleb)
    assert User.objects.get(pk=anna.pk).custom == {}


def test_what_was_changed_since_is_left_alone_with_words(gleb, anna):
    change_record(USER, anna.pk, {"position": "Один"}, by=gleb)
    act = last_act()
    change_record(USER, anna.pk, {"position": "Два"}, by=gleb)
    with pytest.raises(Refusal) as no:
        undone(act, gleb)
    assert no.value.code == "CHANGED_SINCE"
    assert User.objects.get(pk=anna.pk).position == "Два"


def test_a_new_person_a_sending_away_and_an_archiving_are_undone(gleb, anna):
    made = create_record(USER, {"email": "neu@example.org", "surname": "Новых", "given_name": "Н"}, by=gleb)
    undone(last_act(), gleb)
    made.refresh_from_db()
    assert (made.is_archived, made.is_active) == (True, False)
    archive_record(USER, anna.pk, by=gleb)
    undone(last_act(), gleb)
    anna.refresh_from_db()
    assert (anna.is_archived, anna.is_active) == (False, True)


def test_the_undoing_of_an_archiving_is_undone_too(gleb, anna):
    archive_record(USER, anna.pk, by=gleb)
    back = undone(last_act(), gleb)
    undone(back, gleb)
    anna.refresh_from_db()
    assert (anna.is_archived, anna.is_active) == (True, False)


def test_a_role_given_and_withdrawn_is_undone_but_never_ones_own(gleb):
    person, role = make_person(), make_role("guard", {"deal": (Reach.OWN, [])})
    perform(USER, "give", person.pk, by=gleb, role=role)
    given = last_act()
    undone(given, gleb)
    assert role not in person.roles.all()
    perform(USER, "give", person.pk, by=gleb, role=role)
    perform(USER, "withdraw", person.pk, by=gleb, role=role)
    withdrawn = last_act()
    begin_act(gleb)
    helper = make_user(role=make_role("helper", {"user": (Reach.ALL, ["*"])}))
    with pytest.raises(No):
        undone(withdrawn, helper)
    own = User.objects.get(pk=person.pk)
    own.roles.add(make_role("keeper", {"user": (Reach.ALL, ["*"]), "deal": (Reach.ALL, ["*"])}))
    with pytest.raises((Refusal, NotFound)):
        undone(withdrawn, own)
    assert role not in person.roles.all()
    undone(withdrawn, gleb)
    assert role in person.roles.all()


def test_the_rights_of_a_role_go_back_whole_and_nobody_regains_more_than_he_has(gleb):
    role = make_role("guard", {"deal": (Reach.OWN, ["win"]), "party": (Reach.ALL, [])})
    weak = make_user(role=make_role("weak", {"role": (Reach.ALL, ["change"])}))
    begin_act(gleb, "role.change")
    wanted = {"deal": Granted(Reach.ALL, ["win", "lose"]), "task": Granted(Reach.OWN, [])}
    set_grants(role, wanted, by=gleb)
    act = last_act()
    with pytest.raises(No):
        undone(act, weak)
    undone(act, gleb)
    told = {grant.entity: (grant.reach, grant.verbs) for grant in Role.objects.get(pk=role.pk).grants.all()}
    assert told["deal"] == ("own", ["win"]) and told["party"] == ("all", [])
    assert told["task"] == ("none", [])


def test_teams_are_moved_back_and_new_ones_put_away(gleb):
    above, other = (Team.objects.create(name=name) for name in ("Север", "Юг"))
    team = create_record(TEAM, {"name": "Новая", "parent": above}, by=gleb)
    founded = last_act()
    change_record(TEAM, team.pk, {"parent": other}, by=gleb)
    undone(last_act(), gleb)
    team.refresh_from_db()
    assert team.parent == above
    undone(founded, gleb)
    team.refresh_from_db()
    assert team.is_archived


def test_a_new_role_is_put_away_by_undoing(gleb):
    role = create_record(ROLE, {"name_ru": "Сторож", "name_en": "Guard"}, by=gleb)
    undone(last_act(), gleb)
    role.refresh_from_db()
    assert role.is_archived


def test_a_role_comes_back_only_by_somebody_who_may_as_much_and_does_not_hold_it(gleb, client):
    role = make_role("big", {"deal": (Reach.ALL, ["*"])})
    keeper = make_user(role=make_role("keeper", {"role": (Reach.ALL, ["*"])}))
    holder = make_user(role=role)
    holder.roles.add(make_role("whole", {"role": (Reach.ALL, ["*"]), "deal": (Reach.ALL, ["*"])}))
    archive_record(ROLE, role.pk, by=gleb)
    put_away = last_act()
    for weak in (keeper, holder):
        with pytest.raises(No):
            undone(put_away, weak)
        with pytest.raises(No):
            restore_record(ROLE, role.pk, by=User.objects.get(pk=weak.pk))
        client.force_login(weak)
        assert client.post(f"/roles/{role.pk}/restore/").status_code in (403, 422)
        assert Role.objects.get(pk=role.pk).is_archived and undone_among([put_away]) == set()
    undone(put_away, gleb)
    assert not Role.objects.get(pk=role.pk).is_archived


def test_who_holds_a_role_that_comes_back_signs_in_again(gleb, client):
    role = make_role("big", {"deal": (Reach.ALL, ["*"])})
    holder = make_user(role=role)
    archive_record(ROLE, role.pk, by=gleb)
    client.force_login(holder)
    assert client.get("/").status_code == 200
    restore_record(ROLE, role.pk, by=gleb)
    assert client.get("/").status_code == 302


def test_definitions_of_fields_are_undone_and_forms_follow_at_once(gleb):
    entity = get_entity("party")
    field = make_attribute("Height", kind="number", details={"unit": "m"})
    begin_act(gleb, "attribute.change")
    change_details(field, {"unit": "km", "personal": True}, by=gleb)
    changed = last_act()
    change_record(get_entity("attribute"), field.pk, {"name_en": "Length"}, by=gleb)
    renamed = last_act()
    archive_record(get_entity("attribute"), field.pk, by=gleb)
    undone(last_act(), gleb)
    undone(renamed, gleb)
    look_again()
    assert str(entity.fields[field.key].label) in ("Height", field.name_ru)
    undone(changed, gleb)
    look_again()
    assert entity.fields[field.key].unit == "m" and not entity.everything.personal & {field.key}


def test_the_journal_leads_to_the_undoing_of_rights(gleb, anna, client):
    change_record(USER, anna.pk, {"position": "Начальница"}, by=gleb)
    act = last_act()
    client.force_login(gleb)
    assert f"/journal/{act}/undo/" in client.get("/journal/").content.decode()
    assert client.post(f"/journal/{act}/undo/").status_code == 303
    assert User.objects.get(pk=anna.pk).position == anna.position
