"""Somebody leaves: the doors shut at once, and what is left is handed over from his page."""

import re
from html import unescape

import pytest
from django.test import Client

from krug.kernel.testing.cast import make_user
from krug.kernel.tokens import issue
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def gleb(gleb):
    """Gleb reads English."""
    gleb.language = "en"
    gleb.save(update_fields=["language"])
    return gleb


def test_sessions_and_tokens_end_with_the_deactivation(gleb, anna, client):
    hers, program = Client(), Client(headers={"Authorization": f"Bearer {issue(anna).text}"})
    hers.force_login(anna)
    assert (hers.get("/").status_code, program.get("/api/v1/parties/").status_code) == (200, 200)
    client.force_login(gleb)
    assert client.post(f"/users/{anna.pk}/deactivate/", {"once": "1"}).status_code in (302, 303)
    assert (hers.get("/").status_code, program.get("/api/v1/parties/").status_code) == (302, 401)


def test_the_page_of_a_leaver_leads_to_the_bulk_edit_with_everything_chosen(gleb, anna, boris, client):
    anna.is_active = False
    anna.save()
    party, other = make_party("Насосы", owner=anna), make_party("Фильтры", owner=boris)
    client.force_login(gleb)
    page = client.get(f"/users/{anna.pk}/").content.decode()
    address = unescape(re.search(r'action="(/parties/bulk/[^"]*)"', page).group(1))
    sent = {"all": "true", "deed": "edit", "pick": "owner"}
    assert 'name="owner"' in client.post(address, {**sent, "step": "values"}).content.decode()
    seen = client.post(address, {**sent, "step": "preview", "owner": boris.pk}).content.decode()
    assert "Насосы" in seen
    assert "Фильтры" not in seen
    party.refresh_from_db()
    other.refresh_from_db()
    assert (party.owner, other.owner) == (anna, boris)


def test_nothing_is_offered_of_who_still_works_here_and_of_who_holds_nothing(gleb, anna, client):
    make_party("Насосы", owner=anna)
    client.force_login(gleb)
    assert 'id="leaving"' not in client.get(f"/users/{anna.pk}/").content.decode()
    gone = make_user("gone@example.org", is_active=False)
    assert "This person owns nothing any more." in client.get(f"/users/{gone.pk}/").content.decode()
