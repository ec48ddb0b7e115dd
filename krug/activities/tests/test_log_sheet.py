"""The sheet on which a contact is written down: prefilled, forgiving, losing nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from krug.activities.models import Interaction, Task
from krug.parties.testing import make_party, make_position

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(anna):
    client = Client()
    client.force_login(anna)
    return client


def test_one_line_and_a_plain_date_are_enough(desk, anna):
    party = make_party("Северный Ветер", owner=anna)
    sent = {"party": party.pk, "text": "Просит скидку", "next_step": "Позвонить завтра 10", "once": "a-1"}
    assert desk.post("/log/", sent).status_code == 302
    made = Interaction.objects.get()
    assert (made.party, made.text, made.curator, made.kind) == (party, "Просит скидку", anna, "call_out")
    task = Task.objects.get()
    assert (task.name, task.due_time.hour, task.party) == ("Позвонить", 10, party)


def test_a_double_press_writes_once(desk, anna):
    sent = {"party": make_party(owner=anna).pk, "text": "Once", "once": "b-1"}
    desk.post("/log/", sent)
    desk.post("/log/", sent)
    assert Interaction.objects.count() == 1


def test_the_customer_may_be_named_in_words(desk, anna):
    party = make_party("Северный Ветер", owner=anna)
    desk.post("/log/", {"party": "", "party__text": "северный ветер", "text": "Привет"})
    assert Interaction.objects.get().party == party


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": "Words"}, "f-party"),
        ({"party__text": "Никто", "text": "x"}, "f-party"),
        ({"text": ""}, "f-text"),
        ({"text": "x", "next_step": "31.02 позвонить"}, "f-next_step"),
        ({"text": "x", "next_step": "Позвонить завтра в 25:00"}, "f-next_step"),
        ({"text": "x", "next_step": "Позвонить вчера"}, "f-next_step"),
    ],
)
def test_what_is_wrong_is_named_and_the_words_stay(desk, anna, sent, field):
    if field != "f-party":
        sent = {"party": make_party(owner=anna).pk, **sent}
    page = desk.post("/log/", {**sent, "outcome": "осталось"})
    assert page.status_code == 422
    body = page.content.decode()
    labels = {"f-party": "Клиент", "f-text": "О чём договорились", "f-next_step": "Следующий шаг"}
    assert f'href="#{field}">{labels[field]}: ' in body
    assert "осталось" in body
    assert not Interaction.objects.exists()


def test_an_unknown_customer_is_not_called_an_empty_field(desk):
    body = desk.post("/log/", {"party": "", "party__text": "Никто", "text": "x"}).content.decode()
    assert "Заполните это поле" not in body
    assert "«Никто»" in body or "Такой записи нет" in body


def test_people_of_both_sides_are_chosen(desk, anna, boris):
    party = make_party(owner=anna)
    theirs = make_position(party=party, by=anna).contact
    desk.post(
        "/log/",
        {"party": party.pk, "text": "Meeting", "contacts": [theirs.pk], "colleagues": [boris.pk], "curator": anna.pk},
    )
    made = Interaction.objects.get()
    assert list(made.contacts.all()) == [theirs]
    assert {anna, boris} <= set(made.colleagues.all())


def test_another_sellers_customer_can_not_be_written_to(desk, boris):
    page = desk.post("/log/", {"party": make_party(owner=boris).pk, "text": "Words"})
    assert page.status_code == 422
    assert not Interaction.objects.exists()


def test_unfinished_text_waits_until_it_is_saved(desk, anna):
    party = make_party(owner=anna)
    desk.post(f"/drafts/log-{party.pk}/", {"text": "Недописанное"})
    page = desk.get(f"/log/?party={party.pk}").content.decode()
    assert "Недописанное" in page
    desk.post("/log/", {"party": party.pk, "text": "Дописанное"})
    assert "Недописанное" not in desk.get(f"/log/?party={party.pk}").content.decode()


@pytest.mark.parametrize("about", ["deal:²", "deal:99999999999999999999", ":7", "deal", "²"])
def test_a_broken_link_in_the_address_leaves_an_empty_sheet(desk, about):
    assert desk.get("/log/", {"about": about, "party": "²", "contacts": "²"}).status_code == 200


def test_a_next_step_that_is_too_long_is_refused_and_nothing_typed_is_cut(desk, anna):
    step = "Позвонить " + "и согласовать " * 30
    answer = desk.post("/log/", {"party": make_party(owner=anna).pk, "text": "Привет", "next_step": step})
    assert answer.status_code == 422
    assert step.strip() in answer.content.decode()
    assert not Interaction.objects.exists()


def test_people_of_the_customer_are_ticked_without_scripts(desk, anna):
    position = make_position(party=make_party(owner=anna))
    page = desk.get(f"/log/?party={position.party_id}").content.decode()
    assert f'type="checkbox" name="contacts" value="{position.contact_id}"' in page
    assert "multiple" not in page
