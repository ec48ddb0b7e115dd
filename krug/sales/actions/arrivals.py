"""Deals as a file tells them: those with a stage are recorded as history, those without are opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.exchange.importing.intake import SomeRefused
from krug.kernel.errors import No, Refusal
from krug.sales.actions.deals import open_deal, version_in_force
from krug.sales.actions.history import PastDeal, record_history
from krug.sales.models import Deal, Pipeline, Stage

PAST = ("stage", "opened_on", "closed_on", "loss_reason")
KINDS = {
    "won": Stage.Kind.WON, "closed won": Stage.Kind.WON, "выиграна": Stage.Kind.WON, "успешно": Stage.Kind.WON,
    "lost": Stage.Kind.LOST, "closed lost": Stage.Kind.LOST, "проиграна": Stage.Kind.LOST, "отказ": Stage.Kind.LOST,
}  # fmt: skip


@transaction.atomic
def take_deals(told: Sequence[Mapping[str, Any]], *, by: User, source: str = "") -> list[Deal]:
    """Take many deals in, each with the stage and the days that the file tells."""
    stages: dict[Pipeline | None, dict[str, Stage]] = {}
    past: list[PastDeal | None] = []
    refused: dict[int, No] = {}
    for place, values in enumerate(told):
        if not any(values.get(name) for name in PAST):
            past.append(None)
            continue
        try:
            past.append(_past(values, _stages(values.get("pipeline"), stages), by))
        except Refusal as no:
            refused[place] = no
    if refused:
        raise SomeRefused(refused)
    made = [open_deal(**values, by=by) if deal is None else None for values, deal in zip(told, past, strict=True)]
    wanted = [deal for deal in past if deal is not None]
    ids = record_history(wanted, source=source or "file", by=by).ids if wanted else {}
    rows = Deal.objects.in_bulk([ids[deal.source_key] for deal in wanted])
    taken: list[Deal] = []
    for one, deal in zip(made, past, strict=True):
        found = rows[ids[deal.source_key]] if deal is not None else one
        taken += [found] if found is not None else []
    return taken


def _stages(pipeline: Pipeline | None, kept: dict[Pipeline | None, dict[str, Stage]]) -> dict[str, Stage]:
    """The stages of a pipeline by their names in both languages, and the ends by what they are."""
    if pipeline not in kept:
        found: dict[str, Stage] = {}
        for stage in version_in_force(pipeline).stages.filter(is_archived=False).order_by("position"):
            for name in (stage.name_ru, stage.name_en, str(stage.kind) if stage.kind != Stage.Kind.OPEN else ""):
                found.setdefault(name.casefold(), stage)
            if stage.kind == Stage.Kind.OPEN:
                found.setdefault("", stage)
        kept[pipeline] = found
    return kept[pipeline]


def _past(values: Mapping[str, Any], stages: dict[str, Stage], by: User) -> PastDeal:
    called = str(values.get("stage") or "").strip().casefold()
    stage = stages.get(called) or stages.get(str(KINDS.get(called, "-")))
    if stage is None:
        raise Refusal(
            _("There is no stage “%(name)s” in this pipeline.") % {"name": values.get("stage")},
            field="stage",
            code="NO_SUCH_STAGE",
        )
    closed: date | None = values.get("closed_on") if not stage.is_open else None
    reason = values.get("loss_reason")
    if not stage.is_open and (closed is None or not values.get("party")):
        raise Refusal(
            _("A closed deal needs its customer and its day of closing."),
            field="party" if closed else "closed_on",
            code="HISTORY_INCOMPLETE",
        )
    deal = PastDeal(
        source_key=str(values.get("source_key") or uuid4().hex),
        name=values["name"],
        stage=stage,
        owner=values.get("owner") or by,
        party_id=values["party"].pk if values.get("party") else None,
        amount=values.get("amount"),
        opened_on=values.get("opened_on"),
        expected_on=values.get("expected_on") or (values.get("closed_on") if stage.is_open else None),
        closed_on=closed,
        loss_reason_id=reason.pk if reason is not None and stage.kind == Stage.Kind.LOST else None,
    )
    given = {name: values[name] for name in ("currency", "type") if values.get(name)}
    return replace(deal, **given)
