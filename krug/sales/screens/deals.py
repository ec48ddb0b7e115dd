"""The page of a deal: its way through the stages, what each of them needs, its products, people and papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krug.access.models import User
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.errors import NotFound
from krug.kernel.registry import get_entity
from krug.kernel.screens.door import asker
from krug.kernel.screens.page import record_page, render_page
from krug.kernel.screens.related import foreign_links, related_panels
from krug.kernel.sight import veiled
from krug.kernel.ui import formats
from krug.kernel.ui.names import listed, short_name
from krug.kernel.visibility import may
from krug.language.calendar_words import speech
from krug.sales.entities.boards import in_stage
from krug.sales.models import Deal, ResultType, Stage, StageResult, StageVisit, Work
from krug.sales.rules.ageing import age_of, days_between

TONES = {"fresh": "neutral", "yellow": "warning", "red": "danger"}


@dataclass(frozen=True)
class Way:
    """The stays of a deal and what each brought, read once for all panels."""

    visits: list[StageVisit]
    results: list[StageResult]

    @property
    def now(self) -> StageVisit | None:
        """The stay that goes on."""
        return next((visit for visit in self.visits if visit.is_open), None)

    def last_in(self, stage: Stage) -> StageVisit | None:
        """The latest stay in a stage."""
        return next((visit for visit in reversed(self.visits) if visit.stage_id == stage.pk), None)

    def result_in(self, stage: Stage) -> StageResult | None:
        """The latest result of the stage's own type."""
        ids = {visit.pk for visit in self.visits if visit.stage_id == stage.pk}
        own = [one for one in self.results if one.visit_id in ids and one.type == stage.exit_result_type]
        return own[-1] if own else None


@require_safe
def deal_page(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The usual page with the stages above, works and products in the middle, people and papers aside."""
    user = asker(request)
    deal = get_visible(entity, user, pk)
    page = record_page(entity, deal, user)
    way = Way(
        list(deal.visits.select_related("stage", "responsible").order_by("entered_at", "pk")),
        list(deal.results.select_related("recorded_by").order_by("pk")),
    )
    now, today = timezone.now(), timezone.localdate()
    page.add("stages", {**stages_panel(deal, way, now), "customer": customer_of(deal, user)}, before="summary")
    page.add("results", {"results": [_result_line(result) for result in way.results]}, before="summary")
    page.add("works", works_panel(deal, way, user, today), before="summary")
    page.add("lines", lines_panel(deal, user), before="summary")
    page.add("deal_people", people_panel(deal, user), is_aside=True)
    page.add("papers", papers_panel(deal, user), is_aside=True)
    foreign = related_panels(entity, deal, user, foreign_links(entity))
    page.add("related", {"panels": foreign}, template="kernel/_related.html", is_aside=True)
    return render_page(request, page, "sales/deal.html")


def stages_panel(deal: Deal, way: Way, now: datetime) -> dict[str, Any]:
    """Each stage with its responsible and its result; the present one with its age and what it still lacks."""
    stages = list(deal.pipeline_version.stages.select_related("employee", "role").order_by("position"))
    shown = [stage for stage in stages if stage.is_open or stage.pk == deal.stage_id]
    here, visit = deal.stage, way.now
    days = days_between(deal.stage_since, now)
    age = age_of(days, here.max_days) if visit else "fresh"
    proof = way.result_in(here) if visit else None
    return {
        "deal": deal,
        "bar": [_bar_step(stage, deal, way) for stage in shown],
        "responsible": _name(visit.responsible) if visit else "",
        "days": in_stage(days) if visit else "",
        "tone": TONES[str(age)],
        "wanted": str(ResultType(here.exit_result_type).label) if visit and here.exit_result_type else "",
        "proof": proof,
        "probability": formats.percent(deal.probability) if deal.is_running else "",
        "amount": formats.money(deal.amount, deal.currency) if deal.amount is not None else "",
        "expected": formats.date(deal.expected_on),
        "is_late": bool(deal.is_running and deal.expected_on and deal.expected_on < timezone.localdate()),
        "state": deal.get_state_display(),
        "until": formats.date(deal.suspended_until),
        "backs": sum(visit.outcome == StageVisit.Outcome.BACK for visit in way.visits),
    }


def customer_of(deal: Deal, user: User) -> Any:
    """The customer whose deal it is, when the reader may open that customer."""
    known = get_entity("party").rows_for(user)
    return known.filter(pk=deal.party_id).first() if "party" in get_entity("deal").fields else None


def works_panel(deal: Deal, way: Way, user: User, today: date) -> dict[str, Any]:
    """The works of the present stage, each with the acts that stand open, and how many earlier stages had."""
    works = [veiled(work) for work in deal.works.select_related("assignee", "visit__stage").order_by("pk")]
    here = way.now
    return {
        "deal": deal,
        "works": [_work_line(work, user, today) for work in works if here and work.visit_id == here.pk],
        "earlier": sum(here is None or work.visit_id != here.pk for work in works),
        "earlier_url": f"/works/?deal={deal.pk}",
        "may_plan": deal.is_running and may(user, "deal", "plan"),
    }


def lines_panel(deal: Deal, user: User) -> dict[str, Any]:
    """The products of the deal with their sum."""
    lines = [veiled(line) for line in deal.lines.select_related("product").order_by("pk")]
    return {
        "deal": deal,
        "lines": [
            {
                "id": line.pk,
                "url": f"/deal-lines/{line.pk}/",
                "cells": [
                    str(line.product),
                    formats.number(line.quantity),
                    formats.money(line.price, deal.currency),
                    formats.money(line.amount, deal.currency),
                ],
            }
            for line in lines
        ],
        "total": formats.money(deal.amount, deal.currency) if deal.amount is not None else "",
        "may_add": deal.is_running and may(user, "deal-line", "create"),
    }


def people_panel(deal: Deal, user: User) -> dict[str, Any]:
    """Who takes part on the customer's side and in which role."""
    known = get_entity("deal-contact").rows_for(user)
    roles = known.filter(deal=deal, is_archived=False).select_related("contact").order_by("pk")
    return {
        "deal": deal,
        "people": [(listed(one.contact), f"/contacts/{one.contact_id}/", one.get_role_display()) for one in roles],
        "competitor": str(deal.competitor) if deal.competitor else "",
        "may_add": may(user, "deal-contact", "create"),
    }


def papers_panel(deal: Deal, user: User) -> dict[str, Any]:
    """The documents about this deal."""
    papers = get_entity("document").rows_for(user).about("deal", deal.pk).filter(is_archived=False).order_by("-pk")
    return {
        "deal": deal,
        "papers": [
            {
                "name": str(paper),
                "url": f"/documents/{paper.pk}/",
                "kind": paper.get_kind_display(),
                "signed": formats.date(paper.signed_on),
                "path": paper.path,
            }
            for paper in map(veiled, papers[:10])
        ],
        "may_add": may(user, "deal", "paper"),
    }


def _bar_step(stage: Stage, deal: Deal, way: Way) -> dict[str, str]:
    visit, result = way.last_in(stage), way.result_in(stage)
    is_now = stage.pk == deal.stage_id
    is_done = not is_now and stage.position < deal.stage.position and visit is not None
    wanted = str(ResultType(stage.exit_result_type).label) if stage.exit_result_type else ""
    return {
        "label": str(stage),
        "state": "now" if is_now else "done" if is_done else "ahead",
        "who": _name(visit.responsible) if visit else _usual(stage),
        "result": result.evidence_name if result else wanted,
        "url": "",
    }


def _result_line(result: StageResult) -> dict[str, str]:
    try:
        url = get_entity(result.evidence_entity).url(result.evidence_id)
    except NotFound:
        url = ""
    return {
        "type": str(result.get_type_display()),
        "name": result.evidence_name,
        "url": "" if result.evidence_entity == "deal" else url,
        "who": _name(result.recorded_by),
        "at": formats.moment(timezone.localtime(result.recorded_at)),
    }


def _work_line(work: Work, user: User, today: date) -> dict[str, Any]:
    verbs = [("start", _("Start"), work.is_planned), ("finish", _("Finish"), work.is_open)]
    acts = [(name, label) for name, label, fits in verbs if fits and may(user, "work", name)]
    return {
        "name": work.name,
        "url": f"/works/{work.pk}/",
        "who": _name(work.assignee),
        "due": formats.date(work.due),
        "is_late": bool(work.is_open and work.due and work.due < today),
        "state": str(work.get_state_display()),
        "is_open": work.is_open,
        "acts": [(name, label, f"/works/{work.pk}/{name}/") for name, label in acts],
    }


def _usual(stage: Stage) -> str:
    if stage.owner_rule == Stage.OwnerRule.EMPLOYEE and stage.employee is not None:
        return _name(stage.employee)
    return ""


def _name(user: User) -> str:
    language = speech()
    return short_name(user.surname, user.given_name, user.patronymic, language) or user.email
