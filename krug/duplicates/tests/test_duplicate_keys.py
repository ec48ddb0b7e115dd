"""The keys that bring records together are made in bulk, dropped by what changes a record, and read in chunks."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from krug.duplicates.matching.keeping import keep_keys, short_keys
from krug.duplicates.matching.queue import Cancelled, write_pairs
from krug.duplicates.matching.records import traits_of
from krug.duplicates.models import DuplicateKeys, DuplicatePair
from krug.kernel.doors import change_record, create_record
from krug.kernel.registry import get_entity
from krug.language.matching.comparing import Profile
from krug.parties.models import Contact, Party
from krug.parties.testing import make_contact, make_party

pytestmark = pytest.mark.django_db


def kept(code):
    return set(DuplicateKeys.objects.filter(entity=code).values_list("record_id", flat=True))


def test_keys_are_made_once_and_by_few_queries_however_many_records_there_are(anna):
    party = get_entity("party")
    make_party("Ромашка", owner=anna)
    with CaptureQueriesContext(connection) as one:
        assert keep_keys(party) == 1
    many = [make_party(f"Завод {number}", owner=anna) for number in range(30)]
    with CaptureQueriesContext(connection) as thirty:
        assert keep_keys(party) == 30
    assert len(thirty) == len(one)
    assert {each.pk for each in many} <= kept("party")
    assert keep_keys(party) == 0


def test_a_new_name_a_new_phone_and_putting_away_drop_the_keys_of_that_record_alone(anna):
    party, contact = get_entity("party"), get_entity("contact")
    one, two = make_party("Ромашка", owner=anna), make_party("Василёк", owner=anna)
    person = make_contact("Королёва Алёна", owner=anna)
    for entity in (party, contact):
        keep_keys(entity)
    change_record(party, one.pk, {"display_name": "Лютик"}, by=anna)
    assert (kept("party"), kept("contact")) == ({two.pk}, {person.pk})
    keep_keys(party)
    create_record(get_entity("contact-point"), {"contact": person, "type": "phone", "raw": "+7 846 332-45-67"}, by=anna)
    assert (kept("party"), kept("contact")) == ({one.pk, two.pk}, set())
    keep_keys(contact)
    change_record(contact, person.pk, {"note": "Звонить утром"}, by=anna)
    assert kept("contact") == {person.pk}
    change_record(contact, person.pk, {"birthday": date(1990, 4, 5)}, by=anna)
    assert kept("contact") == set()


def test_the_keys_of_a_record_that_is_gone_are_gone_at_the_next_search(anna):
    one, two = make_party("Ромашка", owner=anna), make_party("Василёк", owner=anna)
    keep_keys(get_entity("party"))
    Party.objects.filter(pk=one.pk).update(is_archived=True)
    keep_keys(get_entity("party"))
    assert kept("party") == {two.pk}


def test_keys_made_by_other_rules_are_made_anew(anna):
    one = make_party("Ромашка", owner=anna)
    party = get_entity("party")
    keep_keys(party)
    DuplicateKeys.objects.update(signature=1, keys=[])
    assert keep_keys(party) == 1
    traits = traits_of(party)
    said = Profile(one.pk, tuple(("Ромашка",) if trait.name == "" else () for trait in traits))
    assert set(short_keys(said, traits)) <= set(DuplicateKeys.objects.get(record_id=one.pk).keys)


def filled(count: int) -> None:
    """So many people, every hundredth written twice."""
    names = ("Алёна", "Пётр", "Фёдор", "Мария", "Ольга", "Игорь", "Яна", "Лев", "Зоя", "Юрий", "Ева")
    roots = ("Воробь", "Сорок", "Голуб", "Лебед", "Синиц", "Орл", "Зябликов", "Стриж", "Дятл", "Чайк", "Гус", "Утк")
    ends = ("ёвский", "ин", "енко", "овский", "ич", "ян", "идзе", "ских", "ев", "юк")
    base = Contact.objects.count()
    rows = []
    for place in range(count):
        number = place - 1 if place % 100 == 99 else place
        surname = roots[number % 12] + ends[number // 12 % 10] + chr(1072 + number // 120 % 30) * (1 + number // 3600)
        rows.append(
            Contact(
                full_name=f"{surname} {names[number % 11]}", surname=surname, given_name=names[number % 11],
                birthday=date(1950 + number % 50, 1 + number % 12, 1 + number % 28),
            )
        )  # fmt: skip
    Contact.objects.bulk_create(rows)
    assert Contact.objects.count() == base + count


def test_four_thousand_people_are_searched_and_every_one_written_twice_is_found(anna):
    filled(4_000)
    write_pairs(get_entity("contact"))
    pairs = set(DuplicatePair.objects.filter(score__gte=0.9).values_list("one_id", "two_id"))
    twice = {(first, first + 1) for first, _last in pairs if (first, first + 1) in pairs}
    assert len(twice) >= 40


def test_a_search_stops_between_chunks_and_leaves_the_queue_as_it_was(anna):
    filled(300)
    told = []

    def stop(done):
        told.append(done)
        if done > 60:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_pairs(get_entity("contact"), tell=stop)
    assert told == sorted(told) and told[-1] > 60
    assert not DuplicatePair.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'alike%%' AND relpersistence = 't'")
        assert cursor.fetchone() == (0,)
