"""Entering and leaving stages: the only place where stays of a deal begin and end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krug.access.models import User
from krug.kernel.dates import today_in, zone_called
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.sales.events import ResponsibleChanged
from krug.sales.models import Deal, Handover, Stage, StageResult, StageVisit, Work


def open_visit(deal: Deal) -> StageVisit:
    """The stay in which the deal is now."""
    visit = StageVisit.objects.select_related("stage").filter(deal=deal, left_at=None).first()
    if visit is None:
        raise Refusal(_("This deal stands in no stage: it is closed."), code="DEAL_CLOSED")
    return visit


def enter_stage(deal: Deal, stage: Stage, *, by: User, at: datetime, before: StageVisit | None = None) -> StageVisit:
    """Begin a stay: one responsible by the stage's rule, the works that the stage plans and those carried over."""
    try:
        with transaction.atomic():
            visit = StageVisit.objects.create(
                deal=deal,
                stage=stage,
                responsible=responsible_for(stage, deal, by=by, before=before),
                entered_at=at,
                created_by=by,
                updated_by=by,
            )
    except IntegrityError as error:
        if "stage_visit_one_open" not in str(error):
            raise
        raise Refusal(
            _("This deal already stands in a stage: a stage has one responsible."), code="STAGE_TWO_RESPONSIBLE"
        ) from error
    _plan_works(visit, deal, by=by, at=at, before=before)
    deal.stage, deal.stage_since = stage, at
    return visit


def leave_stage(
    visit: StageVisit, outcome: str, *, at: datetime, result: StageResult | None = None, reason: str = ""
) -> StageVisit:
    """End a stay; the database holds the evidence and the works against it once more."""
    visit.left_at, visit.outcome, visit.result, visit.reason = at, outcome, result, reason
    visit.save(update_fields=["left_at", "outcome", "result", "reason", "updated_at"])
    return visit


def refuse_open_works(visit: StageVisit) -> None:
    """While works are open the stage can not be left."""
    count = visit.works.filter(state__in=Work.OPEN).count()
    if count:
        raise Refusal(
            ngettext(
                "There is %(count)s unfinished work: finish it, cancel it or continue it in the next stage.",
                "There are %(count)s unfinished works: finish them, cancel them or continue them in the next stage.",
                count,
            )
            % {"count": count},
            field="works",
            code="STAGE_OPEN_WORKS",
        )


def responsible_for(stage: Stage, deal: Deal, *, by: User, before: StageVisit | None = None) -> User:
    """The one employee who answers for a stage of this deal, by the stage's rule."""
    usual = (before.responsible if before is not None else None) or deal.owner or by
    rule = Stage.OwnerRule
    if stage.owner_rule == rule.EMPLOYEE and stage.employee is not None and stage.employee.is_active:
        return stage.employee
    if stage.owner_rule == rule.TERRITORY:
        return (deal.party.owner if deal.party is not None else None) or deal.owner or by
    if stage.owner_rule == rule.ROLE:
        return _of_role(stage, deal, usual)
    return usual


@transaction.atomic
def change_responsible(deal: Deal, *, to: User, by: User, reason: str = "") -> Deal:
    """Hand the present stage over to somebody else; the stay goes on and the handover is kept."""
    visit = open_visit(deal)
    if visit.responsible_id == to.pk:
        return deal
    if not to.is_active or to.is_system:
        raise Refusal(_("Choose somebody who works here."), field="to", code="RESPONSIBLE_INACTIVE")
    before = visit.responsible
    Handover.objects.create(visit=visit, from_user=before, to_user=to, at=timezone.now(), reason=reason, by=by)
    visit.responsible = to
    visit.save(update_fields=["responsible", "updated_at"])
    record(
        ResponsibleChanged(
            deal=deal, stage=visit.stage, from_user=before.short_name, to_user=to.short_name, reason=reason, by=by
        )
    )
    return deal


def _of_role(stage: Stage, deal: Deal, usual: User) -> User:
    holders = User.objects.filter(roles=stage.role_id, is_active=True, is_system=False)
    for wanted in (usual, deal.owner):
        if wanted is not None and holders.filter(pk=wanted.pk).exists():
            return wanted
    near = holders.filter(team_id=usual.team_id).order_by("pk").first() if usual.team_id else None
    return near or holders.order_by("pk").first() or usual


def _plan_works(visit: StageVisit, deal: Deal, *, by: User, at: datetime, before: StageVisit | None) -> None:
    today = today_in(zone_called(visit.responsible.timezone), now=at)
    works = [
        _from_template(template, visit, deal, by=by, today=today)
        for template in visit.stage.work_templates
        if isinstance(template, dict) and template.get("name")
    ]
    if before is not None:
        works += [
            Work(
                visit=visit,
                deal=deal,
                type=work.type,
                name=work.name,
                assignee=work.assignee,
                due=work.due,
                continues=work,
                created_by=by,
                updated_by=by,
            )
            for work in before.works.filter(is_carried=True, continued_by=None)
            .select_related("assignee")
            .order_by("pk")
        ]
    Work.objects.bulk_create(works)


def _from_template(template: dict[str, Any], visit: StageVisit, deal: Deal, *, by: User, today: date) -> Work:
    days = template.get("days")
    return Work(
        visit=visit,
        deal=deal,
        name=str(template["name"])[:300],
        type=str(template.get("type", ""))[:60],
        assignee=visit.responsible,
        due=today + timedelta(days=days) if isinstance(days, int) else None,
        created_by=by,
        updated_by=by,
    )
