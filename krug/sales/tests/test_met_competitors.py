"""A competitor who is met while a deal is lost: found again, brought back, and put on the list once."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from krug.kernel import writing
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.testing import make_party
from krug.sales.actions.competitors import competitor_called
from krug.sales.models import Competitor
from krug.sales.testing import make_competitor

COMPETITOR = get_entity("competitor")


@pytest.mark.django_db
@pytest.mark.parametrize(("verbs", "roles"), [(["change"], []), (["add-role"], ["competitor"])])
def test_the_card_becomes_a_competitor_for_whoever_may_give_roles_alone(gleb, verbs, roles):
    card = make_party("ООО «Северный Бур»", owner=gleb)
    dora = make_user(role=make_role("closer", {"party": ("all", verbs), "competitor": ("all", [])}))
    made = competitor_called("Северный Бур", by=dora)
    assert made.party == card and [row.role for row in card.role_rows.all()] == roles


@pytest.mark.django_db
def test_a_competitor_who_was_put_away_stands_on_the_list_again_when_he_is_met(gleb, happened):
    rival = make_competitor(name="Северный Бур", by=gleb)
    writing.archive(COMPETITOR, rival, by=gleb)
    told = len(happened())
    assert competitor_called("северный бур", by=gleb) == rival
    rival.refresh_from_db()
    assert not rival.is_archived and Competitor.objects.count() == 1
    assert len(happened()) == told + 1
    competitor_called("северный бур", by=gleb)
    assert len(happened()) == told + 1, "who stands on the list is left as he is"


@pytest.mark.django_db(transaction=True)
def test_two_who_type_the_same_new_name_at_once_put_one_competitor_on_the_list(gleb):
    found: list[Competitor] = []

    def second() -> None:
        try:
            found.append(competitor_called("северный бур", by=gleb))
        finally:
            connection.close()

    somebody = threading.Thread(target=second)
    with transaction.atomic():
        first = competitor_called("Северный Бур", by=gleb)
        somebody.start()
        deadline = time.monotonic() + 5
        while not somebody_waits() and time.monotonic() < deadline:
            time.sleep(0.02)
    somebody.join(10)
    assert found == [first] and Competitor.objects.count() == 1


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted "
                       "AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))")  # fmt: skip
        return bool(cursor.fetchone()[0])
