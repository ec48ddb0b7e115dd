"""A form sent after its session had ended is sent again by the same person, and by nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from krug.access.models import Session
from krug.parties.models import Party

PASSWORD = "krug and nothing else"
pytestmark = pytest.mark.django_db


def come_in(client: Client, email: str):
    return client.post("/sign-in/", {"email": email, "password": PASSWORD})


@pytest.fixture
def left(anna, client) -> Client:
    """Anna's browser, whose session has ended meanwhile."""
    come_in(client, "anna@example.org")
    Session.objects.all().delete()
    return client


def test_what_was_typed_waits_and_is_sent_with_one_press(left, anna):
    answer = left.post("/parties/new/?quick=1", {"display_name": 'Завод "Насос"', "city": "Тверь", "once": "k"})
    assert answer["Location"].startswith("/sign-in/?next=")
    assert come_in(left, "anna@example.org")["Location"] == "/sign-in/again/"
    page = left.get("/sign-in/again/").content.decode()
    assert 'action="/parties/new/?quick=1"' in page and "csrfmiddlewaretoken" in page
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', page))
    assert fields["display_name"] == "Завод &#34;Насос&#34;" and fields["once"] == "k"
    assert not Party.objects.exists()


def test_nobody_else_gets_to_see_it(left, boris):
    left.post("/parties/new/", {"display_name": "Тайна"})
    assert come_in(left, "boris@example.org")["Location"] == "/"
    assert left.get("/sign-in/again/")["Location"] == "/"


def test_a_browser_that_nobody_came_in_from_keeps_nothing(anna, client):
    client.post("/parties/new/", {"display_name": "x"})
    assert not Session.objects.exists()


@pytest.mark.parametrize("sent", [{"name": "x" * 200_001}, {"current": "secret", "name": "x"}, {}])
def test_secrets_and_long_texts_are_not_kept(sent, left):
    left.post("/deals/new/", sent)
    assert come_in(left, "anna@example.org")["Location"] == "/"


def test_it_does_not_wait_for_ever(left):
    left.post("/deals/new/", {"name": "x"})
    session = left.session
    session["held"] = {**session["held"], "at": int((timezone.now() - timedelta(hours=2)).timestamp())}
    session.save()
    assert come_in(left, "anna@example.org")["Location"] == "/"


def test_a_password_for_the_directory_does_not_wait(left):
    sent = {"directory_login": "anna", "directory_password": "pa55 of the directory"}
    assert left.post("/me/accounts/directory/", sent)["Location"].startswith("/sign-in/?next=")
    assert come_in(left, "anna@example.org")["Location"] == "/"
