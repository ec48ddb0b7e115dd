"""The feed of changes: whoever reads to its end holds an exact copy, whatever happens while he reads."""

from __future__ import annotations

import random
import threading
import time
from functools import partial

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from krug.access.models import Grant, Reach
from krug.activities.models import Task
from krug.activities.testing import make_task
from krug.administration.testing import make_attribute
from krug.duplicates.merging.splitting import split_at_door
from krug.duplicates.merging.uniting import merge_at_door
from krug.integrations.following.changes import stored_fields, stored_json
from krug.integrations.following.feed import ROWS
from krug.kernel import doors
from krug.kernel.attributes.serving import served
from krug.kernel.listing.concealing import rows_told
from krug.kernel.registry import entities, get_entity
from krug.kernel.testing.cast import make_role
from krug.kernel.tests.test_api import Program
from krug.kernel.visibility import forget_rights
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


class Copy:
    """A program that follows the feed and keeps what it is told."""

    def __init__(self, user, cursor=""):
        self.program, self.cursor = Program(user), cursor
        self.records: dict[tuple[str, int], dict] = {}
        self.told: list[dict] = []

    def read(self, limit=7):
        """One page; whether there is more."""
        answer = self.program.call("GET", f"/changes?limit={limit}&after={self.cursor}")
        assert answer.status_code == 200, answer.content
        page = answer.json()
        for change in page["results"]:
            self.told.append(change)
            if change["kind"] == "gone":
                self.records.pop((change["entity"], change["id"]), None)
            else:
                self.records[change["entity"], change["id"]] = change["record"]
        self.cursor = page["next"]
        return page["more"]

    def read_to_the_end(self):
        while self.read():
            pass
        return [(change["entity"], change["id"], change["kind"]) for change in self.told]


def truth(user, codes):
    """Everything the user may see, as it stands."""
    found = {}
    for code in codes:
        entity, fields = get_entity(code), stored_fields(get_entity(code))
        for row in rows_told(entity.rows_for(user), entity, fields, user, also=("id", "version")):
            found[code, row["id"]] = stored_json(entity, row, fields, "en")
    return found


@pytest.fixture
def copy(anna, boris, gleb):
    start = Copy(anna)
    return Copy(anna, start.program.call("GET", "/changes?after=now").json()["next"])


def test_now_tells_nothing_and_everything_later_is_told_once(copy, anna, boris):
    assert copy.read_to_the_end() == []
    party = make_party("Первая", owner=anna)
    make_party(owner=boris)
    told = copy.read_to_the_end()
    assert [one for one in told if one[0] == "party"] == [("party", party.pk, "created")]
    assert copy.records["party", party.pk]["display_name"] == "Первая"
    before = len(copy.told)
    copy.read_to_the_end()
    assert len(copy.told) == before


def test_what_leaves_the_callers_sight_is_gone_and_what_was_never_seen_is_not_told(copy, anna, boris, gleb):
    mine, strange = make_party(owner=anna), make_party(owner=boris)
    copy.read_to_the_end()
    copy.told.clear()
    doors.change_record(get_entity("party"), mine.pk, {"owner": boris}, by=gleb)
    doors.change_record(get_entity("party"), strange.pk, {"owner": gleb}, by=gleb)
    assert [one for one in copy.read_to_the_end() if one[0] == "party"] == [("party", mine.pk, "gone")]
    copy.told.clear()
    doors.change_record(get_entity("party"), strange.pk, {"owner": anna}, by=gleb)
    assert ("party", strange.pk, "changed") in copy.read_to_the_end()


def test_a_record_put_away_is_told_as_it_stands_and_a_deleted_one_is_gone(copy, anna):
    party, task = make_party(owner=anna), make_task(owner=anna)
    copy.read_to_the_end()
    copy.told.clear()
    doors.archive_record(get_entity("party"), party.pk, by=anna)
    number = task.pk
    Task.objects.filter(pk=number).delete()
    told = copy.read_to_the_end()
    assert ("party", party.pk, "changed") in told and ("task", number, "gone") in told
    assert copy.records["party", party.pk]["is_archived"] is True
    assert ("task", number) not in copy.records


def test_several_changes_of_one_record_are_told_as_one(copy, anna):
    party = make_party(owner=anna)
    for city in ("Самара", "Казань", "Омск"):
        doors.change_record(get_entity("party"), party.pk, {"city": city}, by=anna)
    copy.read(limit=200)
    assert [(c["kind"], c["record"]["city"]) for c in copy.told if c["entity"] == "party"] == [("created", "Омск")]


@pytest.mark.parametrize(
    "cursor",
    ["x", "AAAA", "!!", "W10", "W0luZmluaXR5LDEsMywieCJd", "WzEsMiwzXQ", "WzksMSwwLCJ4Il0", "a" * 3000, "bnVsbA"],
)
def test_an_unknown_cursor_is_refused(anna, cursor):
    answer = Program(anna).call("GET", f"/changes?after={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "CURSOR")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=-1", "kind=1"])
def test_other_parameters_are_refused(anna, query):
    assert Program(anna).call("GET", f"/changes?{query}").status_code == 400


def test_whoever_sees_another_world_now_has_to_read_anew(copy, anna):
    make_party(owner=anna)
    copy.read_to_the_end()
    anna.roles.set([make_role("wider", {"*": (Reach.ALL, ["*"])})])
    forget_rights([anna])
    answer = copy.program.call("GET", f"/changes?after={copy.cursor}")
    assert (answer.status_code, answer.json()["code"]) == (409, "CURSOR_OUTDATED")


def test_a_token_hears_of_nothing_beyond_its_scopes(anna):
    party = make_party(owner=anna)
    make_task(owner=anna)
    copy = Copy(anna)
    copy.program = Program(anna, "party:view")
    assert {one[0] for one in copy.read_to_the_end()} >= {"party"}
    assert "task" not in {one[0] for one in copy.read_to_the_end()}
    assert ("party", party.pk) in copy.records


def test_a_field_that_a_role_hides_is_in_no_record(anna):
    make_party(owner=anna, city="Самара")
    assert "Самара" in str(read_all(anna))
    group = served(get_entity("party")).groups["city"]
    Grant.objects.filter(role__users=anna).update(fields={"*": "edit", group: "hidden"})
    forget_rights([anna])
    assert "Самара" not in str(read_all(anna)) and "'city'" not in str(read_all(anna))


def close(user, *names):
    """The role of this person no longer shows him the groups of these fields of customers."""
    groups = served(get_entity("party")).groups
    Grant.objects.filter(role__users=user).update(fields={"*": "edit", **{groups[name]: "hidden" for name in names}})
    forget_rights([user])


def test_a_change_of_closed_fields_alone_is_not_told_and_a_change_of_others_is(anna, gleb):
    close(anna, "city")
    party = make_party(owner=anna)
    added = make_attribute("Zodiac", entity="party")
    copy = Copy(anna)
    copy.read_to_the_end()
    copy.told.clear()
    change = partial(doors.change_record, get_entity("party"), party.pk, by=gleb)
    change({"city": "Самара"})
    assert [one for one in copy.read_to_the_end() if one[0] == "party"] == []
    change({"city": "Омск", "employees": 7})
    change({added.key: "Leo"})
    assert [one for one in copy.read_to_the_end() if one[0] == "party"] == [("party", party.pk, "changed")]
    assert copy.records["party", party.pk][added.key] == "Leo"


def test_a_record_that_comes_or_goes_by_a_closed_field_is_told(anna, boris, gleb):
    close(anna, "owner")
    mine, theirs = make_party(owner=anna), make_party(owner=boris)
    copy = Copy(anna)
    copy.read_to_the_end()
    copy.told.clear()
    doors.change_record(get_entity("party"), mine.pk, {"owner": boris}, by=gleb)
    doors.change_record(get_entity("party"), theirs.pk, {"owner": anna}, by=gleb)
    told = [one for one in copy.read_to_the_end() if one[0] == "party"]
    assert told == [("party", mine.pk, "gone"), ("party", theirs.pk, "changed")]


def test_a_merge_is_told_with_the_record_that_stays_and_a_split_takes_it_back(copy, anna, boris, gleb):
    keeper, loser, away = make_party(owner=anna), make_party(owner=anna), make_party(owner=anna)
    doors.archive_record(get_entity("party"), away.pk, by=anna)
    copy.read_to_the_end()
    copy.told.clear()
    merge_at_door(get_entity("party"), keeper.pk, [loser.pk, away.pk], by=anna)
    copy.read_to_the_end()
    told = {change["id"]: change for change in copy.told if change["entity"] == "party"}
    assert {number: told[number]["merged_into"] for number in told} == {
        loser.pk: keeper.pk,
        away.pk: keeper.pk,
        **({keeper.pk: None} if keeper.pk in told else {}),
    }
    assert told[loser.pk]["record"]["is_archived"] is True
    copy.told.clear()
    split_at_door(get_entity("party"), loser.pk, by=anna)
    copy.read_to_the_end()
    assert [change["merged_into"] for change in copy.told if change["id"] == loser.pk] == [None]
    copy.told.clear()
    doors.change_record(get_entity("party"), keeper.pk, {"owner": boris}, by=gleb)
    Party.objects.filter(pk=away.pk).update(city="Омск")
    copy.read_to_the_end()
    assert [c["merged_into"] for c in copy.told if c["id"] == away.pk] == [None]  # who stays is not open any more


def read_all(user):
    copy = Copy(user)
    copy.read_to_the_end()
    return copy.records


def test_a_page_costs_the_same_for_one_change_and_for_twenty(copy, anna):
    def cost(number):
        for _turn in range(number):
            make_party(owner=anna)
        with CaptureQueriesContext(connection) as questions:
            copy.read(limit=200)
        return len(questions)

    cost(1)
    assert cost(1) == cost(20)


def test_the_feed_reads_by_the_index_of_numbers(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO row_change (table_name, row_id, kind) SELECT 'party', n, 'U' FROM generate_series(1, 60000) n"
        )
        cursor.execute("ANALYZE row_change")
        cursor.execute("SELECT max(id) FROM row_change")
        last = cursor.fetchone()[0]
        cursor.execute(f"EXPLAIN {ROWS}", [last - 5_000, last, 200])
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "Bitmap Index Scan on row_change_" in plan and "_id_idx" in plan, plan


def other_connection():
    given = connection.get_connection_params()
    wanted = {name: given[name] for name in ("host", "port", "user", "password", "dbname") if given.get(name)}
    return psycopg.connect(**wanted)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_passed_over_that_another_transaction_has_not_committed_yet(anna, gleb):
    first, second = make_party(owner=anna), make_party(owner=anna)
    copy = Copy(gleb)
    copy.read_to_the_end()
    copy.told.clear()
    with other_connection() as late:
        late.execute("UPDATE party SET city = 'Поздно' WHERE id = %s", [first.pk])  # has the smaller number
        doors.change_record(get_entity("party"), second.pk, {"city": "Рано"}, by=gleb)
        for _turn in range(3):
            copy.read_to_the_end()
        assert copy.told == []  # the order is not final yet
        late.commit()
    copy.read_to_the_end()
    copy.read_to_the_end()
    assert [(c["id"], c["record"]["city"]) for c in copy.told] == [(first.pk, "Поздно"), (second.pk, "Рано")]


def written(seed, parties, gleb, owners):
    """Thirty changes of any kind, each in a transaction that stays open for a while."""
    chance, entity = random.Random(seed), get_entity("party")
    for number in range(30):
        with transaction.atomic():
            pk, kind = chance.choice(parties), chance.randrange(5)
            if kind == 0:
                make_task(f"Задача {seed}-{number}", owner=chance.choice(owners))
            elif kind == 1:
                doors.change_record(entity, pk, {"owner": chance.choice(owners)}, by=gleb)
            elif kind == 2:
                Task.objects.filter(pk__in=list(Task.objects.values_list("pk", flat=True)[:1])).delete()
            elif kind == 3:
                Party.objects.filter(pk=pk).update(is_archived=chance.random() < 0.5)
            else:
                doors.change_record(entity, pk, {"city": f"Город {seed}-{number}"}, by=gleb)
            time.sleep(chance.random() * 0.02)


def beside(troubles, work, *given):
    """The work on a thread of its own; what it raises is kept."""

    def run():
        try:
            work(*given)
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_to_the_end_while_others_write_holds_an_exact_copy(anna, boris, gleb):
    copies, stop = [Copy(gleb), Copy(anna)], threading.Event()
    parties = [make_party(owner=owner).pk for owner in (anna, boris) * 4]
    troubles: list[BaseException] = []

    def follow(copy):
        while not stop.is_set():
            copy.read(limit=5)

    writers = [beside(troubles, written, seed, parties, gleb, [anna, boris]) for seed in range(4)]
    readers = [beside(troubles, follow, copy) for copy in copies]
    for thread in writers:
        thread.join()
    stop.set()
    for thread in readers:
        thread.join()
    assert troubles == []
    codes = [entity.code for entity in entities()]
    for copy, user in zip(copies, (gleb, anna), strict=True):
        copy.read_to_the_end()
        copy.read_to_the_end()
        forget_rights([user])
        assert copy.records == truth(user, codes)
        assert len(copy.told) > 40
