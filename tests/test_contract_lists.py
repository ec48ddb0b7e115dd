"""What the list of every registered type must keep: trees whose counts add up, groups, related records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from krug.administration.testing import make_attribute
from krug.exchange.exporting.files import Wanted as File
from krug.exchange.exporting.lines import json_lines
from krug.kernel.attributes.serving import is_extensible
from krug.kernel.fields import Reading
from krug.kernel.fields.related import related_fields
from krug.kernel.listing.query import read_page, rows_matching
from krug.kernel.listing.state import ListState, sortable
from krug.kernel.registry import entities, entity_of, get_entity
from krug.kernel.sight import seen_by
from krug.kernel.testing.contract import codes, filter_conditions, make
from krug.lists.actions.trees import Wanted, make_tree
from krug.lists.rules.branches import Node, branch_of
from krug.lists.rules.counting import Look
from krug.lists.rules.levels import level_choices, read_level
from krug.lists.rules.nodes import Way, with_node
from krug.lists.rules.short_lists import board_of, columns_by, raw_of
from krug.lists.screens.calendar import calendar_of, is_day

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]
every = pytest.mark.parametrize("code", codes())


def just(record: Any) -> dict[str, Any]:
    """The filter that finds one record, wherever it lies."""
    found = {"field": "id", "operator": "eq", "value": record.pk}
    stored = entity_of(type(record)).fields.get("is_archived")
    return (
        {"all": [found, {"field": "is_archived", "operator": "eq", "value": record.is_archived}]} if stored else found
    )


def nodes_of(look: Look, way: Way) -> Iterator[Node]:
    """The nodes that lead somewhere; together with those that do not they make what stands above them."""
    branch = branch_of(look, way)
    assert branch.total >= look.rows(way).count() if branch.is_several else branch.total == look.rows(way).count()
    yield from (node for node in branch.nodes if node.way is not None)


@every
def test_every_field_makes_a_level_whose_nodes_find_what_they_count(code, gleb):
    entity = get_entity(code)
    make(entity, gleb), make(entity, gleb)
    look = Look(entity, ListState(), Reading(user=gleb, today=date(2026, 11, 21), language="en"))
    choices = level_choices(entity, gleb)
    assert choices
    for text, _label in choices:
        level = read_level(entity, text, gleb)
        for node in nodes_of(look, Way((level,))):
            found = replace(look.state, tree=with_node(None, node.way))
            assert rows_matching(entity, found, look.reading).count() == node.count, (text, node.label)


@every
def test_the_panel_of_a_tree_opens_beside_the_list(code, gleb, client):
    entity = get_entity(code)
    make(entity, gleb)
    client.force_login(gleb)
    levels = tuple(text for text, _label in level_choices(entity, gleb))[:3]
    tree = make_tree(entity, Wanted("By everything", "", levels), by=gleb)
    page: Any = client.get(f"{entity.url()}?tree={tree.pk}")
    assert page.status_code == 200 and f"/trees/{entity.plural_url}/panel/" in page.content.decode()


@every
def test_records_are_told_by_what_leads_to_them(code, gleb, client):
    entity = get_entity(code)
    make(entity, gleb), make(entity, gleb)
    reading = Reading(user=gleb, today=date(2026, 11, 21), language="en")
    client.force_login(gleb)
    everything = rows_matching(entity, ListState(), reading).count()
    for field in related_fields(entity):
        inside = {"all": [{"field": field.other.order.lstrip("-"), "operator": "not_empty"}]}
        for value in (
            None,
            inside if "not_empty" in field.other.field(field.other.order.lstrip("-")).operators else None,
        ):
            counts = []
            for operator in field.operators:
                tree = {"field": field.name, "operator": operator, "value": value}
                counts.append(rows_matching(entity, ListState(tree=tree), reading).count())
                listed = client.get(f"{entity.url()}?{urlencode({'filter': json.dumps(tree)})}")
                assert listed.status_code == 200, field.name
            assert sum(counts) == everything, field.name
        assert client.get(f"{entity.url()}?add={field.name}").status_code == 200
        for deeper in related_fields(field.other):
            counts = []
            for operator in field.operators:
                inside = {"all": [{"field": deeper.name, "operator": "has"}]}
                tree = {"field": field.name, "operator": operator, "value": inside}
                counts.append(rows_matching(entity, ListState(tree=tree), reading).count())
            assert sum(counts) == everything, (field.name, deeper.name)
            asked = {"add": field.name, "has": "has", "inner": deeper.name}
            assert client.get(f"{entity.url()}?{urlencode(asked)}").status_code == 200


@every
def test_conditions_of_every_filter_stand_in_groups(code, gleb, client):
    entity = get_entity(code)
    record = make(entity, gleb)
    client.force_login(gleb)
    reading = Reading(user=gleb, today=date(2026, 11, 21), language="en")
    conditions = [*filter_conditions(entity, record, gleb)][:12]
    if not conditions:
        conditions = [{"field": "id", "operator": "eq", "value": record.pk}]
    one, *others = conditions
    tree = {"any": [one, {"all": [*others, {"not": one}]}, {"field": "id", "operator": "eq", "value": record.pk}]}
    assert record.pk in rows_matching(entity, ListState(tree=tree), reading).values_list("pk", flat=True)
    page = client.get(f"{entity.url()}?{urlencode({'filter': json.dumps(tree)})}")
    assert page.status_code == 200 and "filter-groups" in page.content.decode()


@every
def test_a_file_tells_the_rows_in_the_order_of_the_list(code, gleb):
    entity = get_entity(code)
    for _place in range(3):
        make(entity, gleb)
    reading = Reading(user=gleb, today=date(2026, 11, 21), language="en")
    for name in dict.fromkeys((*sortable(entity), entity.order.lstrip("-"))):
        for sort in (name, f"-{name}"):
            state = ListState(sort=sort, limit=200)
            shown = [row["id"] for row in read_page(entity, state, reading, ("id",)).rows]
            lines = json_lines(entity, File(entity, state, reading).rows(), gleb, columns=entity.columns[:1])
            with seen_by(gleb):
                assert [json.loads(line)["id"] for line in lines] == shown, sort


@every
def test_a_board_has_a_column_for_every_short_field_and_moving_a_card_edits_it(code, gleb, client):
    entity = get_entity(code)
    record = make(entity, gleb)
    gleb.language = "en"
    gleb.save(update_fields=["language"])
    client.force_login(gleb)
    plain = client.get(f"{entity.url()}?view=table").content.decode()
    names = columns_by(entity)
    assert (f"{entity.url()}?view=board" in plain) == bool(names or board_of(entity))
    if board_of(entity) is None:
        page = unescape(client.get(f"{entity.url()}?view=board").content.decode())
        assert "There is no board: these records have no field with a short list of values." in page
        assert client.post(f"{entity.url()}move/", {"card": record.pk, "column": ""}).status_code == 404
    for name in names:
        url = f"{entity.url()}?{urlencode({'view': 'board', 'by': name, 'filter': json.dumps(just(record))})}"
        page = client.get(url).content.decode()
        assert f'data-card="{record.pk}"' in page, name
        field = entity.fields[name]
        here = raw_of(field, field.value_of(record))
        others = [one for one in re.findall(r'data-column="([^"]*)"', page) if one != here]
        board = board_of(entity, name)
        if name not in entity.editable or board.move:
            continue
        for column in others[:1]:
            shown = record.version
            moved = client.post(f"{entity.url()}move/?by={name}&view=board", {"card": record.pk, "column": column})
            record.refresh_from_db()
            if moved.status_code == 303:
                assert raw_of(field, field.value_of(record)) == column, name
                late = {"card": record.pk, "column": here, "version": shown}
                assert client.post(f"{entity.url()}move/?by={name}&view=board", late).status_code == 409, name
                record.refresh_from_db()
                assert raw_of(field, field.value_of(record)) == column, name
            else:
                assert moved.status_code == 422 and raw_of(field, field.value_of(record)) == here, (name, moved)


@every
def test_a_calendar_stands_for_every_type_with_a_day_of_its_own(code, gleb, client):
    entity = get_entity(code)
    record = make(entity, gleb)
    client.force_login(gleb)
    days = [name for name in entity.fields if is_day(entity, name)]
    view = calendar_of(entity)
    plain = client.get(f"{entity.url()}?view=table").content.decode()
    assert bool(view) == bool(days) == (f"{entity.url()}?view=calendar" in plain)
    if view is None:
        answer = client.get(f"{entity.url()}?view=calendar").content.decode()
        assert (answer.count('class="chip left-out"') == 1 and "<table" in answer) or "empty" in answer
        return
    value = getattr(record, entity.fields[view.by].at)
    if value is None:
        return
    day = timezone.localtime(value, ZoneInfo(gleb.timezone)).date() if isinstance(value, datetime) else value
    tree = urlencode({"filter": json.dumps(just(record)), "view": "calendar", "month": f"{day:%Y-%m}"})
    page = client.get(f"{entity.url()}?{tree}").content.decode()
    cell = page.split(f'<time datetime="{day.isoformat()}">')[1].split("</td>")[0]
    assert f'href="{entity.url(record.pk)}"' in cell


@pytest.mark.parametrize("code", [entity.code for entity in entities() if is_extensible(entity)])
def test_a_calendar_stands_by_a_day_that_the_company_added(code, gleb, client):
    entity = get_entity(code)
    record, other, without = (make(entity, gleb) for _each in range(3))
    day = make_attribute("Audit", entity=code, kind="date")
    for one, value in ((record, "2026-02-05"), (other, "2026-02-28")):
        entity.model.objects.filter(pk=one.pk).update(custom={day.key: value})
    client.force_login(gleb)
    seen = {"any": [just(each) for each in (record, other, without)]}
    asked = {"view": "calendar", "by": day.key, "month": "2026-02", "filter": json.dumps(seen)}
    page = client.get(f"{entity.url()}?{urlencode(asked)}").content.decode()
    cells = {one: page.split(f'<time datetime="2026-02-{one}">')[1].split("</td>")[0] for one in ("05", "06", "28")}
    assert f'href="{entity.url(record.pk)}"' in cells["05"] and f'href="{entity.url(other.pk)}"' in cells["28"]
    assert (
        "<li>" not in cells["06"]
        and f'href="{entity.url(without.pk)}"' not in page.split('class="month"')[1].split("</table>")[0]
    )
    assert "by=" in page.split('rel="next"')[0].rsplit("<a ", 1)[1], "the next month is by the same day"


def test_without_a_script_a_card_is_moved_by_a_form(gleb, client):
    entity = get_entity("contact")
    record = make(entity, gleb)
    client.force_login(gleb)
    form = client.get(f"{entity.url()}move/?card={record.pk}&view=board&by=language")
    assert form.status_code == 200 and 'name="column"' in form.content.decode()


@every
def test_a_card_of_every_board_is_moved_by_a_form_that_names_its_columns(code, gleb, client):
    entity = get_entity(code)
    record, board = make(entity, gleb), board_of(entity)
    client.force_login(gleb)
    answer = client.get(f"{entity.url()}move/?card={record.pk}&view=board")
    done = entity.verb(board.move) if board else None
    if board is None or (done is None and board.by not in entity.editable):
        assert answer.status_code == 404
    elif done is not None:
        assert (answer.status_code, answer["Location"]) == (303, f"{entity.url(record.pk)}{done.name}/")
    else:
        here = raw_of(entity.field(board.by), entity.field(board.by).value_of(record))
        assert answer.status_code == 200 and f'<option value="{here}" selected' in answer.content.decode()
