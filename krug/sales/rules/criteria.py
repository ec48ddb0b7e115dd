"""Conditions on a deal that a stage may ask for on entering, each answered by one question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from krug.sales.models import Deal, DealContact


@dataclass(frozen=True)
class Criterion:
    """One condition: its words and the question."""

    code: str
    label: Any
    holds: Callable[[Deal], bool]


def _has_decision_maker(deal: Deal) -> bool:
    return deal.contact_roles.filter(role=DealContact.Role.DECISION_MAKER, is_archived=False).exists()


CRITERIA: dict[str, Criterion] = {
    item.code: item
    for item in (
        Criterion("party_known", _("the customer is known"), lambda deal: deal.party_id is not None),
        Criterion("budget_known", _("the budget is known"), lambda deal: bool(deal.amount)),
        Criterion("date_known", _("the expected date is set"), lambda deal: deal.expected_on is not None),
        Criterion("decision_maker_named", _("the decision maker is named"), _has_decision_maker),
        Criterion("products_named", _("the products are listed"), lambda deal: deal.lines.exists()),
        Criterion(
            "contract_signed",
            _("a contract or an order is signed"),
            lambda deal: deal.results.filter(is_binding=True).exists(),
        ),
    )
}


def unmet(codes: list[str], deal: Deal) -> list[Criterion]:
    """The conditions of that list which the deal does not meet; unknown ones are left out."""
    return [CRITERIA[code] for code in codes if code in CRITERIA and not CRITERIA[code].holds(deal)]
