"""How deals move through stages: the four rules, each refusal, and that nothing changed after it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from krug.activities.testing import make_interaction
from krug.documents.testing import make_document
from krug.kernel.doors import perform
from krug.kernel.errors import NotAllowed, Refusal
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.testing import make_party
from krug.sales.actions.moves import move_deal
from krug.sales.actions.results import record_result
from krug.sales.actions.visits import change_responsible, enter_stage
from krug.sales.actions.works import plan_work
from krug.sales.models import Stage, StageVisit
from krug.sales.testing import advance, make_deal, make_loss_reason, make_version, make_work, prove, stage_of


def standing(deal):
    """All that a refused move must leave as it was."""
    deal.refresh_from_db()
    return (
        deal.stage_id, deal.state, deal.stage_since, deal.version,
        list(deal.visits.order_by("pk").values_list("pk", "stage_id", "left_at", "outcome", "responsible_id")),
        list(deal.results.values_list("pk", flat=True)),
    )  # fmt: skip


def refused(call, deal, happened):
    """The refusal of a call that must change nothing."""
    before, told = standing(deal), happened()
    with pytest.raises(Refusal) as no, transaction.atomic():
        call()
    assert standing(deal) == before
    assert happened() == told
    return no.value


def test_a_deal_goes_forward_on_the_result_of_its_stage(anna, happened):
    deal = make_deal(owner=anna)
    minutes = make_interaction(by=anna, party=deal.party, kind="meeting", text="Договорились о показе")
    told = len(happened())
    move_deal(deal, stage=stage_of(deal, 2), by=anna, evidence=minutes)
    deal.refresh_from_db()
    first, second = deal.visits.order_by("pk")
    assert (first.outcome, first.result.evidence_entity, first.result.evidence_id) == (
        "forward",
        "interaction",
        minutes.pk,
    )
    assert second.stage == deal.stage == stage_of(deal, 2)
    assert second.left_at is None and first.left_at == second.entered_at == deal.stage_since
    assert second.responsible == anna
    assert happened()[told:] == ["ResultRecorded", "DealMoved"]


def test_without_its_result_a_stage_is_not_left_and_the_message_names_it(anna, happened):
    deal = advance(make_deal(owner=anna), by=anna, to=2)
    no = refused(lambda: move_deal(deal, stage=stage_of(deal, 3), by=anna), deal, happened)
    assert (no.code, no.field) == ("STAGE_NO_RESULT", "result")
    assert str(no) == "The stage “Presentation” is not finished: attach its result — the customer's confirmation."


def test_evidence_from_before_the_stage_is_no_result(anna, happened):
    party = make_party(owner=anna)
    before = make_interaction(by=anna, party=party, kind="meeting")
    deal = make_deal(owner=anna, party=party)
    no = refused(lambda: move_deal(deal, stage=stage_of(deal, 2), by=anna, evidence=before), deal, happened)
    assert (no.code, no.field) == ("RESULT_NOT_EVIDENT", "evidence")


def test_a_talk_with_another_customer_is_no_result(anna, happened):
    deal = make_deal(owner=anna)
    other = make_interaction(by=anna, party=make_party(owner=anna), kind="meeting")
    no = refused(lambda: record_result(deal, by=anna, evidence=other), deal, happened)
    assert no.code == "RESULT_NOT_EVIDENT"


def test_an_unsigned_contract_is_no_signed_document(anna, happened):
    deal = advance(make_deal(owner=anna), by=anna, to=3)
    paper = make_document(by=anna, about=deal)
    no = refused(lambda: move_deal(deal, stage=stage_of(deal, 4), by=anna, evidence=paper), deal, happened)
    assert no.code == "RESULT_NOT_EVIDENT"


def test_evidence_that_one_may_not_see_is_unknown(anna, boris, happened):
    deal = make_deal(owner=anna)
    hidden = make_interaction(by=boris, kind="meeting")
    for text in (f"interaction:{hidden.pk}", "interaction:x", "party:1", "done", "interaction:-4"):
        no = refused(lambda text=text: move_deal(deal, stage=stage_of(deal, 2), by=anna, evidence=text), deal, happened)
        assert (no.code, no.field) == ("EVIDENCE_UNKNOWN", "evidence")


def test_signing_a_document_about_a_deal_is_its_result_at_once(anna, happened):
    deal = advance(make_deal(owner=anna), by=anna, to=3)
    prove(deal, by=anna)
    result = deal.results.get(type="document_signed")
    assert result.is_binding
    assert "ResultRecorded" in happened()
    move_deal(deal, stage=stage_of(deal, 4), by=anna)
    assert deal.stage.name_en == "Delivery"


def test_open_works_keep_a_deal_in_its_stage(anna, happened):
    deal = make_deal(owner=anna)
    prove(deal, by=anna)
    for _n in range(3):
        make_work(by=anna, deal=deal)
    no = refused(lambda: move_deal(deal, stage=stage_of(deal, 2), by=anna), deal, happened)
    assert (no.code, no.field) == ("STAGE_OPEN_WORKS", "works")
    assert "There are 3 unfinished works" in str(no)


def test_a_stage_that_needs_a_result_can_not_be_passed_over(anna, happened):
    deal = make_deal(owner=anna)
    prove(deal, by=anna)
    no = refused(lambda: move_deal(deal, stage=stage_of(deal, 3), by=anna), deal, happened)
    assert no.code == "STAGE_SKIPPED"
    assert "“Presentation”" in str(no)


def test_stages_that_ask_for_nothing_may_be_passed_over(anna):
    deal = make_deal(owner=anna, pipeline=make_version("", "", "").pipeline)
    move_deal(deal, stage=stage_of(deal, 3), by=anna)
    assert list(deal.visits.order_by("pk").values_list("stage__position", "outcome")) == [(1, "forward"), (3, "")]


def test_going_back_needs_a_reason_and_opens_a_new_stay(anna, happened):
    deal = advance(make_deal(owner=anna), by=anna, to=2)
    no = refused(lambda: move_deal(deal, stage=stage_of(deal, 1), by=anna), deal, happened)
    assert (no.code, no.field) == ("REASON_REQUIRED", "reason")
    move_deal(deal, stage=stage_of(deal, 1), by=anna, reason="Сменился закупщик")
    assert list(deal.visits.order_by("pk").values_list("stage__position", "outcome", "reason")) == [
        (1, "forward", ""), (2, "back", "Сменился закупщик"), (1, "", ""),
    ]  # fmt: skip


def test_the_result_of_an_earlier_stay_does_not_serve_again(anna, happened):
    deal = advance(make_deal(owner=anna), by=anna, to=2)
    move_deal(deal, stage=stage_of(deal, 1), by=anna, reason="Сначала")
    no = refused(lambda: move_deal(deal, stage=stage_of(deal, 2), by=anna), deal, happened)
    assert no.code == "STAGE_NO_RESULT"


def test_a_move_to_where_it_stands_changes_nothing(anna, happened):
    deal = make_deal(owner=anna)
    told = happened()
    move_deal(deal, stage=deal.stage, by=anna)
    assert happened() == told


def test_a_stage_of_another_pipeline_is_refused(anna, happened):
    deal = make_deal(owner=anna)
    other = make_version("").stages.get(position=1)
    assert refused(lambda: move_deal(deal, stage=other, by=anna), deal, happened).code == "STAGE_OTHER_PIPELINE"


def test_a_suspended_deal_is_not_moved(anna, happened):
    from datetime import date

    from krug.sales.actions.deals import suspend_deal

    deal = make_deal(owner=anna)
    prove(deal, by=anna)
    suspend_deal(deal, until=date(2100, 1, 1), by=anna)
    assert refused(lambda: move_deal(deal, stage=stage_of(deal, 2), by=anna), deal, happened).code == "DEAL_NOT_OPEN"


def test_entry_conditions_are_named_and_waived_only_by_right_and_reason(anna, gleb, happened):
    version = make_version("", "")
    Stage.objects.filter(pk=version.stages.get(position=2).pk).update(
        entry_criteria=["budget_known", "decision_maker_named"]
    )
    deal = make_deal(owner=anna, amount=None, pipeline=version.pipeline)
    target = stage_of(deal, 2)
    no = refused(lambda: move_deal(deal, stage=target, by=anna), deal, happened)
    assert (no.code, no.field) == ("STAGE_ENTRY_CRITERIA", "override")
    assert "the budget is known, the decision maker is named" in str(no)
    plain = make_user(role=make_role("mover", {"deal": ("all", ["move"])}))
    with pytest.raises(NotAllowed):
        move_deal(deal, stage=target, by=plain, override="Так надо")
    move_deal(deal, stage=target, by=gleb, override="Старый клиент")
    assert deal.stage == target


def test_filled_fields_are_a_result_of_their_own(anna, happened):
    version = make_version("field_values", "")
    Stage.objects.filter(pk=version.stages.get(position=1).pk).update(exit_criteria=["budget_known"])
    deal = make_deal(owner=anna, amount=None, pipeline=version.pipeline)
    no = refused(lambda: move_deal(deal, stage=stage_of(deal, 2), by=anna), deal, happened)
    assert no.code == "STAGE_NO_RESULT" and "the budget is known" in str(no)
    deal.amount = 100
    deal.save(update_fields=["amount"])
    move_deal(deal, stage=stage_of(deal, 2), by=anna)
    assert deal.results.get().evidence_entity == "deal"


def test_the_responsible_follows_the_rule_of_the_stage(anna, boris, vera):
    version = make_version("", "", "", "")
    rules = Stage.OwnerRule
    role = make_role("test-lawyer", {})
    boris.roles.add(role)
    for place, values in {
        2: {"owner_rule": rules.EMPLOYEE, "employee": vera},
        3: {"owner_rule": rules.ROLE, "role": role},
        4: {"owner_rule": rules.TERRITORY},
    }.items():
        Stage.objects.filter(pipeline_version=version, position=place).update(**values)
    deal = make_deal(owner=anna, pipeline=version.pipeline)
    for place in (2, 3, 4):
        move_deal(deal, stage=stage_of(deal, place), by=anna)
    assert list(deal.visits.order_by("pk").values_list("responsible", flat=True)) == [
        anna.pk,
        vera.pk,
        boris.pk,
        anna.pk,
    ]


def test_whoever_answers_for_the_stage_sees_the_deal(anna, boris):
    deal = make_deal(owner=anna)
    rows = get_entity("deal").rows_for
    assert deal not in rows(boris)
    change_responsible(deal, to=boris, by=anna, reason="Отпуск")
    assert deal in rows(boris)


def test_handing_over_is_kept_and_adds_no_second_responsible(anna, boris, happened):
    deal = make_deal(owner=anna)
    told = len(happened())
    change_responsible(deal, to=boris, by=anna, reason="Отпуск")
    visit = deal.visits.get()
    handover = visit.handovers.get()
    assert visit.responsible == boris
    assert (handover.from_user, handover.to_user, handover.reason, handover.by) == (anna, boris, "Отпуск", anna)
    assert happened()[told:] == ["ResponsibleChanged"]
    change_responsible(deal, to=boris, by=anna)
    assert visit.handovers.count() == 1
    boris.is_active = False
    with pytest.raises(Refusal) as no:
        change_responsible(deal, to=make_user(is_active=False), by=anna)
    assert no.value.code == "RESPONSIBLE_INACTIVE"


def test_moving_to_won_or_lost_by_the_board_asks_for_the_right_to_win_and_lose(anna):
    deal = make_deal(owner=anna)
    mover = make_user(role=make_role("mover", {"*": ("all", ["move"])}))
    for kind in ("won", "lost"):
        with pytest.raises(NotAllowed):
            perform(get_entity("deal"), "move", deal.pk, by=mover, stage=deal.pipeline_version.stages.get(kind=kind))
    move_deal(deal, stage=deal.pipeline_version.stages.get(kind="lost"), by=anna, loss_reason=make_loss_reason())
    assert deal.state == "lost"


def test_a_second_responsible_is_refused_by_its_code_in_both_languages(anna, happened):
    deal = make_deal(owner=anna)
    for language, said in (("en", "a stage has one responsible"), ("ru", "у этапа один ответственный")):
        no = refused(lambda: enter_stage(deal, stage_of(deal, 2), by=anna, at=timezone.now()), deal, happened)
        assert (no.code, deal.visits.filter(left_at=None).count()) == ("STAGE_TWO_RESPONSIBLE", 1)
        with translation.override(language), pytest.raises(Refusal, match=said):
            enter_stage(deal, stage_of(deal, 2), by=anna, at=timezone.now())


def test_the_database_itself_refuses_two_open_stays(anna):
    deal = make_deal(owner=anna)
    with (
        pytest.raises(IntegrityError, match="stage_visit_one_open"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO stage_visit (deal_id, stage_id, responsible_id, entered_at, outcome, reason, is_history, "
            "source_system, source_key, created_at, updated_at, version, is_archived, custom) "
            "SELECT deal_id, stage_id, responsible_id, now(), '', '', false, '', '', now(), now(), 1, false, '{}' "
            "FROM stage_visit WHERE deal_id = %s",
            [deal.pk],
        )
    assert StageVisit.objects.filter(deal=deal).count() == 1


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE stage_visit SET left_at = now(), outcome = 'forward' WHERE deal_id = %s", "STAGE_NO_RESULT"),
        ("UPDATE stage_visit SET is_history = true WHERE deal_id = %s", "STAGE_VISIT_FIXED"),
        ("UPDATE stage_visit SET responsible_id = NULL WHERE deal_id = %s", "not-null"),
        ("UPDATE deal SET state = 'won', closed_at = now() WHERE id = %s", "DEAL_STILL_IN_STAGE"),
        ("UPDATE deal SET state = 'won' WHERE id = %s", "deal_closed_when_won_or_lost"),
        ("DELETE FROM stage_visit WHERE deal_id = %s; UPDATE deal SET stage_id = stage_id", "DEAL_IN_NO_STAGE"),
        ("UPDATE stage SET probability = 1 WHERE id = (SELECT stage_id FROM deal WHERE id = %s)", "PIPELINE_NOT_DRAFT"),
    ],
)  # fmt: skip
def test_no_statement_gets_round_the_rules(anna, statement, message):
    deal = make_deal(owner=anna)
    with pytest.raises(IntegrityError, match=message), transaction.atomic(), connection.cursor() as cursor:
        for part in statement.split(";"):
            cursor.execute(part, [deal.pk] if "%s" in part else None)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_stay_that_is_over_stays_as_it_was(anna, boris):
    deal = advance(make_deal(owner=anna), by=anna, to=2)
    with pytest.raises(IntegrityError, match="STAGE_VISIT_OVER"), transaction.atomic():
        deal.visits.filter(outcome="forward").update(responsible=boris)


def test_a_work_never_moves_to_another_stay(anna):
    deal = make_deal(owner=anna)
    work = plan_work(deal, name="Расчёт", by=anna)
    other = make_deal(owner=anna).visits.get()
    with pytest.raises(IntegrityError, match="WORK_FIXED"), transaction.atomic():
        type(work).objects.filter(pk=work.pk).update(visit=other)


def test_by_the_door_a_move_without_the_result_is_refused_too(anna):
    deal = make_deal(owner=anna)
    with pytest.raises(Refusal) as no:
        perform(get_entity("deal"), "move", deal.pk, by=anna, stage=stage_of(deal, 2))
    assert no.value.code == "STAGE_NO_RESULT"
