"""A saved view that speaks of what its reader may not know opens without that, and says so."""

from __future__ import annotations

import json
from html import unescape

import pytest

from krug.access.models import Grant, Reach
from krug.kernel.attributes.serving import served
from krug.kernel.listing.state import read_state
from krug.kernel.models import SavedView
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.lists.actions.views import save_view
from krug.parties.testing import make_party
from krug.sales.testing import make_deal

pytestmark = [pytest.mark.django_db]
DEAL = get_entity("deal")


@pytest.fixture
def narrow():
    """Somebody who sees all deals but nothing of their money."""
    role = make_role("narrow", {"deal": (Reach.ALL, []), "party": (Reach.ALL, [])})
    Grant.objects.filter(role=role, entity="deal").update(fields={"*": "edit", served(DEAL).groups["amount"]: "hidden"})
    user = make_user(role=role)
    user.language = "en"
    user.save(update_fields=["language"])
    return user


def test_a_view_with_closed_fields_opens_without_them_and_says_so(gleb, narrow, client):
    party = make_party("Customer", owner=gleb)
    for name, amount in (("Small", 1), ("Large", 1_000_000)):
        make_deal(name, owner=gleb, party=party, amount=amount)
    conditions = [
        {"field": "amount", "operator": "gt", "value": "1000"},
        {"field": "party", "operator": "eq", "value": party.pk},
    ]
    said = {"filter": json.dumps({"all": conditions}), "columns": "name,amount,party", "sort": "-amount"}
    view = save_view(DEAL, gleb, read_state(DEAL, said), name="Large ones", shared="all")
    client.force_login(narrow)
    page = unescape(client.get(f"/deals/?saved={view.pk}").content.decode())
    assert page.count('class="chip left-out"') == 3
    assert page.count("It is closed to you or is no longer there.") == 3
    assert (
        "A condition of this view" in page
        and "amount" not in page.split('class="chips"')[1].split("</main>")[0].lower()
    )
    assert ">Small<" in page and ">Large<" in page and "Customer" in page
    client.force_login(gleb)
    whole = client.get(f"/deals/?saved={view.pk}").content.decode()
    assert "left-out" not in whole and ">Large<" in whole and ">Small<" not in whole


def test_the_first_view_of_a_role_opens_even_when_it_asks_for_what_is_gone(gleb, narrow, client):
    role = narrow.roles.get()
    SavedView.objects.create(
        entity="deal", owner=gleb, name="Old", is_shared=True, default_for=role, state={"columns": "name,gone"}
    )
    make_deal("Pumps", owner=gleb)
    client.force_login(narrow)
    page = client.get("/deals/", follow=True).content.decode()
    assert page.count('class="chip left-out"') == 1 and ">Pumps<" in page
