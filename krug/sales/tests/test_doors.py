"""Programs, forms and imports meet the same rules as people: no door lets a deal past its evidence."""

import json

import pytest
from django.test import Client
from django.utils import translation

from krug.kernel.doors import change_record, create_record
from krug.kernel.errors import Invalid, Refusal
from krug.kernel.fields import Reading
from krug.kernel.registry import get_entity
from krug.kernel.tokens import issue
from krug.kernel.writing import read_values
from krug.sales.actions.moves import move_deal
from krug.sales.models import Deal
from krug.sales.testing import advance, make_deal, make_loss_reason, make_version, make_work, prove, stage_of


@pytest.fixture
def call(anna):
    """Calls the API as a program of Anna's."""
    client = Client(enforce_csrf_checks=True)
    head = {"Authorization": f"Bearer {issue(anna).text}", "Accept-Language": "en"}

    def send(method, path, body=None):
        sent = json.dumps(body).encode() if body is not None else b""
        return client.generic(method, f"/api/v1{path}", sent, content_type="application/json", headers=head)

    return send


def test_a_program_can_not_move_a_deal_without_the_result(call, anna, happened):
    deal = make_deal(owner=anna)
    told = happened()
    answer = call("POST", f"/deals/{deal.pk}/move/", {"stage": stage_of(deal, 2).pk})
    assert (answer.status_code, answer.json()["code"]) == (422, "STAGE_NO_RESULT")
    for field, value in (("stage", stage_of(deal, 2).pk), ("state", "won"), ("closed_at", "2026-11-21T10:00:00Z")):
        assert call("PATCH", f"/deals/{deal.pk}/", {field: value}).status_code in (400, 422), field
    deal.refresh_from_db()
    assert (deal.stage, deal.state, deal.visits.count()) == (stage_of(deal, 1), "open", 1)
    assert happened() == told


def test_a_program_moves_and_wins_by_the_same_evidence(call, anna):
    deal = make_deal(owner=anna, pipeline=make_version("meeting_minutes", "").pipeline)
    prove(deal, by=anna)
    answer = call("POST", f"/deals/{deal.pk}/move/", {"stage": stage_of(deal, 2).pk})
    assert answer.status_code == 200, answer.content
    assert call("POST", f"/deals/{deal.pk}/win/", {}).json()["code"] == "DEAL_NO_EVIDENCE"
    assert call("POST", f"/deals/{deal.pk}/win/", {"contract": "17-П"}).status_code == 200
    assert Deal.objects.get().state == "won"


def test_a_program_loses_a_deal_only_with_a_reason(call, anna):
    deal = make_deal(owner=anna)
    answer = call("POST", f"/deals/{deal.pk}/lose/", {})
    assert (answer.status_code, answer.json()["code"]) == (422, "LOSS_REASON_REQUIRED")
    assert call("POST", f"/deals/{deal.pk}/lose/", {"loss_reason": make_loss_reason().pk}).status_code == 200


def test_a_form_or_import_can_not_write_the_stage(anna):
    deal = make_deal(owner=anna)
    reading = Reading(user=anna, today=deal.opened_on)
    with pytest.raises(Invalid):
        read_values(get_entity("deal"), {"stage": str(stage_of(deal, 5).pk)}, reading, whole=False)


def test_a_pipeline_belongs_to_the_form_of_a_new_deal(anna):
    pipeline = make_version("").pipeline
    deal = create_record(get_entity("deal"), {"name": "Сервис 2027", "pipeline": pipeline}, by=anna)
    assert deal.pipeline_version.pipeline == pipeline
    change_record(get_entity("deal"), deal.pk, {"pipeline": pipeline, "name": "Сервис 2028"}, by=anna)
    assert Deal.objects.get().name == "Сервис 2028"


def test_refusals_speak_russian_in_the_words_of_the_trade(anna):
    deal = advance(make_deal(owner=anna), by=anna, to=2)
    with translation.override("ru"), pytest.raises(Refusal) as no:
        move_deal(deal, stage=stage_of(deal, 3), by=anna)
    assert str(no.value) == "Этап «Презентация» не завершён: приложите результат — подтверждение клиента."
    for _n in range(3):
        make_work(by=anna, deal=deal)
    with translation.override("ru"), pytest.raises(Refusal) as no:
        move_deal(deal, stage=stage_of(deal, 3), by=anna)
    assert str(no.value) == ("Есть незавершённые работы (3): завершите, отмените или создайте на следующем этапе.")
