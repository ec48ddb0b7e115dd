"""A deal whose customer is not open to its owner: the customer is not named, not lost and not chosen blindly."""

from __future__ import annotations

import pytest

from krug.access.models import Reach
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.testing import make_party
from krug.sales.actions.deals import lose_deal
from krug.sales.models import Deal
from krug.sales.testing import make_deal, make_loss_reason

HIDDEN, OTHER = "Тайный клиент", "Другой тайный"
SENT = {"reason": "Опечатка", "name": "Верное название", "amount": "500", "margin": ""}


@pytest.fixture
def seller(db):
    """Somebody who sees and corrects only what is his."""
    own = {"deal": (Reach.OWN, ["*"]), "party": (Reach.OWN, ["*"])}
    seen = dict.fromkeys(("user", "stage", "loss-reason"), (Reach.ALL, []))
    return make_user(role=make_role("keeper", {**own, **seen}))


@pytest.fixture
def deal(seller, boris):
    return make_deal("Насосы", owner=seller, party=make_party(HIDDEN, owner=boris))


@pytest.fixture
def desk(client, seller):
    client.force_login(seller)
    return client


def kept(deal):
    return Deal.objects.values_list("name", "party", "version").get(pk=deal.pk)


def test_no_page_or_form_of_the_deal_names_the_hidden_customer(desk, deal):
    for tail in ("", "edit/", "move/", "lose/", "history/", "field/party/"):
        answer = desk.get(f"/deals/{deal.pk}/{tail}")
        assert HIDDEN not in answer.content.decode(), tail


def test_other_fields_are_edited_while_the_hidden_customer_stays(desk, deal):
    sent = {"name": "Насосы и фильтры", "party": deal.party_id, "seen__party": deal.party_id, "owner": deal.owner_id}
    page = desk.get(f"/deals/{deal.pk}/edit/").content.decode()
    assert f'value="{deal.party_id}"' in page
    answer = desk.post(f"/deals/{deal.pk}/edit/", {**sent, "type": "new", "currency": "RUB", "version": 1})
    assert answer.status_code == 303, answer.content.decode()
    assert kept(deal)[:2] == ("Насосы и фильтры", deal.party_id)


@pytest.mark.parametrize("tail", ["edit/", "field/party/"])
def test_a_hidden_customer_is_not_chosen_by_its_number(desk, deal, boris, happened, tail):
    other = make_party(OTHER, owner=boris)
    before, told = kept(deal), happened()
    answer = desk.post(
        f"/deals/{deal.pk}/{tail}", {"name": "Насосы", "party": other.pk, "type": "new", "currency": "RUB"}
    )
    assert answer.status_code == 422
    assert OTHER not in answer.content.decode()
    assert (kept(deal), happened()) == (before, told)


def test_a_verb_keeps_the_hidden_customer_that_it_asks_for(desk, deal, seller, boris, happened):
    lose_deal(deal, by=seller, loss_reason=make_loss_reason())
    other = make_party(OTHER, owner=boris)
    before, told = kept(deal), happened()
    url = f"/deals/{deal.pk}/correct/"
    assert HIDDEN not in desk.get(url).content.decode()
    answer = desk.post(url, {**SENT, "party": other.pk, "owner": seller.pk})
    assert answer.status_code == 422
    assert OTHER not in answer.content.decode() and "Такой записи нет: выберите из списка." in answer.content.decode()
    assert (kept(deal), happened()) == (before, told)
    answer = desk.post(url, {**SENT, "party": deal.party_id, "owner": seller.pk})
    assert answer.status_code == 303, answer.content.decode()
    assert kept(deal)[:2] == ("Верное название", deal.party_id)
