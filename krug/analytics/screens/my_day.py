"""My day: the page that opens after signing in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from krug.access.models import Reach
from krug.activities.entities.activities import TASK
from krug.activities.entities.obligations import OBLIGATION
from krug.administration.actions.first_steps import leave_first_steps
from krug.analytics.measures.first_steps import first_steps
from krug.analytics.measures.my_day import my_day, next_without_step, worth_of
from krug.kernel.dates import today_in, zone_called
from krug.kernel.journal.differences import sentence
from krug.kernel.links import record_number
from krug.kernel.listing.filters import Condition, all_of
from krug.kernel.listing.state import list_url
from krug.kernel.registry import get_entity
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.sight import veiled
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render
from krug.kernel.visibility import may, rights_of
from krug.language.calendar_words import first_of_month


@door(SIGNED_IN)
@require_safe
def my_day_page(request: HttpRequest) -> HttpResponse:
    """Overdue first, then today; beside it what it is worth."""
    user = asker(request)
    today = today_in(zone_called(user.timezone), now=timezone.now())
    day, worth, deal = my_day(user, today), worth_of(user, today), get_entity("deal")
    is_open = Condition("state", "eq", "open")
    whose = [Condition("owner", "eq", "me")] if worth.reach == Reach.OWN else []
    won = all_of(
        *whose, Condition("state", "eq", "won"), Condition("closed_at", "gte", first_of_month(today).isoformat())
    )
    open_label, won_label = _labels(worth.reach)
    context = {
        "date_words": sentence(formats.weekday_date(today)),
        "due": [
            (_("Overdue"), [_task(task, today) for task in day.overdue], "danger"),
            (_("Today"), [_task(task, today) for task in day.today], ""),
        ],
        "ahead": [_task(task, today) for task in day.next],
        "promises": [_promise(each, today) for each in day.promises],
        "counts": {"overdue": len(day.overdue), "today": len(day.today), "stepless": day.stepless_count},
        "stepless": [_deal(each) for each in day.stepless],
        "stepless_count": day.stepless_count,
        "stats": [
            (
                open_label,
                formats.short_sums(worth.open_sums) or str(worth.open_count),
                list_url(deal, tree=all_of(*whose, is_open)),
                _deals(worth.open_count),
            ),
            (
                won_label,
                formats.short_sums(worth.won_sums) or "0",
                list_url(deal, tree=won),
                _deals(worth.won_count),
            ),
        ],
        "is_empty": not (day.overdue or day.today or day.next or day.promises or day.stepless),
        "first_steps": [(step.label, step.url, is_done) for step, is_done in first_steps(user)],
        "sees_work": rights_of(user).reach("deal") != Reach.NONE,
        "may_log": may(user, "interaction", "create"),
        "may_plan": may(user, "task", "create"),
        "may_keep": may(user, OBLIGATION.code, "keep"),
        "may_move": may(user, OBLIGATION.code, "postpone"),
        "promises_url": list_url(OBLIGATION, tree=all_of(Condition("owner", "eq", "me"), is_open)),
        "tasks_url": list_url(TASK, tree=all_of(Condition("assignee", "eq", "me"), is_open)),
    }
    return render(request, "analytics/my_day.html", context)


@door(SIGNED_IN)
@require_POST
def leave_first(request: HttpRequest) -> HttpResponse:
    """Put the tasks of the first day away for good."""
    leave_first_steps(asker(request))
    return go_to(request, "/")


@door("interaction.create")
@require_safe
def next_stepless(request: HttpRequest) -> HttpResponse:
    """Lead to the sheet for the next own deal without a step, and back to My day after the last."""
    deal = next_without_step(asker(request), record_number(request.GET.get("after", "")))
    if deal is None:
        return go_to(request, "/")
    return HttpResponseRedirect(f"/log/?{urlencode({'about': f'deal:{deal.pk}', 'next': f'/steps/?after={deal.pk}'})}")


def _labels(reach: Reach) -> tuple[str, str]:
    """The words over the two figures, which say whose they are."""
    if reach == Reach.OWN:
        return _("Open deals"), _("Won this month")
    if reach == Reach.TEAM:
        return _("Open deals of my team"), _("Won this month by my team")
    return _("All open deals"), _("Won this month by everyone")


def _deals(count: int) -> str:
    return ngettext("%(count)s deal", "%(count)s deals", count) % {"count": formats.number(count)}


def _task(row: Any, today: Any) -> dict[str, Any]:
    task = veiled(row)
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


def _promise(row: Any, today: Any) -> dict[str, Any]:
    promise = veiled(row)
    return {
        "name": promise.name,
        "side": promise.get_side_display(),
        "url": OBLIGATION.url(promise.pk),
        "when": formats.short_date(promise.due_on) if promise.due_on else "",
        "full_when": formats.long_date(promise.due_on) if promise.due_on else "",
        "is_late": bool(promise.due_on and promise.due_on < today),
        "party": promise.party.display_name if promise.party else "",
        "party_url": f"/parties/{promise.party_id}/",
        "version": promise.version,
    }


def _deal(row: Any) -> dict[str, Any]:
    deal = veiled(row)
    return {
        "name": deal.name,
        "url": f"/deals/{deal.pk}/",
        "party": deal.party.display_name if deal.party else _("no customer yet"),
        "amount": formats.money(deal.amount, deal.currency) if deal.amount is not None else "",
        "step_url": f"/tasks/new/?party={deal.party_id or ''}&about=deal:{deal.pk}",
        "log_url": f"/log/?about=deal:{deal.pk}",
    }
