"""Forms of records: nothing typed is lost, colleagues' edits merge, faults are said at their fields."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from krug.kernel import doors
from krug.kernel.journal.recording import last_act
from krug.kernel.models import Draft
from krug.kernel.registry import get_entity
from krug.parties.testing import make_party
from krug.sales.models import Deal
from krug.sales.testing import make_deal, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]


@pytest.fixture
def deal(anna: Any) -> Any:
    return make_deal("Насосы, партия 3", owner=anna, party=make_party("Северный Ветер", owner=anna))


@pytest.fixture
def form(anna: Any, client: Any, deal: Any) -> Any:
    """The fields of the deal's edit form as a browser would send them back."""
    client.force_login(anna)
    return sent_back(client, f"/deals/{deal.pk}/edit/")


def sent_back(client: Any, url: str) -> dict[str, str]:
    from html.parser import HTMLParser

    found: dict[str, str] = {}

    class Reader(HTMLParser):
        inside = False
        select = ""

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            said = dict(attrs)
            if tag == "form":
                self.inside = said.get("id") == "record-form"
            if not self.inside:
                return
            name = said.get("name")
            if tag == "input" and name and (said.get("type") != "checkbox" or "checked" in said):
                found[name] = said.get("value") or ""
            elif tag == "textarea" and name:
                found[name] = ""
            elif tag == "select" and name:
                self.select, found[name] = name, ""
            elif tag == "option" and "selected" in said:
                found[self.select] = said.get("value") or ""

    Reader().feed(client.get(url).content.decode())
    return found


def test_an_unchanged_form_changes_nothing(client, deal, form, happened):
    before = happened()
    assert client.post(f"/deals/{deal.pk}/edit/", form).status_code == 303
    deal.refresh_from_db()
    assert happened() == before


def test_a_changed_field_is_saved_and_the_page_opens(client, deal, form, happened):
    answer = client.post(f"/deals/{deal.pk}/edit/", {**form, "amount": "1 234,5", "expected_on": "25.12.2026"})
    assert (answer.status_code, answer["Location"]) == (303, f"/deals/{deal.pk}/")
    deal.refresh_from_db()
    assert (deal.amount, str(deal.expected_on)) == (Decimal("1234.50"), "2026-12-25")
    assert happened()[-1] == "RecordChanged"


@pytest.mark.parametrize(("typed", "kept"), [("1 234,5", "1234.50"), ("1234.5", "1234.50"), ("1,2 млн", "1200000.00")])
def test_sums_are_read_as_people_write_them(client, deal, form, typed, kept):
    client.post(f"/deals/{deal.pk}/edit/", {**form, "amount": typed})
    deal.refresh_from_db()
    assert deal.amount == Decimal(kept)


def test_faults_stand_above_and_beside_the_fields_and_what_was_typed_stays(client, deal, form, happened):
    before = happened()
    answer = client.post(
        f"/deals/{deal.pk}/edit/", {**form, "name": " ", "amount": "много", "expected_on": "31.02.2026"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    with translation.override("ru"):
        assert f"<title>{gettext('Error:')}" in text
    for name in ("name", "amount", "expected_on"):
        assert f'href="#f-{name}"' in text
        assert f'id="f-{name}-error"' in text
    assert 'value="много"' in text
    assert 'value="31.02.2026"' in text
    deal.refresh_from_db()
    assert deal.name == "Насосы, партия 3"
    assert happened() == before


def test_two_people_edit_different_fields_and_both_are_saved(anna, client, deal, form):
    entity = get_entity("deal")
    doors.change_record(entity, deal.pk, {"amount": Decimal("500000")}, by=anna)
    assert client.post(f"/deals/{deal.pk}/edit/", {**form, "name": "Насосы, партия 4"}).status_code == 303
    deal.refresh_from_db()
    assert (deal.name, deal.amount) == ("Насосы, партия 4", Decimal("500000.00"))


def test_two_people_edit_the_same_field_and_both_values_are_shown(anna, vera, client, deal, form):
    doors.change_record(get_entity("deal"), deal.pk, {"amount": Decimal("500000")}, by=vera)
    answer = client.post(f"/deals/{deal.pk}/edit/", {**form, "amount": "700000", "name": "Новое имя"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "500\u00a0000" in text
    assert "700\u00a0000" in text
    assert "Лебедева" in text
    assert 'value="Новое имя"' in text
    deal.refresh_from_db()
    assert (deal.amount, deal.name) == (Decimal("500000.00"), "Насосы, партия 3")


@pytest.mark.parametrize(("choice", "kept"), [("mine", "700000.00"), ("theirs", "500000.00")])
def test_the_choice_between_two_values_is_kept(anna, vera, client, deal, form, choice, kept):
    doors.change_record(get_entity("deal"), deal.pk, {"amount": Decimal("500000")}, by=vera)
    typed = {**form, "amount": "700000", "name": "Новое имя"}
    page = client.post(f"/deals/{deal.pk}/edit/", typed).content.decode()
    assert 'name="keep__amount"' in page
    deal.refresh_from_db()
    again = {**typed, "version": str(deal.version), "seen__amount": "500000.00", "keep__amount": choice}
    assert client.post(f"/deals/{deal.pk}/edit/", again).status_code == 303
    deal.refresh_from_db()
    assert (deal.amount, deal.name) == (Decimal(kept), "Новое имя")


def test_a_protected_field_that_is_sent_is_not_written(client, deal, form):
    stage = deal.stage_id
    client.post(f"/deals/{deal.pk}/edit/", {**form, "stage": "999", "state": "won", "closed_at": "2026-01-01"})
    deal.refresh_from_db()
    assert (deal.stage_id, deal.is_open) == (stage, True)


def test_a_reference_is_found_only_among_visible_records(anna, boris, client, deal, form, happened):
    hidden = make_party("Чужой клиент", owner=boris)
    before = happened()
    answer = client.post(f"/deals/{deal.pk}/edit/", {**form, "party": str(hidden.pk), "party__text": "чужой"})
    assert answer.status_code == 422
    assert "Чужой клиент" not in answer.content.decode()
    deal.refresh_from_db()
    assert deal.party.display_name == "Северный Ветер"
    assert happened() == before


def test_a_link_to_a_hidden_record_keeps_its_place_without_its_name(anna, boris, gleb, client, deal):
    hidden = make_party("Чужой клиент", owner=boris)
    doors.change_record(get_entity("deal"), deal.pk, {"party": hidden}, by=gleb)
    client.force_login(anna)
    sent = sent_back(client, f"/deals/{deal.pk}/edit/")
    assert sent["party"] == str(hidden.pk)
    assert "Чужой клиент" not in str(sent)
    assert client.post(f"/deals/{deal.pk}/edit/", {**sent, "name": "Новое имя"}).status_code == 303
    deal.refresh_from_db()
    assert (deal.party_id, deal.name) == (hidden.pk, "Новое имя")


def test_the_words_of_a_reference_are_looked_up_without_scripts(anna, client, deal, form):
    other = make_party("Волга-Трейд", owner=anna)
    sent = {**form, "party": "", "party__text": "волга-трейд"}
    assert client.post(f"/deals/{deal.pk}/edit/", sent).status_code == 303
    deal.refresh_from_db()
    assert deal.party_id == other.pk


def test_words_that_name_nobody_are_kept_and_explained(anna, client, deal, form):
    answer = client.post(f"/deals/{deal.pk}/edit/", {**form, "party": "", "party__text": "Никто"})
    assert answer.status_code == 422
    assert "Никто" in answer.content.decode()


def test_the_form_of_a_new_record_takes_its_context_from_the_address(anna, client):
    make_version()
    party = make_party("Северный Ветер", owner=anna)
    client.force_login(anna)
    sent = sent_back(client, f"/deals/new/?party={party.pk}&stage=1")
    assert sent["party"] == str(party.pk)
    assert sent["owner"] == str(anna.pk)
    assert "stage" not in sent


def test_context_that_may_not_be_seen_is_left_out(anna, boris, client):
    party = make_party("Чужой клиент", owner=boris)
    client.force_login(anna)
    text = client.get(f"/deals/new/?party={party.pk}").content.decode()
    assert "Чужой клиент" not in text


def test_a_double_press_makes_one_record(anna, client):
    make_version()
    party = make_party(owner=anna)
    client.force_login(anna)
    sent = {"name": "Насосы", "party": str(party.pk), "amount": "620000", "quick": "1", "once": "one-and-the-same"}
    first, second = (client.post("/deals/new/?quick=1", sent) for _press in range(2))
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Deal.objects.filter(name="Насосы").count() == 1


def test_more_fields_keep_what_was_typed(anna, client):
    client.force_login(anna)
    answer = client.post("/deals/new/?quick=1", {"name": "Насосы", "amount": "620 000", "quick": "1", "more": "1"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Насосы"' in text
    assert 'value="620 000"' in text
    assert 'name="expected_on"' in text
    assert not Deal.objects.filter(name="Насосы").exists()


def test_what_was_refused_is_kept_as_a_draft_and_dropped_when_saved(anna, client, deal, form):
    client.post(f"/deals/{deal.pk}/edit/", {**form, "amount": "много"})
    assert Draft.objects.get(user=anna).data["amount"] == "много"
    assert 'value="много"' in client.get(f"/deals/{deal.pk}/edit/").content.decode()
    client.post(f"/deals/{deal.pk}/edit/", {**form, "amount": "5"})
    assert not Draft.objects.exists()


def test_a_number_keeps_its_size_when_the_language_changes_over_an_unfinished_form(anna, client, deal, form):
    client.force_login(anna)
    english = {**form, "amount": "237,000", "expected_on": "31.02.2027", "written_in": "en"}
    text = client.post(f"/deals/{deal.pk}/edit/", english).content.decode()  # answered in Russian
    assert 'name="amount"' in text
    assert 'value="237\u00a0000"' in text
    assert 'name="written_in" value="ru"' in text
    client.post(f"/deals/{deal.pk}/edit/", {**form, "amount": "237,000", "written_in": "en"})
    deal.refresh_from_db()
    assert deal.amount == 237_000


def test_a_draft_survives_another_device_and_belongs_to_one_person(anna, boris, client):
    client.force_login(anna)
    answer = client.post("/drafts/deal.new/", {"name": "Начало", "csrfmiddlewaretoken": "x", "once": "y"})
    assert "note" in answer.json()
    assert client.get("/drafts/deal.new/").json()["fields"] == {"name": "Начало"}
    client.force_login(boris)
    assert client.get("/drafts/deal.new/").status_code == 204


def test_a_draft_can_be_thrown_away(anna, client):
    client.force_login(anna)
    client.post("/drafts/deal.new/", {"name": "Начало"})
    client.post("/drafts/deal.new/", {"discard": "1"})
    assert not Draft.objects.exists()


def test_one_field_is_edited_in_place_and_undone(anna, client, deal):
    client.force_login(anna)
    url = f"/deals/{deal.pk}/field/amount/"
    before = deal.amount
    part = {"HX-Request": "true", "HX-Target": "cell"}
    given = sent_in_place(client.get(url, headers=part).content.decode())
    answer = client.post(url, {**given, "amount": "777"}, headers=part)
    assert answer.status_code == 200
    assert "777\u00a0₽" in answer.content.decode()
    deal.refresh_from_db()
    assert deal.amount == Decimal("777.00")
    assert client.post(f"/journal/{last_act()}/undo/").status_code == 303
    deal.refresh_from_db()
    assert deal.amount == before


def test_a_field_that_only_verbs_change_has_no_form_in_place(anna, client, deal):
    client.force_login(anna)
    assert client.get(f"/deals/{deal.pk}/field/stage/").status_code == 404
    assert client.post(f"/deals/{deal.pk}/field/stage/", {"stage": "1"}).status_code == 404


def test_choices_are_looked_up_among_visible_records_only(anna, boris, client):
    mine, other = make_party("Северный Ветер", owner=anna), make_party("Северный полюс", owner=boris)
    client.force_login(anna)
    text = client.get("/parties/options/?q=северный").content.decode()
    assert f'data-value="{mine.pk}"' in text
    assert f'data-value="{other.pk}"' not in text


def test_choices_are_found_by_digits_as_the_search_box_finds_them(anna, boris, client):
    from krug.parties.testing import make_point, make_requisites

    mine, other = make_party("Северный Ветер", owner=anna), make_party("Чужой", owner=boris)
    make_point(party=mine, raw="+7 812 555-01-42", owner=anna)
    make_point(party=other, raw="+7 812 999-01-42", owner=boris)
    make_requisites(mine, owner=anna, inn="7707083893", kpp="773601001")
    client.force_login(anna)
    for words in ("0142", "8 (812) 555 01 42", "7707083893", "ctdthysq dtnth"):
        text = client.get("/parties/options/", {"q": words}).content.decode()
        assert f'data-value="{mine.pk}"' in text, words
        assert f'data-value="{other.pk}"' not in text


def test_choices_of_one_type_are_not_crowded_out_by_hits_of_others(anna, client):
    from krug.kernel.search.indexing import index_records

    mine = make_party("Северный Ветер", owner=anna)
    other = make_party("Завод", owner=anna)
    deals = [make_deal(f"Северный ветер, партия {number}", owner=anna, party=other) for number in range(70)]
    index_records(get_entity("party"), [mine.pk, other.pk])
    index_records(get_entity("deal"), [deal.pk for deal in deals])
    client.force_login(anna)
    with CaptureQueriesContext(connection) as asked:
        text = client.get("/parties/options/", {"q": "ctdthysq dtnth"}).content.decode()
    assert re.findall(r'data-value="(\d+)"', text) == [str(mine.pk)]
    looked = [query["sql"] for query in asked.captured_queries if '"search_document"' in query["sql"]]
    assert looked and all("deal" in sql.partition("NOT")[2] for sql in looked), "the other types are left out at once"
    with CaptureQueriesContext(connection) as asked:
        client.get("/industries/options/", {"q": "ctdthysq dtnth"})
    assert not [query for query in asked.captured_queries if '"search_document"' in query["sql"]]


def sent_in_place(html: str) -> dict[str, str]:
    import re

    pairs = re.findall(r'<input type="(?:hidden|text)"[^>]*?name="([^"]+)" value="([^"]*)"', html)
    return {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}
