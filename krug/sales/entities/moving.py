"""What the small form of a move asks for: only what is missing for the stage that was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db.models import Model
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.activities.models import Interaction
from krug.documents.models import Document
from krug.kernel.fields import (
    ChoiceField,
    DateField,
    Field,
    LongTextField,
    MoneyField,
    ReferenceField,
    TextField,
    YesNoField,
)
from krug.kernel.links import link_to
from krug.kernel.registry import get_entity
from krug.kernel.ui import formats
from krug.kernel.ui.names import called
from krug.kernel.visibility import may
from krug.parties.models import Contact
from krug.sales.actions.results import people_of
from krug.sales.models import Competitor, Deal, LossReason, ResultType, Stage, StageVisit
from krug.sales.rules.criteria import unmet
from krug.sales.rules.evidence import candidates

TALKS = (ResultType.MEETING_MINUTES, ResultType.CUSTOMER_CONFIRMATION)
MOST_PEOPLE = 50
REASON = TextField(name="reason", label=_("reason"), required=True, max_length=300)
WHY = TextField(name="reason", label=_("reason"), max_length=300)
STAGE = ReferenceField(name="stage", label=_("stage"), model=Stage, required=True)
EVIDENCE = TextField(
    name="evidence", label=_("evidence"), hint=_("A record made in this stage, for example interaction:17.")
)
SAID = LongTextField(name="said", label=_("what was said"), hint=_("It will be logged as a meeting with the customer."))
WITH_WHOM = ReferenceField(name="with_whom", label=_("with whom"), model=Contact)
PAPER = TextField(name="paper", label=_("document number"), max_length=60)
CONTRACT = TextField(
    name="contract",
    label=_("number of the signed contract"),
    max_length=60,
    hint=_("Without a signed order or contract no deal is won."),
)
OVERRIDE = TextField(name="override", label=_("why the conditions are waived"), max_length=300)
LOSS: tuple[Field, ...] = (
    ReferenceField(name="loss_reason", label=_("reason of loss"), model=LossReason),
    ReferenceField(name="competitor", label=_("competitor"), model=Competitor),
    TextField(
        name="new_competitor",
        label=_("or a competitor who is not on the list"),
        max_length=200,
        hint=_("Will be added to the list of competitors."),
    ),
    MoneyField(name="amount", label=_("amount")),
    DateField(name="return_on", label=_("come back on")),
    LongTextField(name="loss_note", label=_("how it was lost")),
)
PAPERS = (
    ChoiceField(name="kind", label=_("kind"), choices=tuple(Document.Kind.choices), required=True),
    TextField(name="title", label=_("title"), max_length=200),
    TextField(name="number", label=_("number"), max_length=60),
    TextField(name="path", label=_("file location"), max_length=500),
    YesNoField(name="is_signed", label=_("already signed")),
)
MOVE = (STAGE, EVIDENCE, SAID, WITH_WHOM, PAPER, CONTRACT, WHY, OVERRIDE, *LOSS)
WIN = (EVIDENCE, SAID, WITH_WHOM, PAPER, CONTRACT)


@dataclass(frozen=True, kw_only=True)
class StageOfDeal(ReferenceField):
    """The stages of one pipeline version, in their order; what else is asked depends on the chosen one."""

    steers: ClassVar[bool] = True
    pipeline_version: int = 0

    def rows(self, user: User) -> Any:
        return Stage.objects.filter(pipeline_version=self.pipeline_version, is_archived=False).order_by("position")


def to_move(deal: Deal, user: User, typed: Mapping[str, str]) -> tuple[Any, ...]:
    """The stage, and what is missing to enter it."""
    stages = list(deal.pipeline_version.stages.filter(is_archived=False).order_by("position"))
    target = _target(stages, deal, typed.get("stage", ""))
    chosen = StageOfDeal(
        name="stage", label=_("stage"), model=Stage, required=True, pipeline_version=deal.pipeline_version_id,
        default=target,
    )  # fmt: skip
    if target is None or target.pk == deal.stage_id:
        return (chosen,)
    if target.kind == Stage.Kind.LOST:
        return (chosen, *to_lose(deal, user, typed))
    if target.kind == Stage.Kind.WON:
        return (chosen, *to_win(deal, user, typed))
    if target.position < deal.stage.position:
        return (chosen, REASON)
    waived = (OVERRIDE,) if unmet(target.entry_criteria, deal) and may(user, "deal", "override") else ()
    return (chosen, *_proof(deal, user), *waived)


def to_win(deal: Deal, user: User, typed: Mapping[str, str]) -> tuple[Any, ...]:
    """The last result, and the contract when none is signed yet."""
    is_bound = deal.results.filter(is_binding=True).exists()
    wants_paper = deal.stage.exit_result_type == ResultType.DOCUMENT_SIGNED
    return (*_proof(deal, user), *(() if is_bound or wants_paper else (CONTRACT,)))


def to_attach(deal: Deal, user: User, typed: Mapping[str, str]) -> tuple[Any, ...]:
    """Which of the records made in this stage is its result."""
    return tuple(item for item in _proof(deal, user) if item.name == "evidence") or (EVIDENCE,)


def to_lose(deal: Deal, user: User, typed: Mapping[str, str]) -> tuple[Any, ...]:
    """The reason, the competitor, the sum and the day to come back, all in one form."""
    reason, *rest = LOSS
    return (
        replace(reason, required=True),
        *(replace(item, default=deal.amount) if item.name == "amount" else item for item in rest),
    )


def _target(stages: list[Stage], deal: Deal, typed: str) -> Stage | None:
    named = next((stage for stage in stages if str(stage.pk) == typed), None)
    after = (stage for stage in stages if stage.position > deal.stage.position and stage.kind != Stage.Kind.LOST)
    return named or next(after, None)


def _proof(deal: Deal, user: User) -> tuple[Field, ...]:
    visit = StageVisit.objects.select_related("stage").filter(deal=deal, left_at=None).first()
    wanted = visit.stage.exit_result_type if visit else ""
    if visit is None or wanted in ("", ResultType.FIELD_VALUES) or visit.results.filter(type=wanted).exists():
        return ()
    known = [found for found in candidates(visit, deal, wanted) if _may_see(found, user)]
    is_talk = wanted in TALKS
    written = SAID if is_talk else replace(PAPER, hint=ResultType(wanted).label)
    there = _there(deal, user) if is_talk else ()
    if not known:
        return (replace(written, required=True), *there)
    choices = tuple((str(link_to(found)), _words(found)) for found in known)
    return (
        ChoiceField(
            name="evidence", label=_("result of the stage"), choices=choices, default=choices[0][0],
            hint=ResultType(wanted).label,
        ),
        replace(written, label=_("or log it now")),
        *there,
    )  # fmt: skip


def _there(deal: Deal, user: User) -> tuple[Field, ...]:
    """With whom the talk was: the customer's people, one of the deal suggested."""
    people = tuple((str(person.pk), called(person)) for person in people_of(deal, user)[:MOST_PEOPLE])
    return (
        (ChoiceField(name="with_whom", label=_("with whom"), choices=people, default=people[0][0]),) if people else ()
    )


def _may_see(found: Model, user: User) -> bool:
    return bool(get_entity(link_to(found).entity).rows_for(user).filter(pk=found.pk).exists())


def _words(found: Any) -> str:
    moment = found.at if isinstance(found, Interaction) else found.signed_at or found.sent_at or found.created_at
    return f"{formats.moment(timezone.localtime(moment))} · {Truncator(str(found)).chars(80)}"
