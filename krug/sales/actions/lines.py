"""What a deal is about: products with quantity and price; their sum is the amount of the deal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.catalogue.models import Product
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.money import ZERO, round_money
from krug.sales.events import DealLineAdded, DealLineChanged, DealLineRemoved
from krug.sales.models import Deal, DealLine


@transaction.atomic
def add_line(
    *, deal: Deal, product: Product, by: User, quantity: Decimal = Decimal(1), price: Decimal | None = None
) -> DealLine:
    """Put a product into a deal, at its list price unless another is named."""
    _must_be_running(deal)
    if price is None and (product.price is None or product.currency != deal.currency):
        raise Refusal(
            _("This product has no list price in %(currency)s: enter the price.") % {"currency": deal.currency},
            field="price",
            code="PRICE_REQUIRED",
        )
    line = DealLine(
        deal=deal,
        product=product,
        quantity=quantity,
        price=product.price if price is None else price,
        created_by=by,
        updated_by=by,
    )
    _keep(line)
    record(DealLineAdded(line=line, deal=deal, amount=line.amount, currency=line.deal.currency, by=by))
    return line


@transaction.atomic
def change_line(line: DealLine, values: dict[str, Any], *, by: User) -> DealLine:
    """Change quantity or price; the deal's amount follows."""
    _must_be_running(line.deal)
    deal = values.pop("deal", line.deal)
    if deal != line.deal:
        raise Refusal(_("A line stays in its deal: add a line to the other deal."), field="deal", code="LINE_FIXED")
    differing = [name for name, value in values.items() if getattr(line, name) != value]
    if not differing:
        return line
    for name in differing:
        setattr(line, name, values[name])
    _keep(line)
    record(DealLineChanged(line=line, deal=line.deal, amount=line.amount, currency=line.deal.currency, by=by))
    return line


@transaction.atomic
def remove_line(line: DealLine, *, by: User) -> Deal:
    """Take a product out of a deal."""
    deal: Deal = line.deal
    _must_be_running(deal)
    product, amount = str(line.product), line.amount
    line.delete()
    _sum_up(deal)
    record(DealLineRemoved(deal=deal, product=product, amount=amount, by=by))
    return deal


def _must_be_running(deal: Deal) -> None:
    if deal.is_closed:
        raise Refusal(_("A closed deal is not changed. A supervisor can correct it with a reason."), code="DEAL_CLOSED")


def _keep(line: DealLine) -> None:
    line.amount = round_money(line.quantity * line.price)
    writing.check(line)
    line.save()
    _sum_up(line.deal)


def _sum_up(deal: Deal) -> None:
    deal.amount = deal.lines.aggregate(total=Sum("amount"))["total"] or ZERO
    deal.save(update_fields=["amount", "updated_at"])
