"""My day: overdue first, then today; deals without a next step are counted and shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from krug.access.models import Reach
from krug.activities.testing import make_task
from krug.analytics.measures.my_day import my_day, next_without_step, worth_of
from krug.kernel.testing.cast import make_role, make_user
from krug.sales.models import Deal
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db


def test_overdue_stands_before_today_and_strangers_tasks_nowhere(anna, boris):
    today = timezone.localdate()
    late, now, soon = (
        make_task(name, owner=anna, due_on=today + timedelta(days=days))
        for name, days in (("late", -2), ("now", 0), ("soon", 3))
    )
    make_task("of Boris", owner=boris, due_on=today)
    found = my_day(anna, today)
    assert (found.overdue, found.today, found.next) == ([late], [now], [soon])


def test_a_deal_with_an_open_task_about_it_has_a_next_step(anna):
    deal = make_deal(owner=anna)
    today = timezone.localdate()
    assert my_day(anna, today).stepless == [deal]
    make_task(owner=anna, about=deal, due_on=today)
    assert my_day(anna, today).stepless_count == 0


def test_the_page_opens_for_everybody_who_signed_in(anna, client):
    assert client.get("/").status_code == 302
    make_task("Позвонить в Северный Ветер", owner=anna, due_on=timezone.localdate())
    client.force_login(anna)
    page = client.get("/")
    assert page.status_code == 200
    assert "Позвонить в Северный Ветер" in page.content.decode()


def test_a_head_without_deals_is_shown_the_teams_and_a_seller_only_the_own(anna, boris, vera, client):
    make_deal(owner=anna, amount=25_000_000)
    client.force_login(vera)
    body = " ".join(client.get("/").content.decode().replace("\xa0", " ").split())
    assert "Открытые сделки моей группы" in body and "25 млн ₽" in body and "1 сделка" in body
    href = body.rsplit("Открытые сделки моей группы", 1)[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    listed = client.get(href).content.decode()
    assert f"/deals/{Deal.objects.get().pk}/" in listed
    client.force_login(boris)
    assert "25 млн ₽" not in client.get("/").content.decode().replace("\xa0", " ")


def test_the_worth_of_many_deals_costs_no_more_than_that_of_one(anna, vera):
    today, spent = timezone.localdate(), []
    for _more in range(2):
        for _each in range(3):
            make_deal(owner=anna, amount=10)
        reader = type(vera).objects.get(pk=vera.pk)
        with CaptureQueriesContext(connection) as told:
            assert worth_of(reader, today).reach == Reach.TEAM
        spent.append(len(told))
    assert spent[0] == spent[1]


def test_who_only_looks_is_led_to_the_funnel_and_not_told_that_nothing_is_open(client, boris):
    make_deal(owner=boris)
    looker = make_user(role=make_role("looker", {"deal": (Reach.ALL, [])}), language="en")
    client.force_login(looker)
    page = client.get("/").content.decode()
    assert "Nothing is planned" in page and 'href="/reports/funnel/"' in page.split('class="my-day"')[1]
    assert "You have no access here yet" not in page


def test_nothing_is_offered_to_somebody_without_a_role(client):
    client.force_login(make_user("no.role@example.org"))
    body = client.get("/").content.decode()
    assert "/log/" not in body
    assert "/tasks/new/" not in body
    assert "Доступ может дать администратор." in body


def test_deals_without_a_step_are_walked_through_largest_first_and_each_once(anna, boris, client):
    make_deal(owner=boris, amount=900)
    small, large, unknown = (make_deal(owner=anna, amount=amount) for amount in (10, 500, None))
    walked, after = [], None
    while deal := next_without_step(anna, after):
        walked.append(deal)
        after = deal.pk
    assert walked == [large, small, unknown]
    client.force_login(anna)
    answer = client.get("/steps/", {"after": large.pk})
    assert answer["Location"] == f"/log/?about=deal%3A{small.pk}&next=%2Fsteps%2F%3Fafter%3D{small.pk}"
    assert client.get("/steps/", {"after": unknown.pk})["Location"] == "/"


def test_the_contact_leads_to_the_next_deal_of_the_walk_and_nowhere_outside(anna, client):
    deal = make_deal(owner=anna)
    client.force_login(anna)
    given = {"about": f"deal:{deal.pk}", "kind": "call_out", "state": "held", "text": "Agreed", "next_step": "Call"}
    answer = client.post("/log/", {**given, "next": f"/steps/?after={deal.pk}"})
    assert answer["Location"] == f"/steps/?after={deal.pk}"
    answer = client.post("/log/", {**given, "next": "https://elsewhere.example/"})
    assert answer["Location"] == f"/parties/{deal.party_id}/"
