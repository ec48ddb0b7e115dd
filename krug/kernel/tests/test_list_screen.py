"""The list page: what it shows, how its address changes, and that it costs the same for one row and twenty."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from krug.access.models import Reach, User
from krug.kernel.models import SavedView
from krug.kernel.testing.cast import make_role, make_team, make_user
from krug.kernel.tests.listing_cast import listed  # noqa: F401  (fixtures are found by name)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("listed"),
    pytest.mark.urls("krug.kernel.tests.listing_urls"),
]


@pytest.fixture
def desk(gleb: User, client: Client) -> Client:
    """Gleb in front of a list of four people."""
    north = make_team("North", office="Tver")
    for surname, theme in (
        ("Иванова", "dark"),
        ("Петров", "light"),
        ("Сидорова", "light"),
        ("<b>Дерзкий</b>", "system"),
    ):
        make_user(surname=surname, position="staff", team=north, theme=theme)
    gleb.language = "en"
    gleb.save(update_fields=["language"])
    client.force_login(gleb)
    return client


def page(client: Client, **params: Any) -> str:
    given = {name: json.dumps(value) if name == "filter" else value for name, value in params.items()}
    answer = client.get("/humans/", given, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def rows(text: str) -> list[str]:
    return re.findall(r'data-row="\d+".*?data-open>(.*?)</a>', text, flags=re.DOTALL)


STAFF = {"field": "position", "operator": "eq", "value": "staff"}


def test_the_plain_address_shows_everybody_and_escapes_what_people_typed(desk: Client) -> None:
    text = page(desk, filter=STAFF, sort="surname")
    assert rows(text) == ["&lt;b&gt;Дерзкий&lt;/b&gt;", "Иванова", "Петров", "Сидорова"]
    assert "Found: 4" in text


def test_a_chip_tells_the_filter_and_leads_to_the_list_without_it(desk: Client) -> None:
    text = page(desk, filter={"all": [STAFF, {"field": "theme", "operator": "eq", "value": "light"}]}, sort="surname")
    assert rows(text) == ["Петров", "Сидорова"]
    assert "Theme is <strong>Light</strong>" in text
    removed = re.findall(r'class="chip-x" href="([^"]+)"', text)
    left = json.loads(parse_qs(urlsplit(removed[1].replace("&amp;", "&")).query)["filter"][0])
    assert left == {"all": [STAFF]}


def test_heads_sort_and_say_so(desk: Client) -> None:
    text = page(desk, sort="surname")
    assert 'aria-sort="ascending"' in text
    assert "sort=-surname" in text
    assert 'aria-sort="descending"' in page(desk, sort="-surname")


def test_pages_follow_each_other(desk: Client) -> None:
    User.objects.bulk_create(
        User(email=f"many{n}@example.org", surname=f"Many {n:02}", position="many") for n in range(60)
    )
    first = page(desk, filter={"field": "position", "operator": "eq", "value": "many"}, sort="surname")
    assert len(rows(first)) == 50
    url = re.search(r'rel="next" href="([^"]+)"', first)
    assert url
    second = desk.get(url[1].replace("&amp;", "&")).content.decode()
    assert rows(second) == [f"Many {n:02}" for n in range(50, 60)]
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert back
    assert rows(desk.get(back[1].replace("&amp;", "&")).content.decode()) == rows(first)


def test_columns_are_chosen_by_the_address(desk: Client) -> None:
    text = desk.get("/humans/", {"columns": ["surname", "team__office"], "filter": json.dumps(STAFF)}).content.decode()
    assert re.findall(r'<th scope="col"[^>]*>(?:<(?:a|span)[^>]*>)?([^<]+)', text) == ["Surname", "Team: office"]
    assert "Tver" in text


def test_a_filter_is_added_by_a_plain_form(desk: Client) -> None:
    asked = desk.get("/humans/", {"add": "theme", "sort": "surname"}).content.decode()
    assert 'name="operator"' in asked and 'value="dark"' in asked
    answer = desk.get("/humans/", {"add": "theme", "operator": "in", "value": ["dark", "light"], "sort": "surname"})
    assert answer.status_code == 302
    said = parse_qs(urlsplit(answer["Location"]).query)
    assert json.loads(said["filter"][0]) == {"all": [{"field": "theme", "operator": "in", "value": ["dark", "light"]}]}
    assert said["sort"] == ["surname"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"add": "created_at", "operator": "gte", "value": "today-7d"}, "today-7d"),
        ({"add": "created_at", "operator": "gte", "value": "05.11.2026"}, "2026-11-05"),
        ({"add": "theme", "operator": "in", "value": "dark"}, "dark"),
        ({"add": "is_active", "operator": "eq", "value": "1"}, True),
    ],
)
def test_what_was_typed_is_kept_in_a_form_without_language(sent: dict[str, str], kept: Any, desk: Client) -> None:
    said = parse_qs(urlsplit(desk.get("/humans/", sent)["Location"]).query)
    assert json.loads(said["filter"][0])["all"][0]["value"] == kept


def test_a_value_that_can_not_be_read_is_shown_again_with_words(desk: Client) -> None:
    answer = desk.get("/humans/", {"add": "created_at", "operator": "gte", "value": "31.02.2026"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="31.02.2026"' in text and 'class="error"' in text


BAD_VALUE = {"field": "created_at", "operator": "gte", "value": "31.02.2026"}
UNKNOWN = {"field": "password", "operator": "eq", "value": "x"}


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"filter": "{"}, "The filter is not readable JSON."),
        ({"filter": json.dumps({"all": [BAD_VALUE, STAFF]})}, "31.02.2026"),
        ({"filter": json.dumps({"any": [UNKNOWN, STAFF]})}, "There is no field “password” here."),
        ({"filter": json.dumps(UNKNOWN)}, "There is no field “password” here."),
        ({"sort": "password"}, "There is no field “password” here."),
        ({"columns": "surname,password,theme"}, "There is no field “password” here."),
        ({"view": "cards"}, "“cards” is not known here."),
        ({"after": "zzz"}, "This place in the list is not known."),
        ({"limit": "7000"}, "A page holds from 1 to 200 rows."),
        ({"add": "password"}, "There is no field “password” here."),
        ({"view": "calendar", "month": "2026-13"}, "A month is written as 2026-11."),
    ],
)
def test_what_can_not_be_asked_is_left_out_and_told_while_the_rest_of_the_address_holds(
    params: dict[str, str], why: str, desk: Client
) -> None:
    kept = {"filter": json.dumps(STAFF), "sort": "surname", "columns": "surname,theme", "limit": "100", **params}
    answer = desk.get("/humans/", kept)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count('class="chip left-out"') == 1 and why in html.unescape(text)
    if "view" not in params:
        assert ("Петров" in text) and ("Сидорова" in text)
        assert ("Found: 4" in text) == ("filter" not in params or "all" in params["filter"])
    removed = urlsplit(
        html.unescape(text.split('class="chip left-out"')[1].split('class="chip-x" href="')[1].split('"')[0])
    )
    again = desk.get(f"/humans/?{removed.query}")
    assert again.status_code == 200 and "left-out" not in again.content.decode()
    assert "sort" in params or "sort=surname" in removed.query


def test_a_condition_that_does_not_hold_is_corrected_in_its_form_with_what_was_typed(desk: Client) -> None:
    text = page(desk, filter={"all": [STAFF, BAD_VALUE]})
    assert len(rows(text)) == 4
    again = html.unescape(re.findall(r'href="([^"]+)">Correct it', text)[0])
    form = desk.get(again)
    assert form.status_code == 422
    assert 'value="31.02.2026"' in form.content.decode() and len(rows(form.content.decode())) == 4


def test_a_bad_condition_never_widens_what_is_counted_exported_or_changed(desk: Client) -> None:
    sent = {"filter": json.dumps({"all": [STAFF, BAD_VALUE]})}
    assert desk.get("/humans/count/", sent, headers={"HX-Request": "true"}).status_code == 400
    assert desk.get("/humans/export/", sent).status_code == 400


def test_one_row_costs_as_much_as_twenty(desk: Client) -> None:
    User.objects.bulk_create(
        User(
            email=f"q{n}@example.org",
            surname=f"Q {n}",
            position="q",
            team_id=User.objects.get(surname="Петров").team_id,
        )
        for n in range(20)
    )
    costs = []
    for surname in ("Q 7", "Q"):
        asked = {"filter": json.dumps({"field": "surname", "operator": "starts", "value": surname})}
        desk.get("/humans/", asked)
        with CaptureQueriesContext(connection) as caught:
            text = desk.get("/humans/", asked).content.decode()
        costs.append((len(rows(text)), len(caught)))
    assert [count for count, _cost in costs] == [1, 20]
    assert costs[0][1] == costs[1][1]


def test_nothing_found_names_the_filters_and_the_one_to_drop(desk: Client) -> None:
    text = page(desk, filter={"all": [STAFF, {"field": "surname", "operator": "eq", "value": "Никто"}]})
    assert "Nothing found" in text
    assert "Filters: position is staff; surname is Никто." in text
    assert "Remove “surname is Никто”" in text
    assert "Remove “position is staff”" not in text


def test_a_role_without_the_right_is_told_so(client: Client, db: None) -> None:
    client.force_login(make_user(role=make_role("nobody", {"human": (Reach.NONE, [])}), language="en"))
    assert "Your role does not show these records" in page(client)


def test_the_exact_count_is_given_on_demand(desk: Client) -> None:
    answer = desk.get("/humans/count/", {"filter": json.dumps(STAFF)}, headers={"HX-Request": "true"})
    assert answer.content.decode() == "Found: 4"
    plain = desk.get("/humans/count/", {"filter": json.dumps(STAFF)})
    assert plain.status_code == 302 and plain["Location"].endswith("count=exact")


def test_a_view_is_saved_changed_shared_and_dropped(desk: Client, gleb: User) -> None:
    query = urlencode({"sort": "surname", "filter": json.dumps(STAFF)})
    made = desk.post(f"/humans/views/?{query}", {"name": "  My   staff "})
    view = SavedView.objects.get()
    assert (view.name, view.owner, view.state["sort"]) == ("My staff", gleb, "surname")
    assert made["Location"] == f"/humans/?saved={view.pk}"
    assert rows(page(desk, saved=str(view.pk)))[0] == "&lt;b&gt;Дерзкий&lt;/b&gt;"
    desk.post(f"/humans/views/{view.pk}/?saved={view.pk}&sort=-surname", {"deed": "save"})
    view.refresh_from_db()
    assert view.state["sort"] == "-surname" and "staff" in view.state["filter"]
    stranger = Client()
    stranger.force_login(make_user(role=make_role("peer", {"human": (Reach.ALL, [])})))
    for key in (view.pk, "zzz"):
        text = stranger.get("/humans/", {"saved": key}).content.decode()
        assert text.count("chip left-out") == 1 and f"«{key}»" in text and "My staff" not in text
        assert sorted(rows(text)) == sorted(rows(stranger.get("/humans/", {"saved": "all"}).content.decode())) != []
    desk.post(f"/humans/views/{view.pk}/", {"deed": "share", "shared": "all"})
    assert stranger.get("/humans/", {"saved": view.pk}).status_code == 200
    assert stranger.post(f"/humans/views/{view.pk}/", {"deed": "delete"}).status_code == 422
    assert SavedView.objects.exists()
    desk.post(f"/humans/views/{view.pk}/", {"deed": "delete"})
    assert not SavedView.objects.exists()


def test_two_views_of_one_person_have_two_names(desk: Client) -> None:
    desk.post("/humans/views/?sort=surname", {"name": "Same"})
    assert desk.post("/humans/views/?sort=theme", {"name": "Same"}).status_code == 422
    assert SavedView.objects.get().state == {"sort": "surname"}


def test_a_role_opens_its_own_view_first(desk: Client, gleb: User) -> None:
    view = SavedView.objects.create(
        entity="human", name="First", owner=make_user(), default_for=gleb.roles.get(), state={"sort": "-surname"}
    )
    assert desk.get("/humans/")["Location"] == f"/humans/?saved={view.pk}"
    assert "First" in page(desk, saved=str(view.pk))
    assert desk.get("/humans/", {"saved": "all"}).status_code == 200


def test_a_board_shows_columns_with_counts_and_leads_to_the_list(desk: Client) -> None:
    text = page(desk, view="board", filter=STAFF)
    assert re.findall(r'id="column-(\w+)-sums"><span>(\d+)</span>', text) == [
        ("system", "1"),
        ("light", "2"),
        ("dark", "1"),
    ]
    assert text.count('class="card"') == 4
    assert page(desk, view="table", filter=STAFF).count('class="card"') == 0


def test_a_calendar_shows_a_month_of_the_readers_days(desk: Client) -> None:
    User.objects.filter(surname="Петров").update(created_at="2026-10-31T22:30:00Z")
    text = page(desk, view="calendar", month="2026-11", filter=STAFF)
    cell = re.search(r'<td[^>]*>\s*<p class="day-number"><time datetime="2026-11-01">.*?</td>', text, flags=re.DOTALL)
    assert cell and "Петров" in cell[0] and "01:30" in cell[0], "half past one in Moscow is the first of November"
    assert "November 2026" in text
    assert desk.get("/humans/", {"view": "calendar", "month": "2026-13"}).status_code == 200


def test_views_of_the_address_keep_filter_and_sort(desk: Client) -> None:
    text = page(desk, filter=STAFF, sort="surname")
    url = re.search(r'href="(/humans/[^"]*view=board[^"]*)"', text)
    assert url and "sort=surname" in url[1] and "position" in url[1]
