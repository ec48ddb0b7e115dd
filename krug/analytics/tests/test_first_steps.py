"""The five tasks of the first day are done by real acts, kept when done, and gone for good at the end."""

from __future__ import annotations

import pytest

from krug.access.models import User
from krug.activities.testing import make_interaction
from krug.administration.actions.first_steps import begin_first_steps
from krug.administration.actions.invitations import invite_person
from krug.administration.models import FirstSteps, Letter, MailServer
from krug.administration.testing import make_person
from krug.analytics.measures.first_steps import first_steps
from krug.kernel.doors import perform
from krug.kernel.models import SavedView
from krug.kernel.registry import get_entity
from krug.sales.testing import make_deal, stage_of

pytestmark = pytest.mark.django_db


def done(person: User) -> dict[str, bool]:
    return {step.name: is_done for step, is_done in first_steps(person)}


@pytest.fixture
def newcomer() -> User:
    person = make_person(roles=("administrator",))
    begin_first_steps(person)
    return User.objects.get(pk=person.pk)


def test_each_task_is_done_by_the_act_itself_and_the_last_takes_them_away_for_good(newcomer, client):
    assert done(newcomer) == {"log": False, "move": False, "view": False, "invite": False}
    deal = make_deal(owner=newcomer)
    make_interaction(by=newcomer, party=deal.party)
    assert done(newcomer) == {"log": True, "move": False, "view": False, "invite": False}
    perform(get_entity("deal"), "move", deal.pk, by=newcomer, stage=stage_of(deal, 2), said="Показали насосы")
    view = SavedView.objects.create(entity="deal", name="Мои", owner=newcomer)
    assert done(newcomer) == {"log": True, "move": True, "view": True, "invite": False}
    view.delete()
    client.force_login(newcomer)
    assert "Ваш первый день" in client.get("/").content.decode()
    invite_person(make_person(), by=newcomer)
    assert done(newcomer) == {}
    assert "Ваш первый день" not in client.get("/").content.decode()
    assert not FirstSteps.objects.exists()


def test_a_test_letter_is_asked_only_when_mail_is_connected(newcomer):
    MailServer.objects.create(host="mail.example", port=587, sender="krug@example.org")
    assert done(newcomer)["letter"] is False
    Letter.objects.create(kind=Letter.Kind.TEST, person=newcomer, address=newcomer.email, state=Letter.State.SENT)
    assert done(newcomer)["letter"] is True


def test_what_a_person_has_no_right_to_is_no_task(db):
    person = make_person(roles=("seller",))
    begin_first_steps(person)
    assert done(person) == {"log": False, "move": False, "view": False}


def test_the_tasks_are_put_away_by_a_button_of_ones_own_alone(newcomer, client):
    other = make_person(roles=("seller",))
    begin_first_steps(other)
    client.force_login(newcomer)
    assert client.get("/first-steps/leave/").status_code == 405
    assert client.post("/first-steps/leave/")["Location"] == "/"
    assert [steps.person for steps in FirstSteps.objects.all()] == [other]


def test_who_worked_here_before_is_told_of_no_first_day(anna, client):
    client.force_login(anna)
    assert "Ваш первый день" not in client.get("/").content.decode()
