"""The demo company: what it holds, that it is told once, and that it can be taken back."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone

from demo import story
from demo.acts import FIRST, LAST, is_told
from krug.access.models import Role, Team, User
from krug.activities.actions.interactions import Said, log_interaction
from krug.activities.actions.tasks import NextStep, plan_task
from krug.activities.models import Interaction, Task
from krug.administration.actions.people import setup_actor
from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.catalogue.models import Product
from krug.integrations.webhooks.telling import look_again
from krug.kernel.journal.models import JournalEntry, RowChange
from krug.kernel.journal.recording import begin_act
from krug.kernel.models import SearchDocument
from krug.kernel.registry import get_entity
from krug.kernel.search.finding import search
from krug.kernel.search.indexing import index_records
from krug.kernel.testing.cast import make_user
from krug.parties.models import Contact, ContactPosition, Party, PartyRelation, Requisites
from krug.parties.rules.kinds import check_requisites, values_of
from krug.parties.testing import make_party
from krug.sales.actions.shipped import ensure_shipped_pipeline
from krug.sales.models import Deal, PipelineVersion, StageVisit, Work

pytestmark = pytest.mark.django_db
TABLES = (
    User, Team, Party, Contact, Requisites, Deal, StageVisit, Interaction, Task, Product, JournalEntry, SearchDocument
)  # fmt: skip


BEFORE: dict[str, str] = {}


def everything() -> dict[str, str]:
    """Every table of the database with the sum of what stands in it; but for one word that changes at each look."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relname <> 'attribute_stamp'"
            " AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t")
            found[table] = "{} {}".format(*cursor.fetchone())
    return found


@pytest.fixture(scope="module")
def signins(django_db_setup: Any, django_db_blocker: Any) -> Iterator[list[tuple[str, str, str]]]:
    """The story told in a transaction that is taken back when all has been looked at."""
    with django_db_blocker.unblock(), transaction.atomic():
        look_again()  # what another test had told of its webhooks is forgotten
        ensure_shipped_roles()
        ensure_shipped_pipeline(by=setup_actor())
        with TestCase.captureOnCommitCallbacks(execute=True):
            index_records(get_entity("role"), list(Role.objects.values_list("pk", flat=True)))
        BEFORE.update(everything())
        with TestCase.captureOnCommitCallbacks(execute=True):
            told = story.tell(setup_actor())
        yield told
        transaction.set_rollback(True)


def counts() -> list[int]:
    return [model._base_manager.count() for model in TABLES]


def rep() -> User:
    return User.objects.get(email="sokolov@volna.example")


def test_the_company_has_the_people_teams_and_random_passwords_of_the_story(signins: Any) -> None:
    assert {"seller", "head", "administrator", "secretary", "executive"} <= {who.split(":")[0] for _, _, who in signins}
    assert len({password for _, password, _ in signins}) == len(signins) == 13
    email, password, _who = signins[0]
    assert User.objects.get(email=email).check_password(password)
    assert Team.objects.get(name="Северо-Запад").parent.parent.name == "Волна"


def test_the_customer_of_the_checks_has_its_phone_people_and_deals(signins: Any) -> None:
    party = Party.objects.get(display_name="Северный Ветер")
    assert (party.city, party.timezone, party.owner) == ("Санкт-Петербург", "Europe/Moscow", rep())
    assert party.state == Party.State.VERIFIED
    assert party.points.get(type="phone").normalised == "+78125550142"
    assert party.addresses.get().free_text == "Санкт-Петербург, Полярная ул., 1"
    roles = dict(ContactPosition.objects.filter(party=party).values_list("contact__full_name", "role"))
    assert roles == {"Фёдорова Анна Сергеевна": "decision_maker", "Ким Валерий Тимурович": "influencer"}
    deal = Deal.objects.get(name="Насосы, партия 3")
    assert (deal.party, deal.amount, deal.stage.position, deal.state) == (party, 620_000, 2, "open")


def test_one_person_stands_at_two_parties_and_the_dealer_is_one(signins: Any) -> None:
    twice = Counter(ContactPosition.objects.values_list("contact__full_name", flat=True)).most_common(1)
    assert twice == [("Ким Валерий Тимурович", 2)]
    dealer = PartyRelation.objects.get(kind="dealer_of")
    assert dealer.from_party.display_name == "Волга-Трейд"
    assert dealer.from_party.roles == ["customer", "dealer"]


def test_the_requisites_of_every_customer_pass_every_rule(signins: Any) -> None:
    wrong = [
        (version.party.display_name, fault.code)
        for version in Requisites.objects.select_related("party")
        for fault in check_requisites(version.party.kind, values_of(version), country=version.party.country)
    ]
    assert wrong == []
    assert Requisites.objects.count() >= 30


def test_deals_stand_in_every_stage_and_end_in_every_way(signins: Any) -> None:
    assert set(Deal.objects.open().values_list("stage__position", flat=True)) == {1, 2, 3, 4, 5}
    assert set(Deal.objects.values_list("state", flat=True)) == {"open", "won", "lost", "suspended"}
    assert Deal.objects.lost().filter(competitor__isnull=False).count() == 2
    assert not Deal.objects.lost().filter(loss_reason=None).exists()
    assert not Deal.objects.exclude(source_system="").exists()


def test_no_deal_breaks_the_rules_of_its_process(signins: Any) -> None:
    for deal in Deal.objects.all():
        stays = list(deal.visits.select_related("stage", "result").order_by("entered_at", "id"))
        assert sum(stay.is_open for stay in stays) == (deal.closed_at is None)
        for stay in stays:
            assert stay.left_at is None or stay.left_at >= stay.entered_at
            if stay.outcome in ("forward", "won"):
                assert stay.result.type == stay.stage.exit_result_type
                assert stay.result.recorded_at >= stay.entered_at
    assert not Work.objects.filter(visit__left_at__isnull=False, state__in=Work.OPEN).exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_there_is_work_of_yesterday_today_and_tomorrow_and_deals_without_a_next_step(signins: Any) -> None:
    today = timezone.localdate()
    mine = Task.objects.filter(assignee=rep())
    assert mine.overdue(today).exists()
    assert mine.due(today).exists()
    assert mine.open().filter(due_on__gt=today).exists()
    with_step = Task.objects.open().filter(about_entity="deal").values("about_id")
    assert Deal.objects.open().exclude(pk__in=with_step).count() >= 5
    assert not JournalEntry.objects.filter(at__gt=timezone.now()).exists()
    month_ago = timezone.now() - timedelta(days=30)
    assert StageVisit.objects.filter(left_at=None, entered_at__lt=month_ago).exists()


@pytest.mark.parametrize("query", ["сев", "0142", "8 (812) 555 01 42", "atljhjdf", "fedorova", "северный втер"])
def test_the_search_box_finds_what_the_checks_look_for(signins: Any, query: str) -> None:
    titles = {hit.title for hit in search(query, rep()).hits}
    assert titles & {"Северный Ветер", "Фёдорова Анна Сергеевна"}


def test_telling_it_twice_changes_nothing(signins: Any) -> None:
    before = counts()
    assert story.tell(setup_actor()) == []
    assert counts() == before


def test_forgetting_leaves_what_is_real_and_nothing_else(signins: Any) -> None:
    with transaction.atomic():
        real = make_party("Настоящий клиент", owner=setup_actor())
        Party.objects.filter(pk=real.pk).update(owner=rep())
        last = JournalEntry.objects.order_by("-id").values_list("id", flat=True)[0]
        told = list(JournalEntry.objects.filter(act__range=(FIRST, LAST)).values_list("id", flat=True))
        assert len(told) > 1000
        gone = story.forget()
        assert gone.removed > 1000 and not gone.stayed and not gone.reasons
        real.refresh_from_db()
        assert real.owner is None
        assert list(Party.objects.values_list("display_name", flat=True)) == ["Настоящий клиент"]
        assert not User.objects.filter(is_system=False).exists()
        assert not Deal.objects.exists() and not Interaction.objects.exists() and not Team.objects.exists()
        assert set(SearchDocument.objects.exclude(entity="role").values_list("title", flat=True)) == {
            "Настоящий клиент"
        }
        assert JournalEntry.objects.filter(id=last).exists()
        assert not JournalEntry.objects.filter(id__in=told).exists()
        assert not RowChange.objects.filter(act__range=(FIRST, LAST)).exists()
        assert not is_told()
        assert PipelineVersion.objects.get().is_active
        transaction.set_rollback(True)


def test_removing_the_demo_data_leaves_every_table_as_it_was_before(signins: Any) -> None:
    with transaction.atomic():
        told = everything()
        assert len({table for table in told if told[table] != BEFORE[table]}) > 25
        story.forget()
        after = everything()
        assert {table: (BEFORE[table], after[table]) for table in after if after[table] != BEFORE[table]} == {}
        transaction.set_rollback(True)


def test_forgetting_keeps_what_somebody_hung_on_the_story_and_says_why(signins: Any) -> None:
    with transaction.atomic():
        me = make_user("me@real.example")
        begin_act(me)
        party = Party.objects.get(display_name="Северный Ветер")
        deal = Deal.objects.get(name="Насосы, партия 3")
        note = log_interaction(party, Said(text="Настоящий разговор"), by=me)
        task = plan_task(NextStep(name="Настоящая задача"), by=me, about=deal)
        gone = story.forget()
        assert gone.removed > 1000
        assert gone.reasons == [
            f"party {party.pk} “Северный Ветер”: interaction {note.pk} “{note}”",
            f"deal {deal.pk} “Насосы, партия 3”: task {task.pk} “Настоящая задача”",
        ]
        note.refresh_from_db()
        task.refresh_from_db()
        needed = {"Северный Ветер", "Ладога-Тепло", "Водоканал Подмосковья"}
        assert set(Party.objects.values_list("display_name", flat=True)) == needed, "by Kim, who works for two of them"
        assert list(Deal.objects.values_list("name", flat=True)) == ["Насосы, партия 3"]
        assert deal.visits.filter(left_at=None).count() == 1 and deal.lines.exists()
        assert party.points.exists() and party.requisites.exists()
        assert JournalEntry.objects.filter(entity="deal", subject_id=deal.pk, event="DealOpened").exists()
        assert User.objects.filter(email="sokolov@volna.example").exists()
        assert not is_told() and story.forget().removed == 0
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
