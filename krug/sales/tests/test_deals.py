"""Opening, winning, losing, setting aside and taking up deals again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from krug.activities.models import Task
from krug.administration.actions.people import setup_actor
from krug.kernel.dates import today_in, zone_called
from krug.kernel.doors import change_record, create_record, perform
from krug.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from krug.kernel.journal.models import JournalEntry
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.testing import make_party
from krug.sales.actions.deals import (
    change_deal,
    correct_deal,
    lose_deal,
    open_deal,
    reopen_deal,
    resume_deal,
    resume_due_deals,
    suspend_deal,
    win_deal,
)
from krug.sales.actions.shipped import ensure_shipped_pipeline
from krug.sales.jobs import resume_suspended_deals
from krug.sales.models import Competitor, Deal, StageVisit
from krug.sales.testing import (
    advance,
    make_competitor,
    make_deal,
    make_loss_reason,
    make_version,
    make_winnable_deal,
    make_work,
    prove,
    stage_of,
)

DEAL = get_entity("deal")


def test_opening_puts_the_deal_into_the_first_stage_under_one_responsible(anna, happened):
    ensure_shipped_pipeline()
    deal = create_record(DEAL, {"name": "Насосы, партия 3", "amount": Decimal("620000.00")}, by=anna)
    visit = deal.visits.get()
    assert (deal.stage.name_ru, deal.state, deal.owner, deal.currency) == ("Интерес", "open", anna, "RUB")
    assert deal.opened_on == today_in(zone_called(anna.timezone))
    assert (visit.stage, visit.responsible, visit.left_at, visit.is_history) == (deal.stage, anna, None, False)
    assert happened() == ["DealOpened"]


def test_a_deal_needs_a_pipeline_in_force(anna, happened):
    with pytest.raises(Refusal) as no:
        open_deal(by=anna, name="Без воронки")
    assert (no.value.code, no.value.field) == ("PIPELINE_NOT_ACTIVE", "pipeline")
    assert "an administrator makes one in Settings" in str(no.value)
    assert happened() == [] and not Deal.objects.exists()


def test_an_amount_below_zero_is_refused(anna, happened):
    ensure_shipped_pipeline()
    with pytest.raises(Invalid):
        open_deal(by=anna, name="Минус", amount=Decimal("-1"))
    assert not Deal.objects.exists() and happened() == []


def test_winning_closes_the_deal_and_writes_it_down(anna, happened):
    deal = make_winnable_deal(owner=anna)
    told = len(happened())
    win_deal(deal, by=anna)
    deal.refresh_from_db()
    assert deal.stage.kind == "won"
    assert not deal.is_open and deal.is_closed
    assert not StageVisit.objects.filter(deal=deal, left_at=None).exists()
    last = deal.visits.order_by("-pk").first()
    assert (last.outcome, last.result.type, last.left_at) == ("won", "customer_confirmation", deal.closed_at)
    assert happened()[told:] == ["DealWon"]


def test_a_deal_without_evidence_cannot_be_won(anna, happened):
    deal = make_deal(owner=anna, pipeline=make_version("").pipeline)
    told = happened()
    with pytest.raises(Refusal) as no:
        win_deal(deal, by=anna)
    assert (no.value.field, no.value.code) == ("results", "DEAL_NO_EVIDENCE")
    assert happened() == told
    deal.refresh_from_db()
    assert deal.is_open and deal.visits.get().is_open


def test_a_deal_is_not_won_from_the_middle_of_its_way(anna, happened):
    deal = advance(make_deal(owner=anna), by=anna, to=4)
    prove(deal, by=anna)
    told = happened()
    with pytest.raises(Refusal) as no:
        win_deal(deal, by=anna)
    assert no.value.code == "STAGE_SKIPPED" and "Advice and training" in str(no.value)
    assert happened() == told


def test_a_deal_without_its_last_result_or_its_customer_or_with_works_is_not_won(anna):
    deal = advance(make_deal(owner=anna), by=anna, to=5)
    with pytest.raises(Refusal) as no, transaction.atomic():
        win_deal(deal, by=anna)
    assert no.value.code == "STAGE_NO_RESULT"
    prove(deal, by=anna)
    make_work(deal=deal, by=anna)
    with pytest.raises(Refusal) as no, transaction.atomic():
        win_deal(deal, by=anna)
    assert no.value.code == "STAGE_OPEN_WORKS"
    nobody = make_deal(owner=anna, party=None)
    with pytest.raises(Refusal) as no:
        win_deal(nobody, by=anna)
    assert (no.value.code, no.value.field) == ("PARTY_REQUIRED", "party")


def test_a_closed_deal_is_neither_won_nor_lost_again(anna):
    deal = win_deal(make_winnable_deal(owner=anna), by=anna)
    for call in (lambda: win_deal(deal, by=anna), lambda: lose_deal(deal, by=anna, loss_reason=make_loss_reason())):
        with pytest.raises(Refusal) as no:
            call()
        assert no.value.code == "DEAL_CLOSED"


def test_losing_asks_for_the_reason_and_for_the_competitor_when_the_reason_names_one(anna, happened):
    deal = make_deal(owner=anna)
    told = happened()
    with pytest.raises(Refusal) as no:
        lose_deal(deal, by=anna)
    assert (no.value.code, no.value.field) == ("LOSS_REASON_REQUIRED", "loss_reason")
    reason = make_loss_reason(requires_competitor=True)
    with pytest.raises(Refusal) as no:
        lose_deal(deal, by=anna, loss_reason=reason)
    assert (no.value.code, no.value.field) == ("COMPETITOR_REQUIRED", "competitor")
    deal.refresh_from_db()
    assert deal.is_open and happened() == told


def test_a_competitor_who_is_not_on_the_list_is_put_on_it_by_losing_to_him(anna, client):
    deal, reason = make_deal(owner=anna), make_loss_reason(requires_competitor=True)
    card = make_party("ООО «Северный Бур»", owner=anna)
    client.force_login(anna)
    form = client.get(f"/deals/{deal.pk}/lose/").content.decode()
    assert 'name="new_competitor"' in form
    answer = client.post(f"/deals/{deal.pk}/lose/", {"loss_reason": reason.pk, "new_competitor": " Северный  Бур "})
    assert answer.status_code == 303
    deal.refresh_from_db()
    assert (deal.state, deal.competitor.name, deal.competitor.party) == ("lost", "Северный Бур", card)
    assert [row.role for row in card.role_rows.all()] == ["competitor"]
    again = make_deal(owner=anna)
    lose_deal(again, by=anna, loss_reason=reason, new_competitor="северный бур")
    assert again.competitor == deal.competitor and Competitor.objects.count() == 1


def test_a_new_competitor_beside_a_chosen_one_is_refused_and_nobody_is_added(anna):
    deal, reason = make_deal(owner=anna), make_loss_reason(requires_competitor=True)
    rival = make_competitor(by=anna)
    with pytest.raises(Refusal) as no:
        lose_deal(deal, by=anna, loss_reason=reason, competitor=rival, new_competitor="Somebody else")
    assert (no.value.code, no.value.field) == ("TWO_COMPETITORS", "new_competitor")
    deal.refresh_from_db()
    assert deal.is_open and list(Competitor.objects.all()) == [rival]


def test_losing_keeps_everything_in_one_go(anna, happened):
    deal = make_deal(owner=anna)
    work = make_work(deal=deal, by=anna)
    reason, rival = make_loss_reason(requires_competitor=True), make_competitor(by=anna)
    told = len(happened())
    lose_deal(
        deal, by=anna, loss_reason=reason, competitor=rival, loss_note="Дешевле на 4 %", amount=Decimal("580000"),
        return_on=date(2100, 5, 1),
    )  # fmt: skip
    deal.refresh_from_db()
    work.refresh_from_db()
    assert (deal.state, deal.stage.kind, deal.loss_reason, deal.competitor) == ("lost", "lost", reason, rival)
    assert (deal.loss_note, deal.amount, deal.return_on) == ("Дешевле на 4 %", Decimal("580000.00"), date(2100, 5, 1))
    assert deal.visits.get().outcome == "lost"
    assert work.state == "cancelled"
    assert happened()[told:] == ["DealLost", "TaskPlanned"]
    task = Task.objects.get(about_entity="deal", about_id=deal.pk)
    assert (task.due_on, task.assignee) == (date(2100, 5, 1), anna)


def test_only_an_open_deal_may_lack_its_customer(anna):
    deal = make_deal(owner=anna, party=None)
    with pytest.raises(Refusal) as no:
        lose_deal(deal, by=anna, loss_reason=make_loss_reason())
    assert no.value.code == "PARTY_REQUIRED"
    with pytest.raises(IntegrityError, match="deal_party_unless_open"), transaction.atomic():
        Deal.objects.filter(pk=deal.pk).update(closed_at=timezone.now(), state="won")


def test_the_database_asks_for_the_reason_of_a_loss_made_here(anna):
    deal = make_deal(owner=anna)
    with pytest.raises(IntegrityError, match="deal_loss_has_reason"), transaction.atomic():
        Deal.objects.filter(pk=deal.pk).update(state="lost", closed_at=timezone.now())


def test_suspending_sets_aside_until_a_day_and_resuming_takes_up_where_it_stood(anna, happened):
    deal = make_deal(owner=anna)
    with pytest.raises(Refusal) as no:
        suspend_deal(deal, until=today_in(zone_called(anna.timezone)), by=anna)
    assert (no.value.code, no.value.field) == ("DATE_PAST", "until")
    until = today_in(zone_called(anna.timezone)) + timedelta(days=30)
    suspend_deal(deal, until=until, by=anna, reason="Бюджет в январе")
    assert (deal.state, deal.suspended_until, deal.is_running) == ("suspended", until, True)
    assert deal not in Deal.objects.open()
    for call in (lambda: win_deal(deal, by=anna), lambda: suspend_deal(deal, until=until, by=anna)):
        with pytest.raises(Refusal) as no:
            call()
        assert no.value.code == "DEAL_SUSPENDED"
    resume_deal(deal, by=anna)
    assert (deal.state, deal.suspended_until, deal.visits.count()) == ("open", None, 1)
    assert happened()[-2:] == ["DealResumed", "TaskDone"]
    with pytest.raises(Refusal) as no:
        resume_deal(deal, by=anna)
    assert no.value.code == "DEAL_NOT_SUSPENDED"


def test_the_clock_takes_up_deals_whose_day_has_come(anna, gleb, happened):
    day = today_in(zone_called(anna.timezone)) + timedelta(days=30)
    due, later = make_deal(owner=anna), make_deal(owner=anna)
    suspend_deal(due, until=day, by=anna)
    suspend_deal(later, until=day + timedelta(days=1), by=anna)
    for _night in range(2):
        resume_due_deals(today=day, by=gleb)
    assert list(Deal.objects.order_by("pk").values_list("state", flat=True)) == ["open", "suspended"]
    assert happened().count("DealResumed") == 1


def test_the_night_takes_deals_up_again_in_the_name_of_the_clock(anna, gleb):
    setup_actor()
    deal = make_deal(owner=anna)
    Deal.objects.filter(pk=deal.pk).update(state="suspended", suspended_until=timezone.localdate())
    resume_suspended_deals(0)
    assert JournalEntry.objects.get(event="DealResumed").actor.email == "clock@system.krug"


def test_reopening_opens_a_new_stay_and_rewrites_nothing(anna, happened):
    deal = make_deal(owner=anna)
    with pytest.raises(Refusal) as no:
        reopen_deal(deal, by=anna, reason="Рано")
    assert no.value.code == "DEAL_NOT_CLOSED"
    lose_deal(deal, by=anna, loss_reason=make_loss_reason())
    with pytest.raises(Refusal) as no:
        reopen_deal(deal, by=anna, reason=" ")
    assert (no.value.code, no.value.field) == ("REASON_REQUIRED", "reason")
    reopen_deal(deal, by=anna, reason="Передумали")
    deal.refresh_from_db()
    assert (deal.state, deal.closed_at, deal.loss_reason, deal.stage) == ("open", None, None, stage_of(deal, 1))
    assert list(deal.visits.order_by("pk").values_list("outcome", flat=True)) == ["lost", ""]
    assert happened()[-1] == "DealReopened"


def test_reopening_into_an_end_or_another_pipeline_is_refused(anna):
    deal = lose_deal(make_deal(owner=anna), by=anna, loss_reason=make_loss_reason())
    for stage in (deal.pipeline_version.stages.get(kind="won"), make_version("").stages.get(position=1)):
        with pytest.raises(Refusal) as no:
            reopen_deal(deal, by=anna, reason="Туда", stage=stage)
        assert no.value.code == "STAGE_UNKNOWN"
    assert Deal.objects.get(pk=deal.pk).state == "lost"


def test_a_closed_deal_is_only_corrected_by_a_supervisor_with_a_reason(anna, happened):
    deal = win_deal(make_winnable_deal(owner=anna), by=anna)
    told = len(happened())
    with pytest.raises(Refusal) as no:
        change_record(DEAL, deal.pk, {"amount": Decimal(1)}, by=anna)
    assert no.value.code == "DEAL_CLOSED"
    seller = make_user(role=make_role("plain-seller", {"deal": ("all", ["change", "move", "win", "lose"])}))
    for verb in ("correct", "reopen"):
        with pytest.raises(NotAllowed):
            perform(DEAL, verb, deal.pk, by=seller, reason="Хочу")
    with pytest.raises(Refusal) as no:
        correct_deal(deal, by=anna, reason="", amount=Decimal(1))
    assert no.value.code == "REASON_REQUIRED"
    assert len(happened()) == told
    perform(DEAL, "correct", deal.pk, by=anna, reason="Опечатка в сумме", amount=Decimal("600000.00"))
    deal.refresh_from_db()
    assert deal.amount == Decimal("600000.00")
    assert happened()[told:] == ["DealCorrected"]


def test_a_running_deal_keeps_its_pipeline(anna):
    deal = make_deal(owner=anna)
    with pytest.raises(Refusal) as no:
        change_deal(deal, {"pipeline": make_version("").pipeline}, by=anna)
    assert no.value.code == "PIPELINE_FIXED"
    change_deal(deal, {"pipeline": deal.pipeline, "name": "Насосы, партия 4"}, by=anna)
    assert Deal.objects.get(pk=deal.pk).name == "Насосы, партия 4"


def test_an_own_estimate_needs_its_reason(anna):
    deal = make_deal(owner=anna)
    with pytest.raises(Invalid):
        change_deal(deal, {"probability_override": Decimal(60)}, by=anna)
    deal.refresh_from_db()
    assert deal.probability == Decimal(10)
    change_deal(deal, {"probability_override": Decimal(60), "probability_reason": "Звонил директор"}, by=anna)
    assert deal.probability == Decimal(60)


def test_a_stranger_meets_no_such_deal(anna, boris):
    deal = make_winnable_deal(owner=anna)
    for call in (
        lambda: perform(DEAL, "win", deal.pk, by=boris),
        lambda: change_record(DEAL, deal.pk, {"name": "x"}, by=boris),
    ):
        with pytest.raises(NotFound):
            call()
    assert Deal.objects.get(pk=deal.pk).is_open


def test_a_head_sees_the_deals_of_the_team_and_a_neighbour_does_not(anna, boris, vera):
    deal = make_deal(owner=anna)
    assert deal in DEAL.rows_for(vera)
    assert deal not in DEAL.rows_for(boris)
    assert get_entity("stage-visit").rows_for(vera).filter(deal=deal).exists()
    assert not get_entity("stage-visit").rows_for(boris).exists()


def test_a_double_click_wins_once(anna, happened):
    deal = make_winnable_deal(owner=anna)
    for _click in range(2):
        perform(DEAL, "win", deal.pk, by=anna, once="one-key")
    assert happened().count("DealWon") == 1
