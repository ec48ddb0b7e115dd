"""Evidence for finishing a stage: existing records made inside the stay, never a tick by hand."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.activities.actions.interactions import Said, log_interaction
from krug.activities.models import Interaction
from krug.documents.actions.files import send_document, sign_document, write_document
from krug.documents.models import Document
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.links import RecordLink, link_to, record_number
from krug.kernel.registry import get_entity
from krug.parties.models import Contact, ContactPosition
from krug.sales.actions.visits import open_visit
from krug.sales.events import ResultRecorded
from krug.sales.models import Deal, ResultType, StageResult, StageVisit
from krug.sales.rules.criteria import unmet
from krug.sales.rules.evidence import is_binding, is_proof

LOWER = ("interaction", "document")
Kind = Document.Kind
PAPERS = {
    ResultType.DOCUMENT_SIGNED: Kind.CONTRACT,
    ResultType.DOCUMENT_SENT: Kind.OTHER,
    ResultType.SHIPMENT: Kind.DELIVERY_NOTE,
    ResultType.DECISION: Kind.MINUTES,
    ResultType.PAYMENT: Kind.OTHER,
    ResultType.MEETING_MINUTES: Kind.MINUTES,
    ResultType.CUSTOMER_CONFIRMATION: Kind.OTHER,
}


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What somebody offers as evidence: an existing record, or what is put on record now (words of a talk, a paper)."""

    evidence: Model | str | None = None
    said: str = ""
    with_whom: Contact | str | None = None
    paper: str = ""


@transaction.atomic
def record_result(deal: Deal, *, by: User, evidence: Model | str, type: str = "") -> StageResult:
    """Put evidence to the present stage; whoever stands above sales hands its orders and contracts down here."""
    visit = open_visit(deal)
    wanted = type or visit.stage.exit_result_type
    found = evidence if isinstance(evidence, Model) else _chosen(evidence, by=by)
    if not wanted or wanted not in ResultType.values:
        raise Refusal(_("This stage asks for no result."), field="type", code="STAGE_NEEDS_NO_RESULT")
    if not is_proof(found, visit, deal, wanted):
        raise Refusal(
            _("This does not prove the result: attach %(result)s made after the deal entered the stage “%(stage)s”.")
            % {"result": ResultType(wanted).label, "stage": visit.stage},
            field="evidence",
            code="RESULT_NOT_EVIDENT",
        )
    return _keep(visit, deal, wanted, found, by=by)


def result_of(visit: StageVisit, deal: Deal, *, by: User, proof: Proof) -> StageResult | None:
    """The result with which the deal may leave its stage, or a refusal that names what is missing."""
    wanted = visit.stage.exit_result_type
    if not wanted:
        return None
    if wanted != ResultType.FIELD_VALUES:
        offered = _put_on_record(deal, wanted, proof, by=by) or proof.evidence
        if offered:
            record_result(deal, by=by, evidence=offered)
    if wanted == ResultType.FIELD_VALUES:
        missing = unmet(visit.stage.exit_criteria, deal)
        if missing:
            raise Refusal(
                _("The stage “%(stage)s” is not finished: %(conditions)s — not yet.")
                % {"stage": visit.stage, "conditions": ", ".join(str(item.label) for item in missing)},
                field="result",
                code="STAGE_NO_RESULT",
            )
        return _keep(visit, deal, wanted, deal, by=by)
    found = visit.results.filter(type=wanted).order_by("-recorded_at", "-pk").first()
    if found is None:
        raise Refusal(
            _("The stage “%(stage)s” is not finished: attach its result — %(result)s.")
            % {"stage": visit.stage, "result": ResultType(wanted).label},
            field="result",
            code="STAGE_NO_RESULT",
        )
    return found


def sign_contract(deal: Deal, number: str, *, by: User) -> Document:
    """Put a signed contract of the deal on record; the flow of documents hands it back as evidence."""
    contract = write_document(by=by, about=deal, kind=Kind.CONTRACT, number=number.strip())
    return sign_document(contract, by=by)


@transaction.atomic
def attach_paper(
    deal: Deal, *, by: User, kind: str, title: str = "", number: str = "", path: str = "", is_signed: bool = False
) -> Document:
    """Put a document about the deal on record, signed or not yet; its file stays where it lies."""
    paper = write_document(by=by, about=deal, kind=kind, title=title, number=number, path=path)
    return sign_document(paper, by=by) if is_signed else paper


def _put_on_record(deal: Deal, wanted: str, proof: Proof, *, by: User) -> Model | None:
    """The talk or the paper that proves the result, written down in the same press."""
    if proof.said.strip():
        if deal.party is None:
            raise Refusal(_("Name the customer first: with whom did you talk?"), field="party", code="PARTY_REQUIRED")
        there = _who_was_there(deal, proof.with_whom, by=by)
        said = Said(kind=Interaction.Kind.MEETING, text=proof.said, contacts=there)
        return log_interaction(deal.party, said, by=by, about=deal)
    if not proof.paper.strip():
        return None
    if wanted == ResultType.DOCUMENT_SIGNED:
        return sign_contract(deal, proof.paper, by=by)
    paper = write_document(by=by, about=deal, kind=PAPERS[ResultType(wanted)], number=proof.paper.strip())
    return send_document(paper, by=by) if wanted == ResultType.DOCUMENT_SENT else paper


def people_of(deal: Deal, user: User) -> QuerySet[Contact]:
    """The people of the customer with whom one may have talked, those of the deal first."""
    held = ContactPosition.objects.filter(party=deal.party_id, is_current=True, is_archived=False)
    taking_part = deal.contact_roles.filter(contact=OuterRef("pk"), is_archived=False)
    known = get_entity("contact").rows_for(user).filter(pk__in=held.values("contact"), is_archived=False)
    people: QuerySet[Contact] = known.order_by(Exists(taking_part).desc(), "pk")
    return people


def _who_was_there(deal: Deal, given: Contact | str | None, *, by: User) -> list[Contact]:
    """Words alone prove no meeting: somebody of the customer was there, where anybody is known."""
    people = people_of(deal, by)
    number = given.pk if isinstance(given, Contact) else record_number(given or "")
    person = people.filter(pk=number).first() if number else None
    if person is None and (given or people.exists()):
        raise Refusal(_("Choose with whom of the customer's people you talked."), field="with_whom", code="TALK_ALONE")
    return [person] if person else []


def _chosen(text: str, *, by: User) -> Model:
    """The record that somebody named as `interaction:17` or `document:5`, among what he may see."""
    link = RecordLink.read(text)
    found: Model | None = None
    if link is not None and link.entity in LOWER:
        found = get_entity(link.entity).rows_for(by).filter(pk=link.id).first()
    if found is None:
        raise Refusal(_("Choose the evidence from the list."), field="evidence", code="EVIDENCE_UNKNOWN")
    return found


def _keep(visit: StageVisit, deal: Deal, wanted: str, evidence: Model, *, by: User) -> StageResult:
    link = link_to(evidence)
    result, is_new = StageResult.objects.get_or_create(
        visit=visit,
        deal=deal,
        type=wanted,
        evidence_entity=link.entity,
        evidence_id=link.id,
        defaults={
            "evidence_name": _name_of(evidence)[:300],
            "is_binding": is_binding(evidence, link.entity),
            "recorded_by": by,
            "recorded_at": timezone.now(),
            "created_by": by,
            "updated_by": by,
        },
    )
    if is_new:
        record(ResultRecorded(deal=deal, result=result, type=wanted, evidence=result.evidence_name, by=by))
    return result


def _name_of(evidence: Model) -> str:
    """What people call the evidence: the words of a talk, the title of a paper, the name of anything else."""
    return evidence.text if isinstance(evidence, Interaction) else str(evidence)
