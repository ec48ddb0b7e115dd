"""The page of the settings that removes the demo company."""

from __future__ import annotations

import os

import pytest

from demo.acts import begin_told_act
from krug.administration.testing import make_person
from krug.config import demo_data
from krug.config.commands.demo import BEGUN
from krug.kernel.testing.cast import make_role, make_user

pytestmark = pytest.mark.django_db
PAGE = "/settings/demo/"


@pytest.fixture
def asked(settings, tmp_path, monkeypatch) -> list[str]:
    settings.DATA = tmp_path
    removals: list[str] = []
    monkeypatch.setattr(demo_data, "remove_demo", lambda data: removals.append(str(data)))
    return removals


def test_without_demo_data_the_page_says_so_and_only_who_arranges_the_company_sees_it(gleb, client, asked):
    client.force_login(gleb)
    assert "The demo company" not in client.get(PAGE).content.decode()
    client.force_login(make_person(roles=("seller",)))
    assert client.get(PAGE).status_code == 403


def test_on_a_given_server_the_page_names_the_command_and_removes_nothing(gleb, client, asked):
    client.force_login(gleb)
    answer = client.post(PAGE, {"sure": "1"})
    assert answer.status_code == 422 and "krug demo --forget" in answer.content.decode()
    assert asked == []


def test_removing_asks_whether_one_is_sure_and_is_written_into_the_audit_record(
    gleb, client, asked, monkeypatch, settings
):
    monkeypatch.setattr(demo_data, "removes_here", lambda data: True)
    client.force_login(gleb)
    assert client.post(PAGE).status_code == 422
    assert asked == []
    assert client.post(PAGE, {"sure": "1"})["Location"] == PAGE
    assert asked == [str(settings.DATA)]
    assert "demo.removed" in client.get("/settings/audit/").content.decode()


def test_a_person_of_the_story_does_not_remove_the_ground_under_himself(gleb, client, asked, monkeypatch):
    monkeypatch.setattr(demo_data, "removes_here", lambda data: True)
    begin_told_act(gleb)
    told = make_person("told@volna.example", roles=("administrator",))
    client.force_login(told)
    answer = client.post(PAGE, {"sure": "1"})
    assert answer.status_code == 422 and asked == []


def test_the_right_to_arrange_the_company_is_not_the_right_to_remove_the_demo_data(client, asked, monkeypatch):
    monkeypatch.setattr(demo_data, "removes_here", lambda data: True)
    client.force_login(make_user(role=make_role("office", {"company": ("none", ["change"])})))
    assert client.post(PAGE, {"sure": "1"}).status_code == 403
    assert client.get("/settings/company/").status_code == 200
    client.force_login(make_user(role=make_role("clearing", {"company": ("none", ["clear-demo"])})))
    assert client.post(PAGE, {"sure": "1"}).status_code == 303
    assert len(asked) == 1


def test_the_removal_begins_once_and_the_second_time_is_refused(gleb, client, asked, monkeypatch, settings):
    monkeypatch.setattr(demo_data, "removes_here", lambda data: True)
    client.force_login(gleb)
    assert client.post(PAGE, {"sure": "1"}).status_code == 303
    again = client.post(PAGE, {"sure": "1"})
    assert (again.status_code, len(asked)) == (422, 1)
    mark = settings.DATA / BEGUN
    os.utime(mark, (0, 0))
    assert client.post(PAGE, {"sure": "1"}).status_code == 303, "what died an hour ago does not bar the way"
    assert len(asked) == 2
