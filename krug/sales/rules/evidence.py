"""Which existing records prove that a stage is finished: only those made inside the stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from krug.activities.models import Interaction
from krug.documents.models import Document
from krug.sales.models import Deal, ResultType, StageVisit

BINDING = ("order", "contract")
TALKS = (Interaction.Kind.MEETING, Interaction.Kind.VISIT, Interaction.Kind.CALL_OUT, Interaction.Kind.CALL_IN)
Kind = Document.Kind


def proofs(visit: StageVisit, deal: Deal, result_type: str) -> list[QuerySet[Any]]:
    """The records of lower domains that would prove this type of result in this stay."""
    talks = Interaction.objects.current().held().filter(_concerns(deal), created_at__gte=visit.entered_at)
    papers = Document.objects.filter(_concerns(deal), is_archived=False)
    fresh = papers.filter(created_at__gte=visit.entered_at)
    found: dict[str, list[QuerySet[Any]]] = {
        ResultType.MEETING_MINUTES: [talks.filter(kind__in=TALKS), fresh.filter(kind=Kind.MINUTES)],
        ResultType.CUSTOMER_CONFIRMATION: [talks, fresh.filter(kind=Kind.OTHER)],
        ResultType.DOCUMENT_SIGNED: [papers.filter(signed_at__gte=visit.entered_at)],
        ResultType.DOCUMENT_SENT: [papers.filter(sent_at__gte=visit.entered_at)],
        ResultType.SHIPMENT: [fresh.filter(kind__in=(Kind.DELIVERY_NOTE, Kind.ACT))],
        ResultType.DECISION: [fresh.filter(kind__in=(Kind.MINUTES, Kind.OTHER))],
        ResultType.PAYMENT: [fresh.filter(kind=Kind.OTHER)],
    }
    return found.get(result_type, [])


def candidates(visit: StageVisit, deal: Deal, result_type: str, limit: int = 10) -> Iterator[Model]:
    """The latest proofs that could be chosen, newest first."""
    for rows in proofs(visit, deal, result_type):
        yield from rows.order_by("-id")[:limit]


def is_proof(evidence: Model, visit: StageVisit, deal: Deal, result_type: str) -> bool:
    """Whether this record was made inside the stay and shows what this type of result asks for."""
    if isinstance(evidence, (Interaction, Document)):
        return any(
            rows.model is type(evidence) and rows.filter(pk=evidence.pk).exists()
            for rows in proofs(visit, deal, result_type)
        )
    made_at = getattr(evidence, "created_at", None)
    return evidence.pk is not None and made_at is not None and visit.entered_at <= made_at <= timezone.now()


def is_binding(evidence: Model, code: str) -> bool:
    """Whether the record is an order or a contract, without which no deal is won."""
    if isinstance(evidence, Document):
        return evidence.kind in BINDING and evidence.signed_on is not None
    return code in BINDING


def _concerns(deal: Deal) -> Q:
    about = Q(about_entity="deal", about_id=deal.pk)
    return about | Q(party_id=deal.party_id, about_entity="") if deal.party_id else about
