"""Whatever is sent, the answer is a page or a refusal, but never a fault of ours (INP-04, INP-05, INP-13, INP-14)."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from krug.access.models import User
from krug.kernel.testing.cast import administrator_role, make_user
from krug.kernel.testing.contract import routes
from krug.kernel.tokens import issue
from krug.parties.testing import make_contact
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db
NASTY = (
    "\0",
    "a\0b",
    "\ud800",
    "%00",
    "1" + "0" * 400,
    "-1",
    "1e400",
    "NaN",
    "Infinity",
    "9" * 5000,
    "99999999999999999999",
    "٣",
    "²",
    "' OR 1=1 --",
    "1); DROP TABLE deal; --",
    "%s%s%(x)s",
    "{{7*7}}",
    "../../etc/passwd",
    "\\\\evil\\x",
    "\r\nSet-Cookie: a=b",
    "0001-01-01T00:00:00+14:00~1",
    "9999-12-31T23:59:59-14:00~" + "9" * 40,
    "9999-99",
    "0000-00",
    "today-9999m",
    "__class__",
    "party__party__party__party__id",
    "[" * 2000,
    '{"all":[{"field":"name","operator":"eq","value":"\\ud800"}]}',
    '{"field":"\\ud800","operator":"eq","value":1}',
    '{"field":"id","operator":"\\ud800","value":1}',
    '{"field":"amount","operator":"gt","value":1e400}',
    '{"field":"amount","operator":"gt","value":1' + "0" * 400 + "}",
    '{"field":"expected_on","operator":"lt","value":"today+9999m"}',
    '{"field":"created_at","operator":"lt","value":"9999-12-31"}',
    '{"field":"created_at","operator":"eq","value":"0001-01-01"}',
    '{"field":"party","operator":"in","value":[{"id":[]}, true, null]}',
    '{"field":"name","operator":"contains","value":{"a":1}}',
    '{"not":' * 40 + "1" + "}" * 40,
)
COMMON = ("\0", "\ud800", "1" + "0" * 400, "-1", "NaN", "٣", "9999-99", "__class__", "0001-01-01T00:00:00+14:00~1")
PARAMETERS = """
    q sort columns limit after before open saved view month add operator value list earlier kind who words next party
    about contact owner quick more shown undo count name display_name text inn phone pipeline since until page
""".split()  # noqa: SIM905  (one address a line is easier to read)
API = ("/api/v1/deals/", "/api/v1/deals/totals", "/api/v1/search", "/api/v1/changes")


def asked(value: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"))


@pytest.fixture(scope="module")
def gleb(kept: None) -> User:
    """Gleb administers, and nothing is kept from him."""
    return make_user("gleb@example.org", role=administrator_role(), surname="Громов", given_name="Глеб")


@pytest.fixture(scope="module")
def known(gleb: User) -> dict[str, Any]:
    """A customer, a person and a deal to be asked about."""
    deal = make_deal(by=gleb)
    return {"deals": deal, "parties": deal.party, "contacts": make_contact(by=gleb)}


@pytest.fixture
def signed_in(gleb: User, client: Client) -> Client:
    """A client that gives back answers instead of raising our faults."""
    client.force_login(gleb)
    client.raise_request_exception = False
    return client


def plain_pages(known: dict[str, Any]) -> list[str]:
    found = []
    for route, _view in routes():
        record = known.get(route.partition("/")[0])
        if "<" not in route and not route.startswith(("api/", "healthz", "readyz")):
            found.append(f"/{route}")
        elif "<int:pk>" in route and record is not None and not route.startswith("api/"):
            found.append(f"/{route.replace('<int:pk>', str(record.pk)).replace('<slug:name>', 'owner')}")
    return list(dict.fromkeys(found))


def faults(client: Client, urls: list[str]) -> list[tuple[int, str]]:
    answers = ((client.get(url).status_code, url[:200]) for url in urls)
    return [(status, url) for status, url in answers if status >= 500]


def test_no_parameter_breaks_any_page(known, signed_in):
    """Each page gets some of the parameters, each with some nasty value, so that all of them mix."""
    urls = []
    for place, page in enumerate(plain_pages(known)):
        values = [NASTY[(place * 7 + at) % len(NASTY)] for at in range(len(PARAMETERS))]
        some = [f"{name}={asked(value)}" for name, value in zip(PARAMETERS, values, strict=True)][place % 3 :: 3]
        urls.append(f"{page}?{'&'.join(some)}")
    assert faults(signed_in, urls) == []


def test_a_filter_takes_each_nasty_value(known, signed_in):
    assert faults(signed_in, [f"/deals/?view=table&filter={asked(value)}" for value in NASTY]) == []


def test_each_parameter_of_a_list_and_a_page_takes_nasty_values(known, signed_in):
    pages = ("/deals/", f"/deals/{known['deals'].pk}/", "/reports/funnel/", "/log/")
    urls = [
        f"{pages[(at + turn) % 4]}?{name}={asked(value)}"
        for at, name in enumerate(PARAMETERS)
        for turn, value in enumerate(COMMON[at % 3 :: 3])
    ]
    assert faults(signed_in, urls) == []


@pytest.mark.parametrize("address", API)
def test_each_parameter_of_the_api_takes_nasty_values(address, known, gleb):
    client = Client(headers={"Authorization": f"Bearer {issue(gleb).text}"}, raise_request_exception=False)
    urls = [f"{address}?filter={asked(value)}" for value in NASTY[-12:]]
    for name in ["q", "sort", "fields", "expand", "limit", "after", "before", "as_of", "by", "sum"]:
        urls += [f"{address}?{name}={asked(value)}" for value in COMMON]
    assert faults(client, urls) == []


FORMS = {
    "/parties/new/": ("display_name", "kind", "city", "parent", "owner", "once", "next", "version"),
    "/parties/quick/": ("display_name", "inn", "phone", "email", "person", "city", "once"),
    "/contacts/new/": ("full_name", "surname", "birthday", "owner", "note", "once"),
    "/deals/new/": ("name", "party", "party__text", "amount", "currency", "expected_on", "pipeline", "once"),
    "/tasks/new/": ("name", "due_on", "assignee", "party", "about"),
    "/log/": ("text", "party", "at", "minutes", "next_step", "about", "contacts", "once"),
    "/deals/views/": ("name", "shared"),
    "/drafts/x/": ("name", "next"),
    "/dates/": ("text",),
    "/dates/read/": ("text",),
    "/deals/move/": ("card", "column", "once"),
    "/teams/new/": ("name", "parent", "head"),
    "/me/": ("timezone", "language"),
    "/me/email/": ("email", "current"),
    "/me/tokens/": ("name", "scopes", "days"),
    "/settings/company/": ("name", "currency", "timezone"),
    "/import/": ("preset",),
    "/sign-in/": ("email", "password", "next"),
}


@pytest.mark.parametrize("url", sorted(FORMS))
def test_no_form_breaks_on_what_is_typed(url, known, signed_in):
    found = []
    for name in FORMS[url]:
        for value in ("\0", "\ud800", "1" + "0" * 400, "a" * 70_000, "31.02.2026"):
            body = f"{name}={asked(value)}"
            others = "&".join(f"{other}=1" for other in FORMS[url] if other != name)
            answer = signed_in.post(url, f"{body}&{others}", content_type="application/x-www-form-urlencoded")
            if answer.status_code >= 500:
                found.append((name, value[:30]))
    assert found == []


BODIES = (
    "[" * 50_000,
    '{"name":"\\ud800"}',
    '{"name":"a\\u0000"}',
    '{"amount":1e400}',
    '{"amount":1' + "0" * 400 + "}",
    '{"amount":NaN}',
    '{"amount":"1e400"}',
    '{"party":{"id":{"id":1}}}',
    '{"party":[1]}',
    '{"name":["x"]}',
    '{"name":{"a":1}}',
    '{"name":true,"amount":true,"expected_on":true}',
    '{"expected_on":"9999-12-31"}',
    '{"expected_on":"0001-01-01"}',
    '{"expected_on":1}',
    '"text"',
    "null",
    "\xff",
    '{"__class__":1}',
    '{"id":1,"version":1,"created_by":1}',
)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_no_body_breaks_the_api(body, known, gleb, happened):
    client = Client(headers={"Authorization": f"Bearer {issue(gleb).text}"}, raise_request_exception=False)
    before, deal = happened(), known["deals"]
    for method, url in ((client.post, "/api/v1/deals/"), (client.patch, f"/api/v1/deals/{deal.pk}/")):
        answer = method(url, body.encode("latin1", "replace"), content_type="application/json")
        assert answer.status_code < 500, answer.content
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
    assert [each for each in happened() if each != "RecordChanged"] == before


def test_too_many_fields_and_too_deep_or_large_bodies_are_refused(signed_in, gleb):
    assert signed_in.post("/deals/new/", {f"f{number}": "1" for number in range(1001)}).status_code == 400
    client = Client(headers={"Authorization": f"Bearer {issue(gleb).text}"})
    deep = json.dumps({"a": 1}).replace("1", "[" * 33 + "]" * 33)
    assert client.post("/api/v1/deals/", deep, content_type="application/json").json()["code"] == "TOO_DEEP"
    nested = client.post(
        "/api/v1/parties/", '{"note":' + "[" * 1000 + "]" * 1000 + "}", content_type="application/json"
    )
    assert (nested.status_code, nested.json()["code"]) == (400, "TOO_DEEP")
    large = json.dumps({"name": "x" * 1_100_000})
    assert client.post("/api/v1/deals/", large, content_type="application/json").status_code in (400, 413)
    assert client.get("/api/v1/deals/?limit=1&limit=2").status_code == 400
    assert client.get("/api/v1/deals/?limit=201").status_code == 400
    assert client.get("/api/v1/deals/?owner__password=x").status_code == 400


@pytest.mark.parametrize("text", ["[" * 1000, '"[{' * 400, "\\" * 999 + "{[" * 300, "]" * 500 + "[" * 500])
def test_brackets_inside_a_text_are_no_depth(text, gleb):
    client = Client(headers={"Authorization": f"Bearer {issue(gleb).text}"})
    made = client.post("/api/v1/parties/", {"display_name": "x", "note": text}, content_type="application/json")
    assert made.status_code == 201, made.content
    assert client.get(f"/api/v1/parties/{made.json()['id']}/").json()["note"] == text


@pytest.mark.parametrize("body", ['{"note":"' + "[" * 900_000, '{"note":"' + '\\"' * 400_000, "[" * 900_000])
def test_a_body_that_never_ends_is_refused_in_good_time(body, gleb):
    client = Client(headers={"Authorization": f"Bearer {issue(gleb).text}"})
    since = time.process_time()
    assert client.post("/api/v1/parties/", body, content_type="application/json").status_code == 400
    assert time.process_time() - since < 1
