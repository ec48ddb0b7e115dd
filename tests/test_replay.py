"""Every route, verb and call of the API as every shipped role, as a stranger and as nobody: what is refused changes
nothing, what is hidden is not there, and nothing breaks.

Routes that walk the same code (the same screen or the same call, for one type or for eighty) are asked for one type,
and of the roles that stand alike before a door one is sent through it, each role to other doors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client

from krug.access.models import Reach, Role, User
from krug.administration.actions.shipped_roles import SHIPPED, ensure_shipped_roles
from krug.administration.policies import is_administrator
from krug.kernel.attributes.serving import served
from krug.kernel.entity import Entity
from krug.kernel.registry import entities, get_entity
from krug.kernel.screens.door import door_of
from krug.kernel.testing.cast import administrator_role, make_team, make_user
from krug.kernel.testing.contract import make, routes
from krug.kernel.tokens import issue
from krug.kernel.visibility import is_employee, rights_of
from krug.parties.testing import make_party

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes"), pytest.mark.usefixtures("kept")]
NOT_THERE = 987_654_321
STRANGER, NOBODY = "stranger", "nobody"
WHO = [*(shipped.code for shipped in SHIPPED), STRANGER, NOBODY]
SAMPLE = "deal"
SHARED_BY = 3
VERBS = "krug.kernel.screens.verb.verb"
# A refusal is itself written down, guesses are counted, what was typed is kept, and a session or token seen to be used.
LEFT_OUT = ("audit_record", "attempt_counter", "user_session", "api_token", "draft")
# What a route takes in the place of the word in brackets.
WORDS = {
    "str:secret": "no-such-secret",
    "str:token": "no-such-token",
    "str:place": "deal.new",
    "slug:handle": "none",
    "slug:key": "all",
    "slug:code": "deal",
    "slug:plural": "deals",
    "slug:act": "cancel",
    "slug:fate": "bad",
    "slug:name": "name",
    "uuid:act": str(UUID(int=7)),
    "uuidstr:act": str(UUID(int=7)),
    "int:number": str(NOT_THERE),
    "int:pk": str(NOT_THERE),
}


@dataclass(frozen=True)
class Route:
    """One address with the code behind it, the type it belongs to, and the right that opens it."""

    address: str
    view: Any
    entity: Entity | None
    is_single: bool

    @property
    def is_call(self) -> bool:
        return self.address.startswith("api/")

    def right(self, method: str) -> tuple[str, str]:
        """What its door says, or what the call of the API is named after."""
        code, _dot, verb = door_of(self.view).partition(".")
        if verb or self.entity is None or not self.is_call:
            return code, verb
        last = self.address.rstrip("/").rpartition("/")[2]
        usual = {"get": "view", "patch": "change", "delete": "archive", "post": "view"}
        return self.entity.code, last if method == "post" and self.entity.verb(last) else usual[method]

    def filled(self, number: int | None) -> str:
        """The address with something in the place of each word in brackets; an unknown word fails the test."""

        def put(found: re.Match[str]) -> str:
            word = found.group(1)
            if word.startswith("int:") and number is not None:
                return str(number)
            assert word in WORDS, f"The replay does not know what to put for <{word}> in {self.address}. Teach it."
            return WORDS[word]

        return "/" + re.sub(r"<([^>]+)>", put, self.address)


@dataclass
class House:
    """One record of each type, and somebody for each role; none of them owns, leads or takes part in anything."""

    records: dict[str, Any]
    people: dict[str, User | None]
    clients: dict[str, Client]
    programs: dict[str, Client]


@pytest.fixture(scope="module")
def house(kept: None) -> House:
    ensure_shipped_roles()
    owner = make_user("owner@replay.example", role=administrator_role(), team=make_team(), surname="Хозяин")
    records = {
        code: make(get_entity(code), owner) for code in sorted({each.entity.code for each in asked() if each.entity})
    }
    people: dict[str, User | None] = {NOBODY: None, STRANGER: make_user("stranger@replay.example")}
    for role in Role.objects.filter(is_shipped=True):
        people[role.code] = make_user(f"{role.code}@replay.example", role=role, team=make_team())
    clients = {who: Client(raise_request_exception=False) for who in WHO}
    programs = {who: Client(raise_request_exception=False) for who in WHO}
    for who, person in people.items():
        if person is not None:
            clients[who].force_login(person)
            programs[who].defaults["HTTP_AUTHORIZATION"] = f"Bearer {issue(person).text}"
    return House(records, people, clients, programs)


def code_behind(view: Any) -> str:
    """The name of the function that answers in the end."""
    while inner := getattr(view, "__wrapped__", None) or getattr(view, "func", None):
        view = inner
    return f"{view.__module__}.{view.__qualname__}"


@cache
def known_routes() -> dict[str, tuple[Any, Entity | None, tuple[str, str]]]:
    """Every address once, with its type and what makes two addresses the same: the code and the shape."""
    plurals = {entity.plural_url: entity for entity in entities()}
    found = {}
    for address, view in routes():
        head, _slash, _rest = address.removeprefix("api/v1/").partition("/")
        entity = plurals.get(head)
        shape = address if entity is None else address.replace(head, "*", 1)
        found.setdefault(address, (view, entity, (shape, code_behind(view))))
    return found


@cache
def asked() -> tuple[Route, ...]:
    """What is sent for: everything that stands alone, and of what serves many types the sample's."""
    known = known_routes()
    shared = Counter(same for _view, _entity, same in known.values())
    samples: dict[tuple[str, str], Route] = {}
    for address, (view, entity, same) in known.items():
        route = Route(address, view, entity, shared[same] < SHARED_BY or same[1] == VERBS)
        if route.is_single:
            samples[(address, same[1])] = route
        elif same not in samples or (entity is not None and entity.code == SAMPLE):
            samples[same] = route
    return tuple(samples.values())


def shape_of(person: User | None, right: tuple[str, str]) -> tuple[Any, ...]:
    """How somebody stands before a door; who stands alike meets the same code."""
    if person is None:
        return ("nobody",)
    code, verb = right
    rights = rights_of(person)
    if not verb:
        return is_employee(person), is_administrator(person)
    return rights.may(code, verb), rights.reach(code) != Reach.NONE


def is_shut(person: User | None, right: tuple[str, str]) -> bool:
    """Whether the door must refuse, whatever is asked behind it."""
    code, verb = right
    if person is None:
        return code not in ("public", "its own")
    return verb not in ("", "view") and not rights_of(person).may(code, verb)


def bodies(route: Route, record: Any) -> list[dict[str, Any]]:
    """Nothing, and what looks like the record itself."""
    if route.entity is None or record is None:
        return [{}]
    known = served(route.entity)
    typed = {name: known.fields[name].raw(known.fields[name].value_of(record)) for name in known.editable}
    typed = {name: value for name, value in typed.items() if value is not None}
    return [{}, {**typed, "version": str(getattr(record, "version", 1)), "reason": "Потому что", "ids": str(record.pk)}]


def requests(house: House, who: str) -> Iterator[tuple[Route, str, dict[str, Any], bool]]:
    """What one role sends: each route that falls to it read, and written to with nothing and with something."""
    for place, route in enumerate(asked()):
        # What an administrator reads of a type is asked by the contract tests, of all types.
        record = house.records.get(route.entity.code) if route.entity else None
        for method in ("get", "post", "patch", "delete") if route.is_call else ("get", "post"):
            right = route.right(method)
            shape = shape_of(house.people[who], right)
            alike = [each for each in WHO if shape_of(house.people[each], right) == shape]
            shut = is_shut(house.people[who], right)
            if alike[place % len(alike)] != who or (method == "get" and route.entity and shape == (True, True)):
                continue
            for body in bodies(route, record) if method in ("post", "patch") else [{}]:
                yield route, method, body, shut


def ask(house: House, who: str, route: Route, method: str, body: dict[str, Any], number: int | None) -> Any:
    """The answer to one request; what the client was told to remember is forgotten again."""
    url = route.filled(number)
    if route.is_call:
        sent = {} if method == "get" else {"data": body, "content_type": "application/json"}
        return getattr(house.programs[who], method)(url, **sent)
    client = house.clients[who]
    cookies = client.cookies.copy()
    try:
        return getattr(client, method)(url, body)
    finally:
        client.cookies = cookies


def touched() -> Counter[str]:
    """How many rows each table was given, changed in and rid of since the transaction began, undone ones included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return Counter({name: count for name, count in cursor.fetchall() if not name.startswith(LEFT_OUT)})


def content(tables: Any) -> dict[str, Any]:
    """What these tables hold, as a number each."""
    with connection.cursor() as cursor:
        held = {}
        for name in sorted(tables):
            cursor.execute(f'SELECT count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM "{name}" t')
            held[name] = cursor.fetchone()
        return held


@dataclass
class Watch:
    """Tells after each request which tables hold something else, and puts everything back."""

    seen: Counter[str]

    def left_behind(self, mark: str) -> list[str]:
        now = touched()
        moved = [name for name in now if now[name] != self.seen[name]]
        held = content(moved)
        transaction.savepoint_rollback(mark)
        self.seen = now
        before = content(moved)
        return [name for name in moved if held[name] != before[name]]


def is_refused(answer: Any) -> bool:
    return answer.status_code >= 400 or "/sign-in/" in answer.headers.get("Location", "")


def test_the_watch_sees_what_is_written_and_not_what_was_undone_again(house):
    watch = Watch(touched())
    mark = transaction.savepoint()
    make_party("Насос")
    assert "party" in watch.left_behind(mark)
    mark, inner = transaction.savepoint(), transaction.savepoint()
    make_party("Насос")
    transaction.savepoint_rollback(inner)
    assert watch.left_behind(mark) == []


@pytest.mark.parametrize("who", WHO)
def test_what_is_refused_changes_nothing_and_nothing_breaks(who, house):
    broken, changed, let_in, refused = [], [], [], 0
    watch = Watch(touched())
    for route, method, body, shut in requests(house, who):
        record = house.records.get(route.entity.code) if route.entity else None
        mark = transaction.savepoint()
        answer = ask(house, who, route, method, body, record.pk if record else None)
        told = (method, route.address, answer.status_code)
        left = watch.left_behind(mark)
        if answer.status_code >= 500 and answer.status_code != 503:
            broken.append(told)
        if is_refused(answer):
            refused += 1
            if left:
                changed.append((*told, left))
        elif shut:
            let_in.append(told)
    assert (broken, changed, let_in) == ([], [], [])
    assert refused


def plain(answer: Any) -> str:
    """What is told, without numbers, times and what is drawn afresh for each answer."""
    text = re.sub(r'nonce="[^"]*"|(value|content)="[\w+=-]{16,}"', "", answer.content.decode())
    return re.sub(r"\d+", "0", re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "0", text))


def test_to_a_stranger_a_record_that_he_may_not_see_and_one_that_never_was_are_the_same(house):
    different = []
    for route in asked():
        if route.entity is None or not re.search(r"<int:(pk|number)>|\{number\}", route.address):
            continue
        for method in ("get", "post"):
            got = []
            for number in (house.records[route.entity.code].pk, NOT_THERE):
                mark = transaction.savepoint()
                answer = ask(house, STRANGER, route, method, {}, number)
                transaction.savepoint_rollback(mark)
                got.append((answer.status_code, plain(answer)))
            if got[0] != got[1] or got[0][0] not in (400, 403, 404, 405, 422):
                different.append((method, route.address, got[0][0], got[1][0]))
    assert different == []


def test_every_route_is_asked_or_walks_the_same_code_as_one_that_is():
    sent = {(known_routes()[route.address][2]) for route in asked()}
    assert {address for address, (_view, _entity, same) in known_routes().items() if same not in sent} == set()
    for route in asked():
        assert "<" not in route.filled(1)
        assert "<" not in route.filled(None)
    for entity in entities():
        for verb in entity.verbs:
            assert any(each.address == f"{entity.plural_url}/<int:pk>/{verb.name}/" for each in asked()), verb.name
