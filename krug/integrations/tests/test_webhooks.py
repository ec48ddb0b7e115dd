"""Webhooks against a server that really runs: signed, tried again, stopped, and never more than their owner sees."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from krug.access.models import Reach
from krug.activities.models import Task
from krug.administration.actions.outgoing import open_host
from krug.integrations.actions.webhooks import create_webhook, show_secret, start_webhook, stop_webhook
from krug.integrations.models import Webhook, WebhookAttempt, WebhookDelivery
from krug.integrations.testing import make_delivery, make_webhook
from krug.integrations.tests.hooks import body_of, change, come_due, go_out
from krug.integrations.webhooks import sending
from krug.integrations.webhooks.sending import PAUSES
from krug.integrations.webhooks.tasks import sweep_webhooks
from krug.integrations.webhooks.telling import look_again, read_on
from krug.kernel import doors
from krug.kernel.errors import Refusal
from krug.kernel.journal.models import AuditRecord
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.testing.receiving import plain
from krug.kernel.tests.test_api import Program
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


def test_a_change_is_told_signed_with_its_fields_and_nothing_else(webhook, partner, anna):
    party = make_party("Северный Ветер", owner=anna)
    change(party, anna, city="Самара")
    go_out()
    told = [body_of(came) for came in partner.came]
    assert [each["type"] for each in told] == ["party.registered", "party.changed"]
    data = told[1]["data"]
    assert (data["entity"], data["id"], data["event"], data["actor"]) == ("party", party.pk, "RecordChanged", anna.pk)
    assert data["changes"] == [
        {"field": "city", "old": "", "new": "Самара"},
        {"field": "timezone", "old": "", "new": "Europe/Samara"},
    ]
    assert told[0]["data"]["sequence"] < data["sequence"]
    head, secret = partner.came[1].headers, show_secret(webhook, by=anna)
    assert secret.startswith("whsec_") and abs(int(head["webhook-timestamp"]) - time.time()) < 60
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + partner.came[1].body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert head["webhook-signature"] == f"v1,{expected}"
    assert head["content-type"] == "application/json"
    delivery = WebhookDelivery.objects.get(type="party.changed")
    assert (delivery.state, delivery.status, delivery.attempts) == ("delivered", 200, 1)


def test_each_event_is_put_on_its_way_once_however_often_the_journal_is_read(webhook, partner, anna):
    make_party(owner=anna)
    go_out()
    connection.cursor().execute("UPDATE webhook_reader SET position = 0, announced = 0, until = 0")
    go_out()
    assert len(partner.came) == 1 == WebhookDelivery.objects.count()


@pytest.mark.parametrize("gone", ["deactivated", "without-step", "switched-off"])
def test_nobody_is_told_for_somebody_sent_away_without_a_demanded_step_or_when_switched_off(
    webhook, partner, anna, gone
):
    make_party(owner=anna)
    read_on()
    if gone == "deactivated":
        type(anna).objects.filter(pk=anna.pk).update(is_active=False)
    elif gone == "without-step":
        anna.roles.update(factor_from=timezone.localdate())
    else:
        stop_webhook(webhook, by=anna)
    make_party(owner=anna)
    go_out()
    assert partner.came == []


def test_unwanted_events_and_those_of_before_are_not_told(partner, anna):
    make_party(owner=anna)
    make_webhook(partner.url(), owner=anna, types="deal.won")
    make_party(owner=anna)
    go_out()
    assert partner.came == [] and not WebhookDelivery.objects.exists()


def test_a_server_in_trouble_is_tried_again_with_the_same_number_until_it_takes_the_message(webhook, partner, anna):
    partner.answer = lambda handler, came: plain(handler, 500)
    make_party(owner=anna)
    go_out()
    first = WebhookDelivery.objects.get()
    assert (first.state, first.status, first.attempts) == ("waiting", 500, 1)
    assert 4 <= (first.next_at - timezone.now()).total_seconds() <= PAUSES[0] * 1.2
    go_out()
    assert len(partner.came) == 1  # it is not due yet
    partner.answer = lambda handler, came: plain(handler, 204, b"")
    come_due()
    go_out()
    assert [came.headers["webhook-id"] for came in partner.came] == [first.message] * 2
    assert WebhookDelivery.objects.get().state == "delivered"
    webhook.refresh_from_db()
    assert webhook.failing_since is None
    assert list(WebhookAttempt.objects.order_by("id").values_list("status", flat=True)) == [500, 204]


def test_after_ten_attempts_in_three_days_the_webhook_is_switched_off_and_its_owner_told(webhook, partner, anna):
    assert timedelta(days=3) < timedelta(seconds=sum(PAUSES)) < timedelta(days=4)
    partner.answer = lambda handler, came: plain(handler, 503)
    type(anna).objects.filter(pk=anna.pk).update(language="en")
    make_party(owner=anna)
    for _attempt in range(len(PAUSES) + 3):
        go_out()
        come_due()
    assert len(partner.came) == len(PAUSES) + 1 == 10
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert webhook.stopped_because == "No message was accepted for three days in spite of all attempts."
    task = Task.objects.get(assignee=anna)
    assert webhook.name in task.name
    assert AuditRecord.objects.filter(kind="webhook.stopped").exists()


def test_an_address_that_is_gone_is_told_nothing_more(webhook, partner, anna):
    partner.answer = lambda handler, came: plain(handler, 410)
    make_party(owner=anna)
    make_party(owner=anna)
    go_out()
    webhook.refresh_from_db()
    assert len(partner.came) == 1 and not webhook.is_active
    assert sorted(WebhookDelivery.objects.values_list("state", flat=True)) == ["failed", "withheld"]


def test_retry_after_is_heeded(webhook, partner, anna):
    partner.answer = lambda handler, came: plain(handler, 429, Retry_After="900")
    make_party(owner=anna)
    go_out()
    assert (WebhookDelivery.objects.get().next_at - timezone.now()).total_seconds() > 890


def test_a_redirect_is_no_answer_and_not_followed(webhook, partner, anna):
    partner.answer = lambda handler, came: plain(handler, 302, Location=partner.url("/elsewhere"))
    make_party(owner=anna)
    go_out()
    assert [came.path for came in partner.came] == ["/hook"]
    assert (WebhookDelivery.objects.get().state, WebhookDelivery.objects.get().status) == ("waiting", 302)


def test_a_server_that_keeps_silent_is_left_in_time_and_one_that_floods_has_answered(
    webhook, partner, anna, monkeypatch
):
    monkeypatch.setattr(sending, "SECONDS", 0.5)
    left = threading.Event()
    partner.answer = lambda handler, came: left.wait(20)
    make_party(owner=anna)
    since = time.monotonic()
    go_out()
    left.set()
    assert time.monotonic() - since < 15
    attempt = WebhookAttempt.objects.get()
    assert attempt.status is None and "can not be reached" in attempt.trouble
    partner.answer = lambda handler, came: plain(handler, 200, b"x" * 2_000_000)
    come_due()
    go_out()
    assert WebhookDelivery.objects.get().state == "delivered"
    assert len(WebhookAttempt.objects.order_by("-id").first().answer) <= 1_000


def test_a_body_that_drips_does_not_hold_the_sender(webhook, partner, anna, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 0.5)

    def drip(handler, came):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _step in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.1)

    partner.answer = drip
    make_party(owner=anna)
    since = time.monotonic()
    go_out()
    assert time.monotonic() - since < 8
    assert WebhookDelivery.objects.get().state == "delivered"


def test_inner_addresses_are_reached_by_no_webhook(anna, partner, settings):
    webhook = make_webhook(partner.url(), owner=anna, types="party.*")
    settings.KRUG_OUTGOING_ALLOWED = []
    make_party(owner=anna)
    go_out()
    assert partner.came == []
    attempt = WebhookAttempt.objects.get(delivery__webhook=webhook)
    assert attempt.status is None and attempt.trouble.startswith("This address can not be reached")


def test_with_a_new_secret_both_sign_for_a_day(webhook, partner, anna):
    old = webhook.secrets()
    doors.perform(get_entity("webhook"), "renew", webhook.pk, by=anna)
    webhook.refresh_from_db()
    new = webhook.secrets()
    assert len(new) == 2 and new[1] == old[0] != new[0]
    make_party(owner=anna)
    go_out()
    assert len(partner.came[0].headers["webhook-signature"].split()) == 2
    Webhook.objects.update(previous_until=timezone.now())
    webhook.refresh_from_db()
    assert webhook.secrets() == new[:1]


def test_the_secret_is_locked_in_the_database_and_shown_once(webhook, anna, client, happened):
    plain_text = webhook.secrets()[0]
    assert plain_text not in str(Webhook.objects.values().get()) and "whsec_" not in str(Webhook.objects.values().get())
    client.force_login(anna)
    page = client.post(f"/webhooks/{webhook.pk}/secret/")
    assert page.status_code == 200 and plain_text in page.content.decode()
    again = client.post(f"/webhooks/{webhook.pk}/secret/")
    assert again.status_code == 422 and plain_text not in again.content.decode()
    assert plain_text not in client.get(f"/webhooks/{webhook.pk}/").content.decode()
    assert happened() == ["WebhookSecretShown"]


def test_only_the_owner_says_where_it_sends_and_sees_what_was_sent(webhook, partner, anna, gleb, client):
    change(make_party("Ромашка", owner=anna), anna, display_name="Лютик")
    go_out()
    sent = WebhookDelivery.objects.get(sent__contains="Лютик")
    client.force_login(gleb)
    assert client.post(f"/webhooks/{webhook.pk}/secret/").status_code == 422
    assert "Лютик" not in client.get(f"/webhook-deliveries/{sent.pk}/").content.decode()
    with pytest.raises(Refusal) as no:
        doors.change_record(get_entity("webhook"), webhook.pk, {"url": "https://evil.example/"}, by=gleb)
    webhook.refresh_from_db()
    assert (no.value.field, webhook.url, webhook.is_secret_shown) == ("url", partner.url("/hook"), False)
    client.force_login(anna)
    assert "Лютик" in client.get(f"/webhook-deliveries/{sent.pk}/").content.decode()


def test_a_test_is_sent_and_any_message_can_be_sent_again(webhook, partner, anna):
    program = Program(anna)
    assert program.call("POST", f"/webhooks/{webhook.pk}/test/").status_code == 200
    go_out()
    assert body_of(partner.came[0]) == {
        "type": "webhook.test",
        "timestamp": body_of(partner.came[0])["timestamp"],
        "data": {"webhook": webhook.pk},
    }
    delivery = WebhookDelivery.objects.get()
    assert program.call("POST", f"/webhook-deliveries/{delivery.pk}/redeliver/").status_code == 200
    go_out()
    assert [came.headers["webhook-id"] for came in partner.came] == [delivery.message] * 2
    answer = program.call(
        "GET", f'/webhook-deliveries/?filter={{"field":"webhook","operator":"eq","value":{webhook.pk}}}'
    )
    assert [(row["state"], row["status"]) for row in answer.json()["results"]] == [("delivered", 200)]


def test_what_is_no_address_and_no_event_is_refused_and_nothing_is_made(anna):
    program = Program(anna)
    usual = {"name": "Partner", "url": "https://partner.example/hook", "types": "deal.won"}
    for wrong in (
        *(
            {"url": url}
            for url in ("ftp://a.example/", "partner.example", "https://u:p@a.example/", "https://", "http://a b/")
        ),
        *({"types": types} for types in ("deal won!", "Deal.Won", "deal.", "..", "*.won")),
    ):
        answer = program.call("POST", "/webhooks/", {**usual, **wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, next(iter(wrong))), wrong
    assert not Webhook.objects.exists()
    assert program.call("POST", "/webhooks/", usual).status_code == 201


INNER = (
    "https://10.0.0.7/hook", "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/",
    "https://[fe80::1]/", "https://localhost/", "https://erp.local/", "https://server/", "https://169.254.169.254/",
    "https://partner.example:22/",
)  # fmt: skip


def test_an_inner_address_is_refused_where_it_is_typed_and_in_the_language_of_the_page(anna, gleb, client):
    client.force_login(gleb)
    typed = {"name": "Partner", "types": "deal.won", "owner": str(gleb.pk)}
    for url in INNER:
        page = client.post("/webhooks/new/", {**typed, "url": url}, headers={"Accept-Language": "ru"})
        assert page.status_code == 422, url
        assert "Этот адрес стоит в вашей внутренней сети." in page.content.decode(), url
    page = client.post("/webhooks/new/", {**typed, "url": "http://partner.example/"}, headers={"Accept-Language": "ru"})
    assert "Укажите полный адрес, который начинается с https://." in page.content.decode()
    assert not Webhook.objects.exists()


def test_a_host_that_the_administrator_opened_may_be_told_even_without_encryption(gleb):
    usual = {"name": "ERP", "types": "*", "owner": gleb}
    with pytest.raises(Refusal):
        create_webhook(**usual, url="http://10.0.0.7:8069/krug", by=gleb)
    open_host(host="10.0.0.7:8069", by=gleb)
    assert create_webhook(**usual, url="http://10.0.0.7:8069/krug", by=gleb).url == "http://10.0.0.7:8069/krug"
    with pytest.raises(Refusal) as no:
        create_webhook(**usual, url="https://10.0.0.7/krug", by=gleb)
    assert (no.value.field, no.value.code) == ("url", "URL_INSIDE")


def test_nobody_makes_a_webhook_with_the_eyes_of_another(anna, gleb):
    wanted = {"name": "x", "url": "https://a.example/", "types": "*", "owner": gleb}
    with pytest.raises(Refusal) as no:
        doors.create_record(get_entity("webhook"), wanted, by=anna)
    assert no.value.field == "owner" and not Webhook.objects.exists()


def test_somebody_without_the_right_makes_none(client):
    nobody = make_user(role=make_role("plain", {"party": (Reach.OWN, ["create"])}))
    assert Program(nobody).call("POST", "/webhooks/", {"name": "x", "url": "https://a.example/"}).status_code == 403
    assert not Webhook.objects.exists()


def test_the_clock_picks_up_what_a_crash_left_and_forgets_what_is_old(webhook, partner, anna):
    make_party(owner=anna)
    read_on()
    left = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(next_at=timezone.now() - timedelta(minutes=2), attempts=1)
    old = make_delivery(webhook)
    WebhookDelivery.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    sweep_webhooks(0)
    assert list(WebhookDelivery.objects.values_list("pk", flat=True)) == [left.pk]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_webhook' AND args->>'delivery_id' = %s",
            [str(left.pk)],
        )
        assert cursor.fetchone()[0] == 2  # the first one, and the one that the clock adds


def test_switched_on_again_it_hears_only_of_what_comes(webhook, partner, anna):
    stop_webhook(webhook, by=anna)
    make_party(owner=anna)
    start_webhook(webhook, by=anna)
    second = make_party(owner=anna)
    go_out()
    assert [body_of(came)["data"]["id"] for came in partner.came] == [second.pk]


def test_the_journal_is_read_after_the_transaction_only_when_somebody_listens(
    anna, partner, django_capture_on_commit_callbacks
):
    look_again()
    with django_capture_on_commit_callbacks() as before:
        make_party(owner=anna)
    make_webhook(partner.url(), owner=anna)
    look_again()
    with django_capture_on_commit_callbacks() as after:
        make_party(owner=anna)
        make_party(owner=anna)
    names = [[each.__name__ for each in group if hasattr(each, "__name__")] for group in (before, after)]
    assert [group.count("start_reading") for group in names] == [0, 1]
