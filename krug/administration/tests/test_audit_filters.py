"""The audit record is looked through by kind, person, refusal and day, all of them together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from krug.kernel.dates import zone_called
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.models import AuditRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(gleb, anna, client):
    """Three lines: of Anna today, of Anna refused today, of Gleb ten days ago."""
    made = {
        "exported": audit("export", actor=anna, object="party"),
        "refused": audit("refused", actor=anna, object="/deals/1/win/", refused=True),
        "old": audit("export", actor=gleb, object="deal"),
    }
    AuditRecord.objects.filter(pk=made["old"].pk).update(at=timezone.now() - timedelta(days=10))
    client.force_login(gleb)
    return {name: line.pk for name, line in made.items()}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=export", ["old", "exported"]),
        ("who={anna}", ["refused", "exported"]),
        ("refused=true", ["refused"]),
        ("since={today}", ["refused", "exported"]),
        ("until={week_ago}", ["old"]),
        ("kind=export&who={anna}&since={today}&until={today}", ["exported"]),
        ("kind=export&who={anna}&until={week_ago}", []),
    ],
)
def test_each_filter_narrows_and_all_hold_together(query, found, lines, gleb, anna, client):
    today = timezone.localdate(timezone=zone_called(gleb.timezone))
    asked = query.format(anna=anna.pk, today=today.isoformat(), week_ago=(today - timedelta(days=7)).isoformat())
    page = client.get(f"/settings/audit/?{asked}").content.decode()
    shown = [name for name, pk in lines.items() if f'data-row="{pk}"' in page]
    assert sorted(shown) == sorted(found)
    assert ('class="empty not_found"' in page) == (not found)


def test_older_pages_keep_the_filters(lines, anna, client):
    for _number in range(51):
        audit("export", actor=anna)
    page = client.get(f"/settings/audit/?kind=export&who={anna.pk}").content.decode()
    assert f"kind=export&amp;who={anna.pk}&amp;before=" in page


def test_a_day_that_can_not_be_read_is_said_beside_its_field(lines, client):
    answer = client.get("/settings/audit/?since=whenever")
    assert answer.status_code == 200
    assert 'id="f-since-error"' in answer.content.decode() or "since-error" in answer.content.decode()
    assert client.get("/settings/audit/?who=nobody").status_code == 400


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("NOT_ALLOWED", "причина: роль не даёт такого права; действие: отправка формы"),
        ("TOKEN_SCOPE", "причина: у ключа нет такой области действия; действие: отправка формы"),
        ("ONLY_LOOKING", "причина: изменение при просмотре от чужого имени; действие: отправка формы"),
    ],
)
def test_why_somebody_was_refused_is_said_in_words(code, said, gleb, anna, client):
    audit("refused", actor=anna, object="/deals/1/win/", refused=True, data={"code": code, "method": "POST"})
    client.force_login(gleb)
    page = client.get("/settings/audit/?refused=true", headers={"Accept-Language": "ru"}).content.decode()
    assert said in page
    assert code not in page
