"""The timeline and the history: what happened, in words, as far as the reader may see."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from krug.activities.testing import make_interaction
from krug.kernel import doors
from krug.kernel.journal.models import JournalEntry, JournalMention
from krug.kernel.journal.timeline import Timeline, Wanted, timeline_of
from krug.kernel.registry import get_entity
from krug.kernel.screens.history import history_of
from krug.kernel.ui.names import full_name
from krug.parties.testing import make_party
from krug.sales.models import Deal
from krug.sales.testing import make_deal

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]


@pytest.fixture
def deal(anna: Any) -> Any:
    return make_deal("Насосы, партия 3", owner=anna, party=make_party("Северный Ветер", owner=anna))


def change(deal: Deal, by: Any, **values: Any) -> Any:
    return doors.change_record(get_entity("deal"), deal.pk, values, by=by)


def story(record: Any, user: Any, **wanted: Any) -> Timeline:
    limit = wanted.pop("limit", 30)
    since = wanted.pop("since", None)
    entity = get_entity(record._meta.db_table)
    return timeline_of(entity, record, user, wanted=Wanted(**wanted), since=since, limit=limit)


def pass_time(minutes: int) -> None:
    """Let everything that happened so far have happened earlier."""
    for model in (JournalEntry, JournalMention):
        model.objects.update(at=F("at") - timedelta(minutes=minutes))


def test_a_change_says_the_old_value_and_the_new_one(anna, deal):
    before = deal.amount
    change(deal, anna, amount=Decimal("700000.50"))
    with translation.override("ru"):
        line = story(deal, anna).lines[0]
    assert line.who == "Соколова\u00a0А.\u00a0И."
    assert [(found.name, found.new) for found in line.changes] == [("amount", "700\u00a0000,50")]
    assert line.changes[0].old.replace("\u00a0", "") == f"{before:.0f}"


def test_changes_within_two_minutes_stand_in_one_line(anna, deal):
    change(deal, anna, name="Насосы, партия 4")
    pass_time(1)
    change(deal, anna, name="Насосы, партия 5", amount=Decimal("1"))
    line = story(deal, anna).lines[0]
    told = {found.name: (found.old, found.new) for found in line.changes}
    assert told["name"] == ("Насосы, партия 3", "Насосы, партия 5")
    assert len([line for line in story(deal, anna).lines if line.icon == "edit"]) == 1


def test_changes_further_apart_or_by_another_stand_alone(anna, vera, deal):
    change(deal, anna, name="Насосы, партия 4")
    pass_time(3)
    change(deal, anna, name="Насосы, партия 5")
    change(deal, vera, name="Насосы, партия 6")
    assert len([line for line in story(deal, anna).lines if line.icon == "edit"]) == 3


def test_a_field_changed_there_and_back_leaves_no_trace_in_the_line(anna, deal):
    change(deal, anna, name="Насосы, партия 4", amount=Decimal("1"))
    change(deal, anna, name="Насосы, партия 3")
    assert [found.name for found in story(deal, anna).lines[0].changes] == ["amount"]


def test_the_party_tells_what_happened_to_its_deals(anna, deal):
    change(deal, anna, amount=Decimal("5"))
    line = story(deal.party, anna).lines[0]
    assert line.about_url == f"/deals/{deal.pk}/"
    assert "Насосы, партия 3" in line.about


def test_entries_about_hidden_records_are_left_out(anna, boris, gleb, deal):
    hidden = make_deal("Чужая сделка", owner=boris, party=deal.party)
    doors.change_record(get_entity("deal"), hidden.pk, {"amount": Decimal("5")}, by=gleb)
    told = " ".join(f"{line.about} {line.phrase}" for line in story(deal.party, anna).lines)
    assert "Чужая сделка" not in told
    assert "Чужая сделка" in " ".join(line.about for line in story(deal.party, gleb).lines)


def test_the_timeline_is_narrowed_by_kind_person_and_word(anna, vera, deal):
    make_interaction(by=anna, party=deal.party, text="Просили скидку 5%_ на насосы")
    change(deal, vera, amount=Decimal("5"))
    party = deal.party
    assert {line.kind for line in story(party, anna, kind="interaction").lines} == {"interaction"}
    named = full_name(vera.surname, vera.given_name)
    assert {line.who for line in story(party, anna, who=str(vera.pk)).lines} == {named}
    assert len(story(party, anna, words="скидку 5%_").lines) == 1
    assert story(party, anna, words="скидку 6%").lines == []
    assert {line.icon for line in story(deal, anna, kind="changes").lines} == {"edit"}


def test_earlier_entries_go_on_where_the_first_ones_ended(anna, deal):
    for number in range(7):
        change(deal, anna, name=f"Насосы, партия {10 + number}")
        pass_time(10)
    whole = [line.key for line in story(deal, anna).lines]
    first = story(deal, anna, limit=4)
    rest = story(deal, anna, limit=30, before=first.earlier)
    assert [line.key for line in first.lines] + [line.key for line in rest.lines] == whole


def test_earlier_entries_come_alone_when_only_they_are_asked_for(anna, client, deal):
    for number in range(32):
        change(deal, anna, name=f"Насосы {number}")
        pass_time(10)
    client.force_login(anna)
    page = client.get(f"/deals/{deal.pk}/").content.decode()
    earlier = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&").replace("#timeline", "")
    part = client.get(earlier, headers={"HX-Request": "true", "HX-Target": "timeline"}).content.decode()
    assert "<h1" not in part
    assert "Насосы 1</ins>" in part
    assert part.count('id="timeline-more"') == 1
    assert "hx-get" not in part


def test_a_nonsense_place_is_refused(anna, client, deal):
    client.force_login(anna)
    assert client.get(f"/deals/{deal.pk}/?earlier=nonsense").status_code == 400
    assert client.get(f"/deals/{deal.pk}/history/?earlier=1~2").status_code == 400


def test_what_is_new_since_the_last_look_is_marked(anna, deal):
    change(deal, anna, amount=Decimal("5"))
    pass_time(60)
    since = timezone.now() - timedelta(minutes=30)
    make_interaction(by=anna, party=deal.party, about=deal)
    found = story(deal.party, anna, since=since)
    marks = [line.is_new for line in found.lines]
    assert marks == sorted(marks, reverse=True)
    assert found.first_old == next(line.key for line in found.lines if not line.is_new)


def test_the_address_keeps_the_filter(anna, client, deal):
    client.force_login(anna)
    text = client.get(f"/deals/{deal.pk}/?kind=changes&words=насос").content.decode()
    assert 'value="changes" selected' in text
    assert 'value="насос"' in text


def test_a_longer_story_costs_no_more_queries(anna, deal):
    change(deal, anna, name="Раз")
    with CaptureQueriesContext(connection) as few:
        story(deal, anna)
    for number in range(10):
        change(deal, anna, name=f"Раз {number}")
        pass_time(10)
    with CaptureQueriesContext(connection) as many:
        story(deal, anna)
    assert len(many) == len(few)


def test_the_history_tells_who_changed_which_field(anna, deal):
    change(deal, anna, name="Насосы, партия 4")
    newest = history_of(get_entity("deal"), deal, anna).changes[0]
    assert newest.who == full_name(anna.surname, anna.given_name)
    told = [(found.name, found.old, found.new) for found in newest.differences]
    assert told == [("name", "Насосы, партия 3", "Насосы, партия 4")]


def test_a_change_that_passed_by_the_doors_stands_in_the_history_too(anna, deal):
    Deal.objects.filter(pk=deal.pk).update(name="Прямо в базе")
    newest = history_of(get_entity("deal"), deal, anna).changes[0]
    assert (newest.who, newest.differences[0].new) == ("", "Прямо в базе")


def test_the_name_of_a_hidden_record_is_not_told_by_the_history(anna, boris, gleb, deal):
    change(deal, gleb, party=make_party("Чужой клиент", owner=boris))
    told = history_of(get_entity("deal"), deal, anna).changes[0].differences[0]
    assert told.old == "Северный Ветер"
    assert "Чужой" not in told.new
