"""What follows from customers and contacts: journal, deals with their stays, tasks; each by one query."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Model

from krug.activities.models import InteractionColleague, InteractionContact, Task
from krug.config.bench.copying import insert_from
from krug.config.bench.filling import CONTACTS, DAYS, Base
from krug.documents.models import Document
from krug.kernel.journal.models import JournalEntry, JournalMention
from krug.kernel.models import SearchDocument
from krug.parties.models import PartyRole
from krug.sales.models import Deal, LossReason, PipelineVersion, StageResult, StageVisit

CONTACT = f"(i.party_id - 1) * {CONTACTS} + 1 + i.id % {CONTACTS}"
OPEN_SHARE, STAGES = 20, 5
REACHED = "CASE d.state WHEN 'won' THEN 5 WHEN 'lost' THEN 1 + (d.id % 4)::int ELSE 1 + (d.id % 5)::int END"


def fill_people_of_interactions(base: Base) -> None:
    """One of theirs and one of ours to each contact with a customer."""
    insert(base, PartyRole, {"party_id": "p.id", "role": "p.roles[1]", "since": "p.created_at::date"}, "party p")
    insert(base, InteractionContact, {"id": "i.id", "interaction_id": "i.id", "contact_id": CONTACT}, "interaction i")
    insert(
        base, InteractionColleague, {"id": "i.id", "interaction_id": "i.id", "user_id": "i.curator_id"}, "interaction i"
    )


def fill_journal(base: Base) -> None:
    """The lines that timelines read: one to each contact and each deal, in the history of everybody it names."""
    oldest = datetime.fromtimestamp(base.now.timestamp() - (DAYS + 40) * 86_400, UTC).date()
    base.connection.execute("SELECT krug_partitions(%s::date, %s)", [oldest, DAYS // 30 + 3])
    said = (
        "jsonb_build_object('about', null, 'kind', i.kind, 'text', i.text,"
        " 'interaction', jsonb_build_object('id', i.id, 'name', left(i.text, 60)),"
        f" 'contacts', jsonb_build_array(jsonb_build_object('id', {CONTACT}, 'name', c.full_name)),"
        " 'colleagues', jsonb_build_array(jsonb_build_object('id', i.curator_id, 'name', u.surname)))"
    )
    given = {
        "id": "i.id", "at": "i.at", "recorded_at": "i.at", "act": "gen_random_uuid()", "event": "'InteractionLogged'",
        "entity": "'interaction'", "subject_id": "i.id", "actor_id": "i.curator_id", "data": said,
    }  # fmt: skip
    source = f"interaction i JOIN contact c ON c.id = {CONTACT} JOIN person u ON u.id = i.curator_id"
    insert(base, JournalEntry, given, source)
    for entity, record in (("interaction", "i.id"), ("party", "i.party_id"), ("contact", CONTACT)):
        given = {"entity": f"'{entity}'", "record_id": record, "at": "i.at", "entry_id": "i.id"}
        insert(base, JournalMention, given, "interaction i")


def fill_deals(base: Base) -> None:
    """One deal to a party, one of five still open, with its way through the stages on evidence."""
    version = PipelineVersion.objects.get(state="active", pipeline__is_default=True)
    stages = {stage.position: stage.pk for stage in version.stages.all()}
    reason = LossReason.objects.order_by("pk").values_list("pk", flat=True)[0]
    closed = base.parties * (100 - OPEN_SHARE) // 100
    base.connection.execute(
        "CREATE TEMPORARY TABLE d AS SELECT n AS id, 1 + (n * 7919) %% %(total)s AS party_id,"
        " CASE WHEN n > %(closed)s THEN CASE WHEN n %% 40 = 0 THEN 'suspended' ELSE 'open' END"
        " WHEN n %% 100 < 60 THEN 'won' ELSE 'lost' END AS state,"
        " current_date - (%(days)s - n * (%(days)s - 5) / %(total)s)::int AS opened"
        " FROM generate_series(1::bigint, %(total)s) n",
        {"total": base.parties, "closed": closed, "days": DAYS},
    )
    base.connection.execute(f"ALTER TABLE d ADD reached int; UPDATE d SET reached = {REACHED}; ANALYZE d")
    stage = "CASE d.state WHEN 'won' THEN {6} WHEN 'lost' THEN {7} ELSE (ARRAY[{1}, {2}, {3}, {4}, {5}])[d.reached] END"
    for position, number in stages.items():
        stage = stage.replace(f"{{{position}}}", str(number))
    is_closed = "d.state IN ('won', 'lost')"
    given = {
        "id": "d.id", "created_at": "d.opened", "name": "'Поставка ' || p.display_name || ', ' || d.id",
        "party_id": "d.party_id", "owner_id": "p.owner_id", "pipeline_version_id": str(version.pk), "stage_id": stage,
        "stage_since": "least(d.opened + 6 * d.reached, current_date - 1)", "state": "d.state",
        "amount": "(1 + d.id * 2654435761 % 5000) * 1000", "opened_on": "d.opened",
        "expected_on": "d.opened + 60 + (d.id % 50)::int",
        "closed_at": f"CASE WHEN {is_closed} THEN d.opened + 40 END",
        "suspended_until": "CASE d.state WHEN 'suspended' THEN current_date + 30 END",
        "loss_reason_id": f"CASE d.state WHEN 'lost' THEN {reason} END",
    }  # fmt: skip
    insert(base, Deal, given, "d JOIN party p ON p.id = d.party_id")
    _fill_visits(base, stages)


def _fill_visits(base: Base, stages: dict[int, int]) -> None:
    """The stays of each deal, and the evidence for each way forward; a stay and its result share their number."""
    numbers = ", ".join(str(stages[position]) for position in range(1, STAGES + 1))
    source = "d JOIN party p ON p.id = d.party_id CROSS JOIN LATERAL generate_series(1, d.reached) k"
    is_last = "k = d.reached"
    is_closed = "d.state IN ('won', 'lost')"
    outcome = f"CASE WHEN NOT {is_last} THEN 'forward' WHEN {is_closed} THEN d.state ELSE '' END"
    left = f"CASE WHEN NOT {is_last} THEN d.opened + 6 * k WHEN {is_closed} THEN d.opened + 40 END"
    has_result = f"(NOT {is_last} OR d.state = 'won')"
    visit = f"d.id * {STAGES} - {STAGES} + k"
    given = {
        "id": visit, "deal_id": "d.id", "stage_id": f"(ARRAY[{numbers}])[k]", "responsible_id": "p.owner_id",
        "entered_at": "d.opened + 6 * (k - 1)", "left_at": left, "outcome": outcome,
        "result_id": f"CASE WHEN {has_result} THEN {visit} END",
    }  # fmt: skip
    insert(base, StageVisit, given, source)
    types = (
        "(ARRAY['meeting_minutes', 'customer_confirmation', 'document_signed', 'shipment', 'customer_confirmation'])[k]"
    )
    paper = "k = 3"
    given = {
        "id": visit, "visit_id": visit, "deal_id": "d.id", "type": types, "is_binding": paper,
        "evidence_entity": f"CASE WHEN {paper} THEN 'document' ELSE 'interaction' END",
        "evidence_id": "d.id", "evidence_name": f"CASE WHEN {paper} THEN 'Договор № ' ELSE 'Встреча № ' END || d.id",
        "recorded_by_id": "p.owner_id", "recorded_at": "d.opened + 6 * (k - 1)",
    }  # fmt: skip
    insert(base, StageResult, given, f"{source} WHERE {has_result}")
    given = {
        "id": "d.id", "kind": "'contract'", "number": "d.id::text", "title": "'Договор'", "party_id": "d.party_id",
        "about_entity": "'deal'", "about_id": "d.id", "signed_on": "d.opened + 12", "signed_at": "d.opened + 12",
    }  # fmt: skip
    insert(base, Document, given, "d WHERE d.reached > 3 OR d.state = 'won'")


def fill_deal_journal(base: Base) -> None:
    """The beginning of each deal in its own history and in its customer's."""
    first = base.parties * 20
    said = "jsonb_build_object('deal', jsonb_build_object('id', x.id, 'name', x.name), 'amount', x.amount::text)"
    given = {
        "id": f"{first} + x.id", "at": "x.created_at", "recorded_at": "x.created_at", "act": "gen_random_uuid()",
        "event": "'DealOpened'", "entity": "'deal'", "subject_id": "x.id", "actor_id": "x.owner_id", "data": said,
    }  # fmt: skip
    insert(base, JournalEntry, given, "deal x")
    for entity, record in (("deal", "x.id"), ("party", "x.party_id")):
        given = {"entity": f"'{entity}'", "record_id": record, "at": "x.created_at", "entry_id": f"{first} + x.id"}
        insert(base, JournalMention, given, "deal x")


def fill_tasks(base: Base) -> None:
    """A next step for two of three open deals, half of them overdue or of today; and the steps done before."""
    given = {
        "name": "'Позвонить по сделке ' || x.id", "assignee_id": "x.owner_id", "party_id": "x.party_id",
        "due_on": "current_date + ((x.id % 40) - 20)::int", "about_entity": "'deal'", "about_id": "x.id",
    }  # fmt: skip
    insert(base, Task, given, "deal x WHERE x.state = 'open' AND x.id % 3 > 0")
    given = {
        "name": "'Перезвонить'", "assignee_id": "i.curator_id", "party_id": "i.party_id", "state": "'done'",
        "due_on": "i.at::date + 3", "closed_at": "i.at + interval '3 days'", "interaction_id": "i.id",
    }  # fmt: skip
    insert(base, Task, given, "interaction i WHERE i.id % 20 = 0")


def fill_search(base: Base) -> None:
    """Deals and open tasks for the search box, and the dictionary against which slips are mended."""
    given = {
        "entity": "'deal'", "record_id": "x.id", "title": "x.name", "title_key": "lower(x.name)",
        "note": "p.display_name",
        "text": "replace(lower(x.name || ' ' || p.display_name), 'ё', 'е')", "owner_id": "x.owner_id",
    }  # fmt: skip
    insert(base, SearchDocument, given, "deal x JOIN party p ON p.id = x.party_id")
    given = {
        "entity": "'task'", "record_id": "t.id", "title": "t.name", "title_key": "lower(t.name)",
        "text": "lower(t.name)", "owner_id": "t.assignee_id",
    }  # fmt: skip
    insert(base, SearchDocument, given, "task t WHERE t.state = 'open'")
    words = sorted(word for word in base.words if 4 <= len(word) <= 60 and not word.isdecimal())
    base.connection.execute(
        "INSERT INTO search_word (word, count) SELECT unnest(%s::text[]), 1 ON CONFLICT DO NOTHING", [words]
    )


def insert(base: Base, model: type[Model], given: dict[str, str], source: str) -> None:
    """Rows of one table from a query."""
    insert_from(base.connection, model, given, source, now=base.now)
