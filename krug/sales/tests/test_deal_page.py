"""The page of a deal, the small form of a move, and the board, as people meet them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from krug.activities.models import Interaction
from krug.parties.testing import make_contact, make_position
from krug.sales.models import Deal
from krug.sales.testing import (
    advance,
    make_deal,
    make_deal_contact,
    make_deal_line,
    make_loss_reason,
    make_work,
    prove,
    stage_of,
)


@pytest.fixture
def desk(client, anna):
    """Anna at her desk, in English."""
    anna.language = "en"
    anna.save(update_fields=["language"])
    client.force_login(anna)
    return client


def test_the_page_shows_each_stage_with_its_responsible_and_its_result(desk, anna):
    deal = advance(make_deal(owner=anna), by=anna, to=2)
    make_work(deal=deal, by=anna)
    make_deal_line(deal=deal, by=anna)
    answer = desk.get(f"/deals/{deal.pk}/").content.decode()
    for words in (
        "Interest",
        "Presentation",
        "Anna Sokolova",
        "the customer&#39;s confirmation",
        "Подготовить расчёт",
        "Насос",
    ):
        assert words in answer, words


@pytest.mark.parametrize(("language", "said"), [("en", "overdue"), ("ru", "просрочено")])
def test_an_open_deal_whose_day_has_passed_is_marked_by_a_word(desk, anna, language, said):
    anna.language = language
    anna.save(update_fields=["language"])
    late = make_deal(owner=anna, expected_on=timezone.localdate() - timedelta(days=1))
    in_time = make_deal(owner=anna, expected_on=timezone.localdate() + timedelta(days=1))
    assert said in desk.get(f"/deals/{late.pk}/").content.decode()
    assert said not in desk.get(f"/deals/{in_time.pk}/").content.decode()


def test_the_form_of_a_move_asks_only_for_what_is_missing(desk, anna):
    deal = make_deal(owner=anna)
    answer = desk.get(f"/deals/{deal.pk}/move/").content.decode()
    assert 'name="said"' in answer and 'name="stage"' in answer
    assert 'name="loss_reason"' not in answer and 'name="evidence"' not in answer
    prove(deal, by=anna)
    answer = desk.get(f"/deals/{deal.pk}/move/").content.decode()
    assert 'name="said"' not in answer
    lost = deal.pipeline_version.stages.get(kind="lost")
    answer = desk.get(f"/deals/{deal.pk}/move/?stage={lost.pk}").content.decode()
    for name in ("loss_reason", "competitor", "amount", "return_on"):
        assert f'name="{name}"' in answer


def test_another_stage_is_asked_about_anew_and_nothing_typed_is_lost(desk, anna, happened):
    deal = make_deal(owner=anna)
    url, lost, told = f"/deals/{deal.pk}/move/", deal.pipeline_version.stages.get(kind="lost"), happened()
    form = desk.get(url, headers={"HX-Request": "true", "HX-Target": "dialog"}).content.decode()
    assert f'hx-post="{url}"' in form and 'hx-target="#dialog"' in form
    assert "<noscript><button" in form
    answer = desk.post(url, {"stage": lost.pk, "said": "Показали насосы", "again": "1"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "error-summary" not in text
    assert 'name="loss_reason"' in text and '<textarea id="f-said"' not in text
    assert '<input type="hidden" name="said" value="Показали насосы">' in text
    sent = {"stage": stage_of(deal, 2).pk, "said": "Показали насосы", "loss_note": "Дорого", "again": "1"}
    text = desk.post(url, sent).content.decode()
    assert ">Показали насосы</textarea>" in text
    assert '<input type="hidden" name="loss_note" value="Дорого">' in text
    assert (Deal.objects.get().stage, happened()) == (stage_of(deal, 1), told)


def test_words_typed_into_the_form_become_the_meeting_that_proves_the_result(desk, anna):
    deal = make_deal(owner=anna)
    answer = desk.post(f"/deals/{deal.pk}/move/", {"stage": stage_of(deal, 2).pk, "said": "Показали насосы"})
    assert answer.status_code in (204, 303), answer.content.decode()[:2000]
    deal.refresh_from_db()
    assert deal.stage == stage_of(deal, 2)
    assert deal.results.get().evidence_entity == "interaction"


def test_words_prove_no_meeting_unless_somebody_of_the_customer_was_there(desk, anna, happened):
    deal = make_deal(owner=anna)
    person, other, stranger = (make_contact(name, owner=anna) for name in ("Ким Олег", "Ли Анна", "Цой Вера"))
    for known in (person, other):
        make_position(known, deal.party, owner=anna)
    make_deal_contact(deal=deal, contact=other, by=anna)
    url, told = f"/deals/{deal.pk}/move/", happened()
    form = desk.get(url).content.decode()
    assert f'<option value="{other.pk}" selected' in form and f'value="{person.pk}"' in form
    for wrong in ("", stranger.pk):
        sent = {"stage": stage_of(deal, 2).pk, "said": "Показали насосы", "with_whom": wrong}
        assert desk.post(url, sent).status_code == 422
        assert (Deal.objects.get().stage, happened()) == (stage_of(deal, 1), told)
    sent = {"stage": stage_of(deal, 2).pk, "said": "Показали насосы", "with_whom": person.pk}
    assert desk.post(url, sent).status_code == 303
    assert list(Interaction.objects.get().contacts.all()) == [person]


def test_a_refused_move_says_what_is_missing_at_its_field(desk, anna):
    deal = make_deal(owner=anna)
    answer = desk.post(f"/deals/{deal.pk}/move/", {"stage": stage_of(deal, 2).pk, "said": ""})
    assert answer.status_code == 422
    assert Deal.objects.get().stage == stage_of(deal, 1)


def test_a_deal_is_won_by_one_form_with_the_number_of_the_contract(desk, anna):
    from krug.sales.testing import make_version

    deal = make_deal(owner=anna, pipeline=make_version("customer_confirmation").pipeline)
    answer = desk.post(f"/deals/{deal.pk}/win/", {"said": "Согласны", "contract": "17-П"})
    assert answer.status_code in (204, 303), answer.content.decode()[:2000]
    assert Deal.objects.get().state == "won"


def test_a_deal_is_lost_by_one_form(desk, anna):
    deal = make_deal(owner=anna)
    lost = deal.pipeline_version.stages.get(kind="lost")
    answer = desk.post(f"/deals/{deal.pk}/move/", {"stage": lost.pk})
    assert answer.status_code == 422
    reason = make_loss_reason()
    answer = desk.post(f"/deals/{deal.pk}/move/", {"stage": lost.pk, "loss_reason": reason.pk, "amount": "580 000"})
    assert answer.status_code in (204, 303), answer.content.decode()[:2000]
    assert (Deal.objects.get().state, Deal.objects.get().loss_reason) == ("lost", reason)


def test_the_board_has_the_stages_as_columns_and_the_cards_with_their_marks(desk, anna):
    make_deal("Насосы, партия 3", owner=anna)
    answer = desk.get("/deals/?view=board")
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "Interest",
        "Advice and training",
        "Won",
        "Lost",
        "Насосы, партия 3",
        "no next step",
        "without a step: 1",
    ):
        assert words in text, words


def test_a_card_dropped_without_a_result_opens_the_form(desk, anna):
    deal = make_deal(owner=anna)
    answer = desk.post(
        "/deals/move/", {"card": deal.pk, "column": stage_of(deal, 2).pk}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert 'name="said"' in answer.content.decode()
    prove(deal, by=anna)
    answer = desk.post(
        "/deals/move/", {"card": deal.pk, "column": stage_of(deal, 2).pk}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert Deal.objects.get().stage == stage_of(deal, 2)


def test_a_stranger_meets_no_such_deal_on_any_door(client, anna, boris):
    deal = make_deal(owner=anna)
    client.force_login(boris)
    for address in ("", "edit/", "history/", "move/", "win/", "lose/"):
        assert client.get(f"/deals/{deal.pk}/{address}").status_code == 404, address
    for address in ("win/", "move/", "archive/", "reopen/"):
        assert client.post(f"/deals/{deal.pk}/{address}").status_code == 404, address


@pytest.mark.parametrize(
    "plural",
    ["deals", "deal-lines", "deal-contacts", "works", "stage-visits", "stage-results", "pipelines", "pipeline-versions",
     "stages", "loss-reasons", "competitors", "products", "product-categories", "documents"],
)  # fmt: skip
def test_every_list_opens(desk, plural):
    assert desk.get(f"/{plural}/").status_code == 200


def test_a_pipeline_shows_its_stages_and_lets_only_drafts_be_edited(desk, anna):
    version = make_deal(owner=anna).pipeline_version
    answer = desk.get(f"/pipelines/{version.pipeline_id}/").content.decode()
    assert "Advice and training" in answer and "Add a stage" not in answer
    assert f'<a href="/pipeline-versions/{version.pk}/">{version}</a>' in answer
    assert desk.post(f"/pipelines/{version.pipeline_id}/draft/").status_code in (204, 303)
    draft = version.pipeline.versions.get(state="draft")
    answer = desk.get(f"/pipeline-versions/{draft.pk}/").content.decode()
    assert "Add a stage" in answer and f"/stages/{draft.stages.first().pk}/edit/" in answer
