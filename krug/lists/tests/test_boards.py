"""A card of any board is moved without dragging: by a small form, as a page or as a dialog."""

from __future__ import annotations

import pytest

from krug.access.models import Reach
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.models import Industry
from krug.parties.testing import make_party

pytestmark = [pytest.mark.django_db]
PARTY = get_entity("party")
ASKED = "/parties/move/?by=industry&view=board&next=/parties/%3Fview%3Dboard&card="


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "dialog"}])
def test_the_small_form_names_every_column_and_moves_the_card(headers, anna, client):
    water, paper = (Industry.objects.create(name_ru=name, name_en=name) for name in ("Water", "Paper"))
    party = make_party("Customer", owner=anna, industry=water)
    client.force_login(anna)
    form = client.get(f"{ASKED}{party.pk}", headers=headers)
    text = form.content.decode()
    assert form.status_code == 200 and 'name="column"' in text
    assert f'<option value="{water.pk}" selected' in text and f'<option value="{paper.pk}"' in text
    sent = {"card": party.pk, "column": paper.pk, "next": "/parties/?view=board"}
    done = client.post(f"{ASKED}{party.pk}", sent, headers=headers)
    party.refresh_from_db()
    where = done.headers.get("HX-Redirect") or done.headers.get("HX-Location") or done["Location"]
    assert "/parties/?view=board" in where and party.industry == paper


def test_whoever_may_not_change_moves_nothing_and_is_told_why(anna, client):
    water = Industry.objects.create(name_ru="Вода", name_en="Water")
    party = make_party("Customer", owner=anna)
    reader = make_user(role=make_role("reader", {"party": (Reach.ALL, [])}))
    reader.language = "en"
    reader.save(update_fields=["language"])
    client.force_login(reader)
    page = client.get("/parties/?view=board&by=industry").content.decode()
    assert "Your role does not change these records, so cards stay where they are." in page
    assert 'data-move-url=""' in page and "/parties/move/" not in page
    refused = client.post(f"{ASKED}{party.pk}", {"card": party.pk, "column": water.pk}, headers={"HX-Request": "true"})
    party.refresh_from_db()
    assert refused.status_code == 403 and party.industry is None
