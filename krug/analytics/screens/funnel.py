"""The funnel: where deals drop out, in two views that are never mixed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from krug.analytics.measures.funnel import Funnel, Step, cohort, flow, versions_to_choose
from krug.analytics.rules.periods import NAMES, Period, period_called
from krug.analytics.rules.shares import Share
from krug.kernel.dates import today_in, zone_called
from krug.kernel.listing.filters import Condition, all_of
from krug.kernel.listing.state import list_url
from krug.kernel.registry import get_entity
from krug.kernel.screens.door import asker, door
from krug.kernel.sight import is_open
from krug.kernel.ui import formats
from krug.kernel.ui.pages import render

VIEWS = {"cohort": gettext_lazy("Cohort"), "flow": gettext_lazy("Flow")}


@door("deal.view")
@require_safe
def funnel_page(request: HttpRequest) -> HttpResponse:
    """Stages with counts, conversions and their intervals; every number opens its deals."""
    user = asker(request)
    versions = versions_to_choose()
    version = next(
        (each for each in versions if str(each.pk) == request.GET.get("pipeline")), versions[0] if versions else None
    )
    name = request.GET.get("period", "year") if request.GET.get("period", "year") in NAMES else "year"
    view = request.GET.get("view", "cohort") if request.GET.get("view", "cohort") in VIEWS else "cohort"
    zone = zone_called(user.timezone)
    today = today_in(zone, now=timezone.now())
    period = period_called(name, today)
    context: dict[str, Any] = {
        "versions": [(each.pk, str(each.pipeline)) for each in versions],
        "version": version,
        "periods": list(NAMES.items()),
        "period": name,
        "view": view,
        "views": [(label, f"?{_query(version, name, code)}", code == view) for code, label in VIEWS.items()],
        "steps": [],
    }
    if version is not None:
        found = cohort(user, version, period) if view == "cohort" else flow(user, version, period, zone=zone)
        context |= _drawn(found, view, period, name)
    return render(request, "analytics/funnel.html", context)


def _query(version: Any, period: str, view: str) -> str:
    return f"pipeline={version.pk if version else ''}&period={period}&view={view}"


def _drawn(funnel: Funnel, view: str, period: Period, name: str) -> dict[str, Any]:
    widest = max((step.count for step in funnel.steps), default=0) or 1
    link = _cohort_link if view == "cohort" else _flow_link
    return {
        "steps": [_row(step, widest, link(funnel, step, period, name)) for step in funnel.steps],
        "won": _words(funnel.won),
        "won_count": formats.number(funnel.won.part),
        "whole": formats.number(funnel.won.whole),
        "won_url": _won_link(funnel, period, name, view),
        "is_empty": not any(step.count for step in funnel.steps),
        "undated": funnel.undated,
        "undated_url": list_url(
            get_entity("deal"),
            tree=all_of(_in_version(funnel), Condition("opened_on", "empty")),
        ),
        "summary": _summary(funnel),
    }


def _row(step: Step, widest: int, url: str) -> dict[str, Any]:
    return {
        "name": str(step.stage),
        "count": formats.number(step.count),
        "url": url,
        "share": round(100 * step.count / widest),
        "amount": formats.short_sums(step.amount) if is_open(get_entity("deal"), "amount") else "",
        "on": _words(step.on) if step.on else {},
        "back": formats.number(step.back),
        "lost": formats.number(step.lost),
    }


def _words(share: Share) -> dict[str, Any]:
    """A share with its 95 % interval in words; few cases are greyed out."""
    if share.value is None or share.interval is None:
        return {"value": "—", "interval": "", "is_small": True}
    low, high = (formats.percent(100 * edge, places=1) for edge in share.interval)
    return {
        "value": formats.percent(100 * share.value, places=1),
        "interval": f"{low} – {high}",
        "is_small": share.is_small,
        "of": share.whole,
    }


def _summary(funnel: Funnel) -> str:
    weakest = min(
        (step for step in funnel.steps if step.on and step.count >= 10),
        key=lambda step: (step.on.value if step.on else None) or 0,
        default=None,
    )
    if weakest is None:
        return _("There are too few deals to say where they drop out.")
    share = _words(weakest.on)["value"] if weakest.on else ""
    return _("Most drop out at “%(stage)s”: %(share)s move on.") % {"stage": weakest.stage, "share": share}


def _in_version(funnel: Funnel) -> Condition:
    return Condition("pipeline_version", "eq", funnel.version.pk)


def _within(field: str, period: Period) -> tuple[Condition, Condition]:
    return Condition(field, "gte", period.first.isoformat()), Condition(field, "lt", period.after.isoformat())


def _cohort_link(funnel: Funnel, step: Step, period: Period, name: str) -> str:
    inside = all_of(_in_version(funnel), *_within("opened_on", period), Condition("reached", "eq", step.stage.pk))
    return list_url(get_entity("deal"), tree=inside)


def _flow_link(funnel: Funnel, step: Step, period: Period, name: str) -> str:
    inside = all_of(Condition("stage", "eq", step.stage.pk), *_within("left_at", period))
    return list_url(get_entity("stage-visit"), tree=inside)


def _won_link(funnel: Funnel, period: Period, name: str, view: str) -> str:
    field = "opened_on" if view == "cohort" else "closed_at"
    inside = all_of(_in_version(funnel), Condition("state", "eq", "won"), *_within(field, period))
    return list_url(get_entity("deal"), tree=inside)
