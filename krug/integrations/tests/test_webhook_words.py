"""What a webhook says: fixed when the event happens, and never more than its owner may see."""

from __future__ import annotations

import json
from datetime import date

import pytest

from krug.access.models import Grant, Reach
from krug.administration.actions.attributes import change_details
from krug.administration.testing import make_attribute
from krug.integrations.models import WebhookDelivery
from krug.integrations.testing import make_webhook
from krug.integrations.tests.hooks import body_of, change, come_due, go_out
from krug.integrations.webhooks.telling import read_on
from krug.kernel import doors
from krug.kernel.attributes.catalogue import look_again
from krug.kernel.attributes.serving import served
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role
from krug.kernel.testing.receiving import plain
from krug.parties.models import Party
from krug.parties.testing import make_contact, make_party

pytestmark = pytest.mark.django_db


def test_every_attempt_sends_the_same_words_whatever_happens_in_between(webhook, partner, anna):
    partner.answer = lambda handler, came: plain(handler, 500)
    party = make_party(owner=anna)
    change(party, anna, city="Самара")
    go_out()
    for number in range(250):  # more than the history of a record tells at once
        Party.objects.filter(pk=party.pk).update(employees=number)
    change(party, anna, city="Казань", display_name="Другая")
    partner.answer = lambda handler, came: plain(handler, 204, b"")
    for _turn in range(2):
        come_due()
        go_out()
    delivery = WebhookDelivery.objects.filter(type="party.changed").order_by("id").first()
    doors.perform(get_entity("webhook-delivery"), "redeliver", delivery.pk, by=anna)
    go_out()
    bodies = [came.body for came in partner.came if came.headers["webhook-id"] == delivery.message]
    assert len(bodies) == 3 and len(set(bodies)) == 1
    assert {"field": "city", "old": "", "new": "Самара"} in json.loads(bodies[0])["data"]["changes"]
    assert bodies[0].decode() == delivery.sent


def test_what_is_closed_to_the_owner_before_the_next_attempt_is_sent_no_more(webhook, partner, anna):
    partner.answer = lambda handler, came: plain(handler, 500)
    party = make_party(owner=anna)
    read_on()
    change(party, anna, city="Самара")
    go_out()
    sent = len(partner.came)
    group = served(get_entity("party")).groups["city"]
    Grant.objects.filter(role__users=anna).update(fields={"*": "edit", group: "hidden"})
    come_due()
    go_out()
    assert [body_of(came)["type"] for came in partner.came[sent:]] == ["party.registered"]
    assert WebhookDelivery.objects.get(type="party.changed").state == "withheld"


def without_personal(user):
    Grant.objects.filter(role__users=user).update(verbs=["create", "change"])


def test_what_became_personal_since_is_neither_sent_nor_shown(webhook, partner, anna, gleb, client):
    without_personal(anna)
    partner.answer = lambda handler, came: plain(handler, 500)
    party, added = make_party(owner=anna), make_attribute("Zodiac", entity="party")
    change(party, anna, **{added.key: "Leo"})
    go_out()
    sent, delivery = len(partner.came), WebhookDelivery.objects.get(type="party.changed")
    client.force_login(anna)
    assert "Leo" in client.get(f"/webhook-deliveries/{delivery.pk}/").content.decode()
    change_details(added, {"personal": True}, by=gleb)
    look_again()
    come_due()
    go_out()
    assert [body_of(came)["type"] for came in partner.came[sent:]] == ["party.registered"]
    delivery.refresh_from_db()
    assert (delivery.state, "Leo" in delivery.sent) == ("withheld", True)
    assert "Leo" not in client.get(f"/webhook-deliveries/{delivery.pk}/").content.decode()


def test_what_was_covered_when_it_was_written_goes_out_covered(partner, anna, gleb):
    without_personal(anna)
    make_webhook(partner.url("/hook"), owner=anna, types="contact.*")
    contact = make_contact(owner=anna)
    doors.change_record(get_entity("contact"), contact.pk, {"birthday": date(1990, 5, 17)}, by=gleb)
    go_out()
    told = [each["data"]["changes"] for each in map(body_of, partner.came) if each["type"] == "contact.changed"]
    assert told == [[{"field": "birthday", "old": None, "new": "•••"}]]


def test_a_change_of_closed_fields_alone_is_not_told(webhook, partner, anna, gleb):
    party = make_party(owner=anna)
    go_out()
    sent = len(partner.came)
    group = served(get_entity("party")).groups["city"]
    Grant.objects.filter(role__users=anna).update(fields={"*": "edit", group: "hidden"})
    change(party, gleb, city="Самара")
    change(party, gleb, display_name="Ромашка")
    go_out()
    told = [body_of(came)["data"]["changes"] for came in partner.came[sent:]]
    assert told == [[{"field": "display_name", "old": party.display_name, "new": "Ромашка"}]]


def test_a_field_that_the_company_added_is_told_with_its_values(webhook, partner, anna):
    party, added = make_party(owner=anna), make_attribute("Zodiac", entity="party")
    change(party, anna, **{added.key: "Leo"})
    go_out()
    assert body_of(partner.came[-1])["data"]["changes"] == [{"field": added.key, "old": None, "new": "Leo"}]


def test_what_the_owner_may_not_see_is_not_told(webhook, partner, anna, boris, gleb):
    make_party(owner=boris)
    mine = make_party(owner=anna)
    read_on()
    doors.change_record(get_entity("party"), mine.pk, {"owner": boris}, by=gleb)
    go_out()
    assert partner.came == []
    assert list(WebhookDelivery.objects.values_list("state", flat=True)) == ["withheld"]


def test_rights_are_those_of_the_moment_of_sending(webhook, partner, anna):
    make_party(owner=anna)
    read_on()
    anna.roles.set([make_role("blind", {"task": (Reach.OWN, [])})])
    go_out()
    assert partner.came == []


def test_a_field_that_the_owners_role_hides_is_not_told(webhook, partner, anna, gleb):
    party = make_party(owner=anna)
    group = served(get_entity("party")).groups["city"]
    Grant.objects.filter(role__users=anna).update(fields={"*": "edit", group: "hidden"})
    change(party, gleb, display_name="Ромашка", city="Самара")
    go_out()
    told = [each["data"]["changes"] for each in map(body_of, partner.came) if each["type"] == "party.changed"]
    assert told == [[{"field": "display_name", "old": party.display_name, "new": "Ромашка"}]]
    assert "Самара" not in b"".join(came.body for came in partner.came).decode()
