"""Consents and refusals: kept with their evidence, obeyed at once, withdrawn as easily."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from krug.kernel.doors import perform
from krug.kernel.errors import Invalid, Refusal
from krug.kernel.registry import get_entity
from krug.parties.actions.arrivals import add_points
from krug.parties.actions.consents import note_consent, note_consents, withdraw_consent
from krug.parties.models import Consent, ContactPoint
from krug.parties.testing import make_consent, make_contact, make_party, make_point

pytestmark = pytest.mark.django_db


def refuse(by, **values):
    return note_consent(purpose="contact", decision="refused", source="Звонок", by=by, **values)


def test_who_refuses_calls_is_not_called_any_more_but_may_be_written_to(anna, happened):
    contact = make_contact(owner=anna)
    phone = make_point("+7 812 555-01-42", contact=contact, by=anna)
    mail = make_point("a@example.com", contact=contact, type="email", by=anna)
    refusal = refuse(anna, contact=contact, channel="phone")
    phone.refresh_from_db()
    mail.refresh_from_db()
    assert (phone.do_not_contact, mail.do_not_contact) == (True, False)
    assert (refusal.source, refusal.decision, refusal.said_at <= timezone.now()) == ("Звонок", "refused", True)
    assert happened()[-1] == "ConsentRefused"


def test_a_phone_that_is_learned_after_the_refusal_is_closed_too(anna):
    party = make_party(owner=anna)
    refuse(anna, party=party, channel="any")
    assert make_point("+7 812 555-01-43", party=party, by=anna).do_not_contact
    many = [{"party": party, "type": "phone", "raw": f"+7 812 555-02-{n}"} for n in (10, 11)]
    assert all(point.do_not_contact for point in add_points(many, by=anna))


def test_a_consent_without_the_text_that_was_agreed_to_is_refused(anna, happened):
    party = make_party(owner=anna)
    before = happened()
    with pytest.raises(Refusal) as no:
        note_consent(party=party, purpose="advertising", decision="given", source="Форма", by=anna)
    assert (no.value.field, no.value.code) == ("text_version", "CONSENT_TEXT")
    assert not Consent.objects.exists()
    assert happened() == before


def test_a_withdrawn_refusal_opens_what_no_other_refusal_closes(anna, happened):
    party = make_party(owner=anna)
    phone = make_point("+7 812 555-01-44", party=party, by=anna)
    mail = make_point("b@example.com", party=party, type="email", by=anna)
    everything, calls = refuse(anna, party=party, channel="any"), refuse(anna, party=party, channel="phone")
    withdraw_consent(everything, how="Письмо", by=anna)
    phone.refresh_from_db()
    mail.refresh_from_db()
    assert (phone.do_not_contact, mail.do_not_contact) == (True, False)
    assert (everything.withdrawn_how, everything.is_in_force, calls.is_in_force) == ("Письмо", False, True)
    assert happened()[-1] == "ConsentWithdrawn"


def test_what_is_withdrawn_is_not_withdrawn_again_nor_before_it_was_said(anna, happened):
    consent = make_consent(owner=anna)
    with pytest.raises(Invalid):
        withdraw_consent(consent, how="Письмо", withdrawn_at=consent.said_at - timedelta(days=1), by=anna)
    consent.refresh_from_db()
    assert consent.is_in_force
    perform(get_entity("consent"), "withdraw", consent.pk, by=anna, how="Письмо")
    consent.refresh_from_db()
    before = happened()
    with pytest.raises(Refusal) as no:
        withdraw_consent(consent, how="Письмо", by=anna)
    assert no.value.code == "WRONG_STATE"
    assert happened() == before


def test_many_refusals_of_a_file_close_what_they_are_about(gleb):
    parties = [make_party(owner=gleb) for _number in range(3)]
    for number, party in enumerate(parties):
        make_point(f"c{number}@example.com", party=party, type="email", by=gleb)
    told = [{"party": party, "purpose": "contact", "channel": "email", "decision": "refused"} for party in parties[:2]]
    note_consents(told, by=gleb)
    closed = ContactPoint.objects.filter(do_not_contact=True).values_list("party", flat=True)
    assert set(closed) == {parties[0].pk, parties[1].pk}


def test_the_page_of_a_customer_says_what_was_refused(client, anna):
    party = make_party(owner=anna)
    refusal = refuse(anna, party=party, channel="email")
    client.force_login(anna)
    page = client.get(f"/parties/{party.pk}/").content.decode()
    assert f'href="/consents/{refusal.pk}/"' in page
    assert f"Просит не связываться: {Consent.Channel.EMAIL.label}" in page


def test_a_form_without_the_moment_means_now(client, anna):
    party = make_party(owner=anna)
    client.force_login(anna)
    sent = {"party": party.pk, "purpose": "contact", "decision": "refused", "channel": "phone", "source": "Звонок"}
    assert client.post("/consents/new/", sent).status_code in (302, 303)
    refusal = Consent.objects.get()
    assert abs(refusal.said_at - timezone.now()) < timedelta(minutes=5)
    assert refusal.is_in_force


def test_a_stranger_sees_no_consent(client, anna, boris):
    consent = make_consent(owner=anna)
    client.force_login(boris)
    assert client.get(f"/consents/{consent.pk}/").status_code == 404
    assert client.post(f"/consents/{consent.pk}/withdraw/", {"how": "x"}).status_code == 404
    consent.refresh_from_db()
    assert consent.is_in_force
