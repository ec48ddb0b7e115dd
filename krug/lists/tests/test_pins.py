"""Pinned views in the navigation, and the view that a role begins with."""

from __future__ import annotations

from typing import Any

import pytest

from krug.access.models import Role
from krug.kernel.errors import NotAllowed, NotFound, Refusal
from krug.kernel.journal.models import AuditRecord
from krug.kernel.listing.state import ListState
from krug.kernel.models import SavedView
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.visibility import forget_rights
from krug.lists.actions import pins
from krug.lists.actions.pins import pin_view, pinned_keys, pinned_views, set_first_view, unpin_view
from krug.lists.actions.views import save_view
from krug.lists.models import PinnedView

pytestmark = [pytest.mark.django_db]
DEAL = get_entity("deal")


def pinned(user: Any) -> list[str]:
    return [view.name for view in pinned_views(DEAL, user, pinned_keys(user, ["deal"]).get("deal", []))]


def navigation(page: str) -> str:
    return page.split('class="nav-list"')[1].split("</ul>\n<form")[0]


def test_pinned_views_stand_under_their_list_on_every_page(anna, client):
    anna.language = "en"
    anna.save(update_fields=["language"])
    client.force_login(anna)
    view = save_view(DEAL, anna, ListState(sort="-amount"), name="The largest")
    answer = client.post(f"/views/deals/{view.pk}/pin/?saved={view.pk}", {"deed": "pin"})
    assert (answer.status_code, answer["Location"]) == (303, f"/deals/?saved={view.pk}")
    client.post("/views/deals/mine/pin/", {"deed": "pin"})
    assert pinned(anna) == ["The largest", "Mine"]
    page = navigation(client.get("/tasks/").content.decode())
    assert f"/deals/?saved={view.pk}" in page and "The largest" in page
    assert (
        'aria-current="page"'
        in navigation(client.get(f"/deals/?saved={view.pk}").content.decode()).split("nav-pins")[1]
    )
    client.post(f"/views/deals/{view.pk}/pin/", {"deed": "unpin"})
    assert pinned(anna) == ["Mine"]


def test_a_pin_is_ones_own_and_goes_with_its_view(anna, boris):
    view = save_view(DEAL, anna, ListState(sort="-amount"), name="The largest", shared="all")
    pin_view(DEAL, str(view.pk), by=anna)
    pin_view(DEAL, str(view.pk), by=anna)
    assert pinned(anna) == ["The largest"] and pinned(boris) == []
    view.delete()
    assert pinned(anna) == []


def test_a_view_that_is_not_open_is_not_pinned(anna, boris):
    view = save_view(DEAL, anna, ListState(sort="-amount"), name="Private")
    for key in (str(view.pk), "999999", "nonsense"):
        with pytest.raises(NotFound):
            pin_view(DEAL, key, by=boris)
    assert not PinnedView.objects.exists()


def test_there_is_an_end_to_pinning(anna, monkeypatch):
    monkeypatch.setattr(pins, "MOST_PINS", 1)
    pin_view(DEAL, "mine", by=anna)
    with pytest.raises(Refusal):
        pin_view(DEAL, "all", by=anna)
    unpin_view(DEAL, "mine", by=anna)
    pin_view(DEAL, "all", by=anna)
    assert pinned(anna) == ["Everyone's"]


def test_an_administrator_sets_the_view_that_a_role_begins_with(anna, gleb, client):
    view = save_view(DEAL, gleb, ListState(sort="-amount"), name="For sellers")
    role = anna.roles.get()
    client.force_login(gleb)
    assert client.post(f"/views/deals/{view.pk}/first/?saved={view.pk}", {"role": str(role.pk)}).status_code == 303
    client.force_login(anna)
    assert client.get("/deals/")["Location"] == f"/deals/?saved={view.pk}"
    other = save_view(DEAL, gleb, ListState(sort="amount"), name="Another", shared="all")
    set_first_view(DEAL, str(other.pk), role, by=gleb)
    view.refresh_from_db()
    assert view.default_for is None
    set_first_view(DEAL, str(other.pk), None, by=gleb)
    assert client.get("/deals/").status_code == 200


def test_nobody_else_sets_it_and_only_saved_views_are_set(anna, gleb):
    view = save_view(DEAL, anna, ListState(sort="-amount"), name="Mine alone", shared="all")
    anna.roles.get().grants.update(verbs=[])
    forget_rights([anna])
    role = Role.objects.first()
    with pytest.raises(NotAllowed):
        set_first_view(DEAL, str(view.pk), role, by=anna)
    with pytest.raises(Refusal):
        set_first_view(DEAL, "mine", role, by=gleb)
    assert not SavedView.objects.exclude(default_for=None).exists()


def test_nobody_arranges_the_lists_of_those_who_may_more(anna, gleb, happened):
    view = save_view(DEAL, anna, ListState(sort="-amount"), name="Shared", shared="all")
    helper = make_user(role=make_role("helper", {"deal": ("all", []), "role": ("all", ["change"])}))
    greater = gleb.roles.get()
    with pytest.raises(NotAllowed):
        set_first_view(DEAL, str(view.pk), greater, by=helper)
    assert greater not in pins.roles_to_choose(helper)
    set_first_view(DEAL, str(view.pk), greater, by=gleb)
    with pytest.raises(NotAllowed):
        set_first_view(DEAL, str(view.pk), None, by=helper)
    view.refresh_from_db()
    assert view.default_for == greater
    assert [name for name in happened() if name.startswith("FirstView")] == ["FirstViewSet"]


def test_setting_the_first_view_is_told_in_the_journal_and_the_audit_record(gleb, anna, happened):
    view = save_view(DEAL, gleb, ListState(sort="-amount"), name="Shared", shared="all")
    role, before = anna.roles.get(), len(happened())
    for wanted in (role, role, None):
        set_first_view(DEAL, str(view.pk), wanted, by=gleb)
    assert happened()[before:] == ["FirstViewSet", "FirstViewTaken"]
    assert (
        list(AuditRecord.objects.filter(kind="view.first").values_list("object", flat=True)) == [f"role:{role.pk}"] * 2
    )


def test_the_roles_to_choose_are_asked_at_once_however_many_there_are(gleb):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from krug.lists.actions.pins import roles_to_choose

    figures, shown = [], []
    for number in range(2):
        for each in range(1 + 4 * number):
            make_role(f"reads {number} {each}", {"party": ("all", [])})
        roles_to_choose(gleb)
        with CaptureQueriesContext(connection) as asked:
            shown.append(len(roles_to_choose(gleb)))
        figures.append(len(asked))
    assert figures[0] == figures[1] and shown[1] - shown[0] == 5
