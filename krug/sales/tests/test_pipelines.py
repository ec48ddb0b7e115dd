"""Pipelines have versions; only drafts are edited and running deals keep theirs."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from krug.kernel.doors import change_record, create_record, perform
from krug.kernel.errors import Invalid, Refusal
from krug.kernel.fields import Reading
from krug.kernel.registry import get_entity
from krug.kernel.writing import read_values
from krug.sales.actions.pipelines import activate_version, new_version
from krug.sales.actions.shipped import ensure_shipped_pipeline
from krug.sales.models import LossReason, Pipeline, PipelineVersion, Stage
from krug.sales.testing import make_deal, make_draft, make_pipeline, make_stage

STAGE = get_entity("stage")


def test_the_shipped_pipeline_has_five_stages_and_two_ends(db):
    version = ensure_shipped_pipeline()
    assert list(version.stages.values_list("name_ru", "probability", "exit_result_type", "kind")) == [
        ("Интерес", Decimal(10), "meeting_minutes", "open"),
        ("Презентация", Decimal(25), "customer_confirmation", "open"),
        ("Условия и договор", Decimal(50), "document_signed", "open"),
        ("Поставка", Decimal(90), "shipment", "open"),
        ("Консультации и обучение", Decimal(95), "customer_confirmation", "open"),
        ("Выиграна", Decimal(100), "", "won"),
        ("Проиграна", Decimal(0), "", "lost"),
    ]
    assert ensure_shipped_pipeline() == version
    assert (Pipeline.objects.count(), Stage.objects.count(), LossReason.objects.count()) == (1, 7, 6)


def test_a_new_pipeline_begins_with_a_draft_that_has_its_two_ends(anna, happened):
    pipeline = make_pipeline(by=anna)
    version = pipeline.versions.get()
    assert (version.number, version.state) == (1, "draft")
    assert sorted(version.stages.values_list("kind", flat=True)) == ["lost", "won"]
    assert happened() == ["RecordCreated", "PipelineDrafted"]


def test_a_version_without_its_two_ends_is_not_activated(anna, happened):
    version = make_draft(by=anna)
    with pytest.raises(Refusal) as no:
        activate_version(version, by=anna)
    assert no.value.code == "PIPELINE_NO_STAGES"
    make_stage(pipeline_version=version, by=anna)
    version.stages.filter(kind="won").update(is_archived=True)
    told = happened()
    with pytest.raises(Refusal) as no:
        activate_version(version, by=anna)
    assert no.value.code == "PIPELINE_NO_TERMINAL"
    assert PipelineVersion.objects.get().state == "draft" and happened() == told


def test_two_ends_of_one_kind_are_refused_by_the_database(anna):
    version = make_draft(by=anna)
    with pytest.raises(IntegrityError, match="stage_one_won_one_lost"), transaction.atomic():
        Stage.objects.create(pipeline_version=version, position=50, name_ru="Ещё", kind="won")


def test_a_running_deal_keeps_the_version_in_which_it_began(anna):
    old = ensure_shipped_pipeline()
    deal = make_deal(owner=anna)
    draft = new_version(old.pipeline, by=anna)
    assert list(draft.stages.values_list("name_ru", flat=True)) == list(old.stages.values_list("name_ru", flat=True))
    change_record(STAGE, draft.stages.get(position=1).pk, {"name_ru": "Знакомство", "probability": Decimal(5)}, by=anna)
    activate_version(draft, by=anna)
    old.refresh_from_db()
    deal.refresh_from_db()
    assert (old.state, draft.state, draft.number) == ("retired", "active", 2)
    assert deal.pipeline_version == old and deal.stage.name_ru == "Интерес"
    assert make_deal(owner=anna).stage.name_ru == "Знакомство"


def test_one_draft_at_a_time_and_only_drafts_are_activated(anna):
    version = ensure_shipped_pipeline()
    perform(get_entity("pipeline"), "draft", version.pipeline_id, by=anna)
    with pytest.raises(Refusal) as no:
        new_version(version.pipeline, by=anna)
    assert no.value.code == "PIPELINE_DRAFT_EXISTS"
    with pytest.raises(Refusal) as no:
        activate_version(version, by=anna)
    assert no.value.code == "PIPELINE_NOT_DRAFT"


def test_stages_of_a_version_in_force_are_not_edited(anna, happened):
    version = ensure_shipped_pipeline()
    stage = version.stages.get(position=1)
    for call in (
        lambda: change_record(STAGE, stage.pk, {"max_days": 99}, by=anna),
        lambda: create_record(STAGE, {"pipeline_version": version, "position": 60, "name_ru": "Лишний"}, by=anna),
    ):
        with pytest.raises(Refusal) as no:
            call()
        assert no.value.code == "PIPELINE_NOT_DRAFT"
    assert version.stages.count() == 7 and happened() == []


def test_a_name_in_one_language_serves_both(anna):
    stage = make_stage(by=anna, name_ru="Показ")
    assert str(stage) == "Показ"


def test_conditions_and_usual_works_are_written_in_the_form(anna):
    stage = make_stage(by=anna)
    reading = Reading(user=anna, today=date(2026, 11, 21), language="en")
    raw = {"entry_criteria": "budget_known, the customer is known", "work_templates": "Собрать КП; 3\nПозвонить"}
    change_record(STAGE, stage.pk, read_values(STAGE, raw, reading, whole=False), by=anna)
    stage.refresh_from_db()
    assert stage.entry_criteria == ["budget_known", "party_known"]
    assert stage.work_templates == [{"name": "Собрать КП", "days": 3}, {"name": "Позвонить"}]
    assert STAGE.fields["work_templates"].raw(stage.work_templates) == raw["work_templates"]
    with pytest.raises(Invalid) as no:
        read_values(STAGE, {"entry_criteria": "луна в зените"}, reading, whole=False)
    assert no.value.faults[0].code == "CONDITION_UNKNOWN"


def test_the_form_of_a_stage_offers_its_conditions_in_words(gleb, client):
    stage = make_stage(by=gleb, name_ru="Показ", entry_criteria=["budget_known"])
    client.force_login(gleb)
    page = client.get(f"/stages/{stage.pk}/edit/", headers={"Accept-Language": "ru"}).content.decode()
    assert 'name="entry_criteria" value="budget_known" checked><span>известен бюджет</span>' in page
    assert page.count('name="entry_criteria"') == page.count('name="exit_criteria"') == 6
    typed = {"name_ru": "Показ", "position": stage.position, "pipeline_version": stage.pipeline_version_id}
    kept = {"kind": "open", "owner_rule": "previous", "probability": "0", "exit_result_type": "decision"}
    ticked = {"entry_criteria": ["party_known", "date_known"], "version": stage.version}
    answer = client.post(f"/stages/{stage.pk}/edit/", {**typed, **kept, **ticked})
    assert answer.status_code == 303, answer.content.decode()
    stage.refresh_from_db()
    assert (stage.entry_criteria, stage.exit_criteria) == (["party_known", "date_known"], [])


def test_a_version_is_called_by_its_pipeline_and_number(gleb, client):
    stage = make_stage(by=gleb, name_ru="Показ")
    version = stage.pipeline_version
    client.force_login(gleb)
    page = client.get("/stages/", headers={"Accept-Language": "ru"}).content.decode()
    assert f"{version.pipeline.name_ru} · {version.number}</a>" in page
