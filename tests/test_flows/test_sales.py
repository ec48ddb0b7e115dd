"""What follows from deals and from documents about them."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from krug.activities.models import Task
from krug.activities.testing import make_task
from krug.documents.actions.files import send_document, sign_document
from krug.documents.testing import make_document
from krug.kernel.dates import today_in, zone_called
from krug.sales.actions.deals import lose_deal, resume_deal, suspend_deal
from krug.sales.testing import advance, make_deal, make_loss_reason


@pytest.fixture
def in_a_month(anna):
    """A day of Anna's calendar."""
    return today_in(zone_called(anna.timezone)) + timedelta(days=30)


def test_the_day_to_come_back_after_a_loss_becomes_a_task_of_the_owner(anna, vera, in_a_month):
    deal = make_deal(owner=anna)
    lose_deal(deal, by=vera, loss_reason=make_loss_reason(), return_on=in_a_month)
    task = Task.objects.get()
    assert (task.assignee, task.due_on, task.party, task.about_id) == (anna, in_a_month, deal.party, deal.pk)


def test_a_loss_without_a_day_to_come_back_plans_nothing(anna):
    lose_deal(make_deal(owner=anna), by=anna, loss_reason=make_loss_reason())
    assert not Task.objects.exists()


def test_a_suspended_deal_comes_back_as_a_task_on_its_day(anna, in_a_month):
    deal = make_deal(owner=anna)
    suspend_deal(deal, until=in_a_month, by=anna)
    assert (Task.objects.get().due_on, Task.objects.get().about_id) == (in_a_month, deal.pk)


def test_signing_a_contract_hands_it_down_to_the_deal_as_evidence(anna, happened):
    deal = advance(make_deal(owner=anna), by=anna, to=3)
    paper = make_document(by=anna, about=deal)
    assert not deal.results.filter(type="document_signed").exists()
    sign_document(paper, by=anna)
    result = deal.results.get(type="document_signed")
    assert (result.evidence_entity, result.evidence_id, result.is_binding) == ("document", paper.pk, True)
    assert happened()[-2:] == ["DocumentSigned", "ResultRecorded"]


def test_a_delivery_note_and_a_sent_paper_are_evidence_too(anna):
    deal = make_deal(owner=anna)
    make_document("Накладная", by=anna, about=deal, kind="delivery_note")
    send_document(make_document("КП", by=anna, about=deal, kind="other"), by=anna)
    assert sorted(deal.results.values_list("type", "is_binding")) == [("document_sent", False), ("shipment", False)]


def test_papers_about_nothing_or_about_a_closed_deal_are_evidence_of_nothing(anna):
    deal = make_deal(owner=anna)
    sign_document(make_document(by=anna, party=deal.party), by=anna)
    lose_deal(deal, by=anna, loss_reason=make_loss_reason())
    sign_document(make_document(by=anna, about=deal), by=anna)
    assert not deal.results.exists()


@pytest.mark.parametrize(("planned", "resumed"), [("ru", "en"), ("en", "ru")])
def test_resuming_a_deal_finishes_the_task_of_taking_it_up_again_whatever_it_is_called(
    anna, in_a_month, planned, resumed
):
    with override(planned):
        deal = suspend_deal(make_deal(owner=anna), until=in_a_month, by=anna)
    reminder = Task.objects.get()
    Task.objects.filter(pk=reminder.pk).update(name="Other words")
    other = make_task("Call", owner=anna, about=deal)
    with override(resumed):
        resume_deal(deal, by=anna)
    assert list(Task.objects.open().filter(about_id=deal.pk)) == [other]


def test_a_suspended_deal_that_is_lost_is_not_to_be_taken_up_again(anna, in_a_month, happened):
    deal = suspend_deal(make_deal(owner=anna), until=in_a_month, by=anna)
    lose_deal(deal, by=anna, loss_reason=make_loss_reason())
    assert list(Task.objects.values_list("state", flat=True)) == ["cancelled"]
    assert happened()[-2:] == ["DealLost", "TaskCancelled"]
