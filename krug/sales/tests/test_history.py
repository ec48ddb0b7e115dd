"""Deals of the past come in with their source and true dates, past no gate, and are told apart."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from krug.catalogue.testing import make_product
from krug.kernel.errors import Refusal
from krug.kernel.journal.models import JournalEntry, JournalMention
from krug.kernel.models import SearchDocument
from krug.parties.testing import make_party
from krug.sales.actions.history import PastDeal, PastLine, PastVisit, record_history
from krug.sales.actions.moves import move_deal
from krug.sales.actions.shipped import ensure_shipped_pipeline
from krug.sales.models import Deal, StageVisit
from krug.sales.testing import make_version, stage_of

SOURCE = "maven-crm"


@pytest.fixture
def version(db):
    return make_version("", "")


@pytest.fixture
def past(version, anna):
    """Makes one deal of the past."""
    party = make_party(owner=anna)
    stages = {stage.position: stage for stage in version.stages.all()}

    def make(key, place=3, **values):
        values.setdefault("party_id", party.pk)
        values.setdefault("opened_on", date(2016, 10, 20))
        values.setdefault("closed_on", date(2017, 3, 1) if place > 2 else None)
        return PastDeal(
            source_key=key, name=f"GTX Pro {key}", stage=stages[place], owner=anna, currency="USD", **values
        )

    return make


def test_a_won_deal_of_the_past_keeps_its_dates_and_says_where_it_came_from(past, version, anna, gleb):
    pump = make_product(by=anna)
    told = past("1C1I7A6R", amount=Decimal("1054"), lines=[PastLine(product_id=pump.pk, price=Decimal("1054"))])
    report = record_history([told], source=SOURCE, by=gleb)
    deal = Deal.objects.get(pk=report.ids["1C1I7A6R"])
    assert (report.made, report.known) == (1, 0)
    assert (deal.state, deal.opened_on, deal.closed_at.date()) == ("won", date(2016, 10, 20), date(2017, 3, 1))
    assert (deal.source_system, deal.source_key, deal.is_history) == (SOURCE, "1C1I7A6R", True)
    assert (deal.owner, deal.created_by, deal.amount, deal.currency) == (anna, gleb, Decimal("1054.00"), "USD")
    assert deal.lines.get().amount == Decimal("1054.00")
    visit = deal.visits.get()
    assert (visit.is_history, visit.outcome, visit.stage, visit.responsible) == (True, "won", stage_of(deal, 2), anna)
    assert (visit.entered_at.date(), visit.left_at) == (date(2016, 10, 20), deal.closed_at)


def test_the_journal_tells_the_past_at_its_own_time_and_with_its_source(past, gleb):
    record_history([past("a"), past("b", 4)], source=SOURCE, by=gleb)
    entries = JournalEntry.objects.filter(source=SOURCE, entity="deal").order_by("at", "id")
    assert [(entry.event, entry.at.date()) for entry in entries] == [
        ("DealOpened", date(2016, 10, 20)), ("DealOpened", date(2016, 10, 20)),
        ("DealWon", date(2017, 3, 1)), ("DealLost", date(2017, 3, 1)),
    ]  # fmt: skip
    deal = Deal.objects.get(source_key="a")
    assert (
        JournalMention.objects.filter(
            entity="party", record_id=deal.party_id, entry_id__in=entries.values("id")
        ).count()
        == 4
    )
    assert SearchDocument.objects.filter(entity="deal", record_id=deal.pk).exists()


def test_bringing_the_same_history_again_changes_nothing(past, gleb):
    record_history([past("a"), past("b", 1)], source=SOURCE, by=gleb)
    Deal.objects.filter(source_key="b").update(name="Изменили здесь")
    told = JournalEntry.objects.count()
    report = record_history([past("a"), past("b", 1), past("c", 2), past("c", 2)], source=SOURCE, by=gleb)
    assert (report.made, Deal.objects.count(), StageVisit.objects.count()) == (1, 3, 3)
    assert Deal.objects.get(source_key="b").name == "Изменили здесь"
    assert JournalEntry.objects.count() == told + 1


def test_an_open_deal_of_the_past_goes_on_by_the_rules_of_today(past, anna, gleb):
    record_history([past("a", 1, party_id=None)], source=SOURCE, by=gleb)
    deal = Deal.objects.get()
    visit = deal.visits.get()
    assert (deal.state, deal.party, visit.left_at, visit.is_history) == ("open", None, None, False)
    assert visit.entered_at == deal.stage_since == datetime(2016, 10, 20, 12, tzinfo=UTC)
    move_deal(deal, stage=stage_of(deal, 2), by=anna)
    assert list(deal.visits.order_by("pk").values_list("outcome", "is_history")) == [("forward", False), ("", False)]


def test_a_shipped_stage_asks_imported_deals_for_evidence_too(anna, gleb):
    stage = ensure_shipped_pipeline().stages.get(position=1)
    record_history([PastDeal(source_key="x", name="Старая", stage=stage, owner=anna)], source=SOURCE, by=gleb)
    deal = Deal.objects.get()
    assert deal.opened_on is None
    with pytest.raises(Refusal) as no:
        move_deal(deal, stage=stage_of(deal, 2), by=anna)
    assert no.value.code == "STAGE_NO_RESULT"


def test_stays_that_the_source_tells_are_kept_one_by_one(past, version, anna, gleb):
    first, second = version.stages.get(position=1), version.stages.get(position=2)
    days = [datetime(2017, 1, day, tzinfo=UTC) for day in (1, 5, 9)]
    visits = [
        PastVisit(stage=first, responsible=anna, entered_at=days[0], left_at=days[1], outcome="forward"),
        PastVisit(stage=second, responsible=anna, entered_at=days[1], left_at=days[2], outcome="lost"),
    ]
    record_history([past("v", 4, visits=visits, closed_on=date(2017, 1, 9))], source=SOURCE, by=gleb)
    assert list(StageVisit.objects.order_by("pk").values_list("stage__position", "outcome", "is_history")) == [
        (1, "forward", True), (2, "lost", True),
    ]  # fmt: skip


@pytest.mark.parametrize("missing", [{"party_id": None}, {"closed_on": None}])
def test_a_closed_deal_without_customer_or_date_is_refused_whole(past, gleb, missing, happened):
    with pytest.raises(Refusal) as no:
        record_history([past("good"), past("bad", **missing)], source=SOURCE, by=gleb)
    assert no.value.code == "HISTORY_INCOMPLETE"
    assert not Deal.objects.exists() and not StageVisit.objects.exists()
    assert "DealOpened" not in happened()


def test_history_without_a_source_is_refused(past, gleb):
    with pytest.raises(Refusal) as no:
        record_history([past("a")], source="", by=gleb)
    assert no.value.code == "SOURCE_REQUIRED"


def test_two_thousand_deals_take_as_many_statements_as_twenty(past, gleb, django_assert_max_num_queries):
    record_history([past("warm")], source=SOURCE, by=gleb)
    with django_assert_max_num_queries(60):
        record_history([past(f"d{number}") for number in range(2000)], source=SOURCE, by=gleb)
    assert Deal.objects.count() == 2001
