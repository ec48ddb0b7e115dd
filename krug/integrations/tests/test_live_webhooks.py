"""A worker that really runs, a receiver that is down, a worker that is killed: no message is lost, none is altered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import contextmanager

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from krug.integrations.models import WebhookDelivery
from krug.integrations.testing import make_webhook
from krug.integrations.tests.hooks import change, come_due
from krug.integrations.webhooks.tasks import sweep_webhooks
from krug.integrations.webhooks.telling import look_again
from krug.kernel.testing.patience import stretched
from krug.kernel.testing.receiving import plain
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db(transaction=True)
FIRST_ATTEMPT = 5.0


@contextmanager
def worker(partner):
    """The worker process of an installation, on the database of this test; killed without a word at the end."""
    given = connection.settings_dict
    address = make_conninfo(os.environ["DATABASE_URL"], dbname=given["NAME"])
    environment = os.environ | {
        "DATABASE_URL": address,
        "KRUG_TEST_DB": given["NAME"],
        "DJANGO_SETTINGS_MODULE": "krug.config.settings.test",
        "KRUG_OUTGOING_ALLOWED": partner.place,
    }
    process = subprocess.Popen([sys.executable, "-m", "krug.config.serving.worker"], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def until(question, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def due_now():
    """The time of the next attempts has come, for the messages and for their jobs."""
    come_due()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE scheduled_at > now()")


def states():
    return sorted(WebhookDelivery.objects.values_list("state", flat=True))


def test_nothing_is_lost_while_the_receiver_is_down_and_the_worker_is_killed(anna, partner):
    make_webhook(partner.url("/hook"), owner=anna, types="party.*")
    look_again()
    taken, held = [], threading.Event()
    partner.answer = lambda handler, came: plain(handler, 503)
    with worker(partner):
        assert until(lambda: _is_listening())
        party = make_party(owner=anna)
        committed = time.monotonic()
        assert until(lambda: partner.came)
        assert time.monotonic() - committed < stretched(FIRST_ATTEMPT)
        for city in ("Самара", "Казань", "Омск"):
            change(party, anna, city=city)
        assert until(lambda: WebhookDelivery.objects.filter(attempts__gte=1, status=503).count() == 4)
        assert states() == ["waiting"] * 4
        partner.answer = lambda handler, came: held.wait(30)
        before = len(partner.came)
        due_now()
        assert until(lambda: len(partner.came) > before)  # and now it dies, with the answer on its way
    held.set()
    partner.answer = lambda handler, came: (taken.append(came), plain(handler, 204, b""))
    WebhookDelivery.objects.filter(state="waiting").update(next_at="2026-11-01T00:00:00Z")
    sweep_webhooks(0)
    with worker(partner):
        assert until(lambda: states() == ["delivered"] * 4), states()
    told = {came.headers["webhook-id"]: json.loads(came.body)["data"] for came in taken}
    assert sorted(told) == sorted(WebhookDelivery.objects.values_list("message", flat=True))
    changed = sorted((data["sequence"], data["changes"][0]["new"]) for data in told.values() if data["changes"])
    assert [city for _sequence, city in changed] == ["Самара", "Казань", "Омск"]
    bodies = defaultdict(set)
    for came in partner.came:
        bodies[came.headers["webhook-id"]].add(came.body)
    assert {len(each) for each in bodies.values()} == {1}


def _is_listening():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return bool(cursor.fetchone()[0])
