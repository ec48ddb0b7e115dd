"""My day: the page that opens after signing in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from krug.activities.entities.activities import TASK
from krug.analytics.measures.my_day import my_day, worth_of
from krug.kernel.dates import today_in, zone_called
from krug.kernel.listing.state import list_url
from krug.kernel.registry import get_entity
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render
from krug.kernel.visibility import may


@door(SIGNED_IN)
@require_safe
def my_day_page(request: HttpRequest) -> HttpResponse:
    """Overdue first, then today; beside it what it is worth."""
    user = asker(request)
    today = today_in(zone_called(user.timezone), now=timezone.now())
    day, worth, deal = my_day(user, today), worth_of(user, today), get_entity("deal")
    mine = {"field": "owner", "operator": "eq", "value": "me"}
    won = [
        mine,
        _is("state", "won"),
        {"field": "closed_at", "operator": "gte", "value": today.replace(day=1).isoformat()},
    ]
    context = {
        "date_words": formats.weekday_date(today),
        "groups": [
            (_("Overdue"), [_task(task, today) for task in day.overdue], "danger"),
            (_("Today"), [_task(task, today) for task in day.today], ""),
            (_("Next"), [_task(task, today) for task in day.next], ""),
        ],
        "counts": {"overdue": len(day.overdue), "today": len(day.today), "stepless": day.stepless_count},
        "stepless": [_deal(each) for each in day.stepless],
        "stepless_count": day.stepless_count,
        "stats": [
            (
                _("Open deals"),
                _sums(worth.open_sums) or str(worth.open_count),
                list_url(deal, tree={"all": [mine, _is("state", "open")]}),
                _deals(worth.open_count),
            ),
            (
                _("Won this month"),
                _sums(worth.won_sums) or "0",
                list_url(deal, tree={"all": won}),
                _deals(worth.won_count),
            ),
        ],
        "is_empty": not (day.overdue or day.today or day.next or day.stepless),
        "may_log": may(user, "interaction", "create"),
        "tasks_url": list_url(
            TASK, tree={"all": [{"field": "assignee", "operator": "eq", "value": "me"}, _is("state", "open")]}
        ),
    }
    return render(request, "analytics/my_day.html", context)


def _deals(count: int) -> str:
    return ngettext("%(count)s deal", "%(count)s deals", count) % {"count": formats.number(count)}


def _is(field: str, value: str) -> dict[str, Any]:
    return {"field": field, "operator": "eq", "value": value}


def _sums(sums: dict[str, Any]) -> str:
    return " + ".join(formats.short_money(amount, currency) for currency, amount in sorted(sums.items()))


def _task(task: Any, today: Any) -> dict[str, Any]:
    about = f"{task.about_entity}:{task.about_id}" if task.about_id else ""
    return {
        "id": task.pk,
        "name": task.name,
        "url": TASK.url(task.pk),
        "when": formats.short_date(task.due_on) if task.due_on and task.due_on != today else "",
        "full_when": formats.long_date(task.due_on) if task.due_on else "",
        "time": formats.clock(task.due_time) if task.due_time else "",
        "party": task.party.display_name if task.party else "",
        "party_url": f"/parties/{task.party_id}/" if task.party_id else "",
        "log_url": f"/log/?party={task.party_id}&about={about}" if task.party_id else "",
        "version": task.version,
    }


def _deal(deal: Any) -> dict[str, Any]:
    return {
        "name": deal.name,
        "url": f"/deals/{deal.pk}/",
        "party": deal.party.display_name if deal.party else _("no customer yet"),
        "amount": formats.money(deal.amount, deal.currency) if deal.amount is not None else "",
        "step_url": f"/tasks/new/?party={deal.party_id or ''}&about=deal:{deal.pk}",
        "log_url": f"/log/?about=deal:{deal.pk}",
    }
