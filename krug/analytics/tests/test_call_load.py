"""The load of the phones: the table of hours counts every call once, and every number opens its calls."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from krug.access.models import Reach, User
from krug.activities.models import Call
from krug.activities.models.calls import placed_in_time
from krug.activities.testing import make_call, make_phone_line
from krug.analytics.measures.calls import load_of
from krug.analytics.rules.periods import Period
from krug.kernel.testing.cast import make_role, make_user

pytestmark = pytest.mark.django_db
MOSCOW = ZoneInfo("Europe/Moscow")
AUTUMN = Period(date(2026, 10, 24), date(2026, 10, 27))


def test_the_table_equals_a_count_one_by_one_over_the_change_of_a_day(anna):
    """Calls of three days around midnight; counted by the database and one by one."""
    chance, first = random.Random(8), datetime(2026, 10, 23, 12, tzinfo=UTC)
    moments = [first + timedelta(seconds=chance.randrange(5 * 86_400)) for _number in range(3_000)]
    Call.objects.bulk_create(
        Call(direction="in", result="answered", started_at=at, employee=anna, **placed_in_time(at, None, None, MOSCOW))
        for at in moments
    )
    local = [at.astimezone(MOSCOW) for at in moments]
    inside = [at for at in local if AUTUMN.first <= at.date() < AUTUMN.after]
    load = load_of(anna, AUTUMN, MOSCOW, by="weekday", which="all")
    assert load.counts == Counter((at.isoweekday(), at.hour) for at in inside)
    assert load.total == len(inside)


def test_every_number_opens_the_calls_that_it_counts(anna):
    line = make_phone_line(owner=anna)
    for minutes, result in ((1, "missed"), (2, "answered"), (90, "missed")):
        at = datetime.now(UTC) - timedelta(minutes=minutes)
        make_call("", by=anna, owner=anna, result=result, started_at=at, line=line if minutes < 60 else None)
    client = Client()
    client.force_login(anna)
    for by in ("weekday", "line", "extension", "employee"):
        for which, total in (("all", 3), ("missed", 2), ("answered", 1)):
            page = client.get(f"/reports/calls/?by={by}&which={which}&period=all").content.decode()
            cells = re.findall(r'<td class="shade-\d"><a href="([^"]+)">(\d+)</a>', page)
            assert sum(int(count) for _url, count in cells) == total
            for url, count in cells:
                shown = client.get(unescape(url)).content.decode()
                assert re.search(rf"(Found|Найдено): {count}\b", shown), (url, count)


def test_whoever_may_not_see_calls_is_told_of_none(anna):
    make_call("", owner=anna)
    client = Client()
    client.force_login(make_user(role=make_role("without-calls", {"party": (Reach.OWN, [])})))
    page = client.get("/reports/calls/?period=all").content.decode()
    assert 'class="call-load"' not in page
    assert "За этот период звонков нет" in page


def test_the_list_of_calls_leads_to_the_table_for_whoever_sees_calls(anna):
    client = Client()
    client.force_login(make_user("caller@example.org", role=make_role("sees-calls", {"call": (Reach.OWN, ["create"])})))
    person = User.objects.get(email="caller@example.org")
    make_call("", owner=person)
    make_call("", by=person, owner=person, result="missed")
    page = client.get("/calls/").content.decode()
    assert "/reports/calls/" in page
    ways = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>((?:(?!</a>).)*)</a>', page, re.DOTALL)
    [waiting] = [unescape(url) for url, words in ways if "Ещё не перезвонили" in words]
    assert re.search(r"Найдено: 1\b", client.get(waiting).content.decode())
