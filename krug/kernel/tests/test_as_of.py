"""Records and lists as of a moment: what stood there then, by the rights of today, and nothing can be changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from krug.kernel.doors import archive_record, change_record, create_record
from krug.kernel.errors import BadRequest
from krug.kernel.journal import as_of
from krug.kernel.journal.as_of import looking_at, read_moment
from krug.kernel.journal.recording import begin_act, last_act
from krug.kernel.journal.undo import undo_acts
from krug.kernel.listing.bulk import reading_for
from krug.kernel.registry import get_entity
from krug.kernel.visibility import may
from krug.parties.models import Party
from krug.parties.testing import make_party
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db


def moment():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def party_entity():
    return get_entity("party")


def change(party, by, **values):
    change_record(party_entity(), party.pk, values, by=by)


@pytest.fixture
def party(anna):
    return make_party("Прежнее имя", owner=anna, employees=5, city="Омск")


@pytest.fixture
def at(client, anna):
    client.force_login(anna)
    return client


def test_a_record_reads_as_it_stood_and_as_it_is_again_afterwards(anna, party):
    then = moment()
    change(party, anna, employees=7)
    change(party, anna, employees=9, city="Тула")
    with looking_at(then):
        old = Party.objects.get(pk=party.pk)
        assert (old.employees, old.city, old.version) == (5, "Омск", party.version)
    new = Party.objects.get(pk=party.pk)
    assert (new.employees, new.city) == (9, "Тула")


def test_each_moment_between_shows_its_own_values(anna, party):
    moments = []
    for number in (6, 7, 8):
        change(party, anna, employees=number)
        moments.append(moment())
    for number, then in zip((6, 7, 8), moments, strict=True):
        with looking_at(then):
            assert Party.objects.get(pk=party.pk).employees == number


def test_what_was_made_later_is_not_there_yet_and_what_was_deleted_is_there_again(anna, party):
    made = create_record(party_entity(), {"display_name": "На час"}, by=anna)
    act, then = last_act(), moment()
    undo_acts([act], by=anna)
    later = make_party("Позже", owner=anna)
    assert not Party.objects.filter(pk=made.pk).exists()
    with looking_at(then):
        assert Party.objects.get(pk=made.pk).display_name == "На час"
        assert not Party.objects.filter(pk=later.pk).exists()


def test_a_record_deleted_and_brought_back_reads_as_of_each_time(anna):
    made = create_record(party_entity(), {"display_name": "Туда"}, by=anna)
    act, first = last_act(), moment()
    back, second = undo_acts([act], by=anna), moment()
    undo_acts([back.act], by=anna)
    change(made, anna, employees=3)
    with looking_at(first):
        assert Party.objects.get(pk=made.pk).employees is None
    with looking_at(second):
        assert not Party.objects.filter(pk=made.pk).exists()


def test_linked_records_read_as_of_the_same_moment(anna, party):
    deal = make_deal(owner=anna, party=party)
    then = moment()
    change(party, anna, display_name="Новое имя")
    with looking_at(then):
        rows = get_entity("deal").rows_for(anna).filter(party__display_name="Прежнее имя")
        assert list(rows.values_list("pk", "party__display_name")) == [(deal.pk, "Прежнее имя")]


def test_nothing_written_while_looking_back_stays(anna, party):
    then = moment()
    with looking_at(then):
        make_party("Не останется", owner=anna)
    assert not Party.objects.filter(display_name="Не останется").exists()


def test_rights_are_those_of_today(anna, boris, party):
    then = moment()
    begin_act(anna)
    Party.objects.filter(pk=party.pk).update(owner=boris)
    with looking_at(then):
        assert not party_entity().rows_for(anna).filter(pk=party.pk).exists()
        assert party_entity().rows_for(boris).get(pk=party.pk).owner_id == anna.pk
        assert not may(anna, "party", "change")
    assert may(anna, "party", "change")


def test_the_list_of_then_is_filtered_sorted_and_paged_by_the_values_of_then(at, anna, party):
    then = moment()
    change(party, anna, display_name="Новое имя")
    tree = '{"field":"display_name","operator":"contains","value":"Прежнее"}'
    page = at.get("/parties/", {"as_of": then.isoformat(), "filter": tree, "sort": "-display_name"}).content.decode()
    assert "Прежнее имя" in page and "Новое имя" not in page and 'id="as-of"' in page
    assert "as_of=" in page and f'data-edit-url="/parties/{party.pk}' not in page
    assert "Прежнее имя" not in at.get("/parties/", {"filter": tree}).content.decode().split("<tbody")[-1]


def test_the_page_of_then_offers_nothing_to_do(at, anna, party):
    then = moment()
    change(party, anna, display_name="Новое имя")
    page = at.get(f"/parties/{party.pk}/", {"as_of": then.isoformat()}).content.decode()
    assert "Прежнее имя" in page and 'id="as-of"' in page
    assert f"/parties/{party.pk}/edit/" not in page and f"/parties/{party.pk}/archive/" not in page
    assert at.get("/parties/").status_code in (200, 302)


def test_words_are_looked_for_in_the_texts_of_then(at, anna, party):
    then = moment()
    change(party, anna, display_name="Новое имя")
    page = at.get("/parties/", {"as_of": then.isoformat(), "q": "прежнее"}).content.decode()
    assert "Прежнее имя" in page


def test_what_was_archived_later_stands_in_the_list_of_then(at, anna, party):
    then = moment()
    archive_record(party_entity(), party.pk, by=anna)
    assert "Прежнее имя" in at.get("/parties/", {"as_of": then.isoformat()}).content.decode()


def test_a_day_means_its_end_and_today_means_now(anna):
    reading = reading_for(anna)
    assert timezone.now() - read_moment(reading.today.isoformat(), reading) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("text", "code"),
    [("2999-01-01", "IN_FUTURE"), ("1999-01-01", "BEFORE_HISTORY"), ("never", "MOMENT"), ("T", "MOMENT")],
)
def test_a_moment_that_can_not_be_looked_at_is_refused_with_words(at, text, code):
    answer = at.get("/parties/", {"as_of": text})
    assert answer.status_code == 400
    assert at.get("/parties/count/", {"as_of": text}, headers={"HX-Request": "true"}).status_code == 400
    assert at.get("/parties/export/", {"as_of": text}).status_code == 400
    with pytest.raises(BadRequest) as no:
        read_moment(text, reading_for(answer.wsgi_request.user))
    assert no.value.code == code


@pytest.mark.parametrize("page", ["/parties/", "/parties/{}/"])
def test_a_word_that_is_no_day_leaves_the_page_of_today_and_stays_in_its_field(at, party, page):
    answer = at.get(page.format(party.pk), {"as_of": "вчерашний снег", "q": "Прежнее"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "Прежнее имя" in text
    assert 'value="вчерашний снег"' in text
    assert "as-of-again-error" in text
    assert '<input type="hidden" name="q" value="Прежнее">' in text


def test_the_refusal_of_a_day_before_the_history_says_when_it_begins(anna, monkeypatch):
    monkeypatch.setattr(as_of, "history_begins", lambda: datetime(2026, 10, 1, 9, tzinfo=UTC))
    with pytest.raises(BadRequest) as no:
        read_moment("2026-09-30", reading_for(anna))
    assert "1 Oct 2026" in str(no.value)


def test_the_past_is_not_changed_by_address(at, party):
    assert at.post(f"/parties/{party.pk}/?as_of={timezone.now().isoformat()}").status_code in (400, 405)
