"""The rates of VAT that every installation has from the first day; later laws are added by people or by an update."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from krug.parties.models import TaxRate
from krug.parties.rules.vat import rate_for

SHIPPED = Path(__file__).parents[1] / "shipped" / "tax_rates.csv"


def rate_in_force(country: str, code: str, on: date) -> TaxRate:
    """The rate of that code or family on the day of shipment, as the table has it."""
    return rate_for(country, code, on, rates=TaxRate.objects.filter(country=country, is_archived=False))


@transaction.atomic
def ensure_shipped_rates() -> int:
    """Add the shipped rates that are missing, and end those that a law has ended; what people wrote stays."""
    made = 0
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        key = {"country": row["country"], "code": row["code"], "valid_from": _day(row["valid_from"])}
        known = TaxRate.objects.filter(**key)
        known.filter(valid_to=None).exclude(valid_to=_day(row["valid_to"])).update(valid_to=_day(row["valid_to"]))
        names = {"name_ru": row["name_ru"], "name_en": row["name_en"]}
        known.filter(name_ru=row["code"], name_en=row["code"]).update(**names)
        if not known.exists():
            TaxRate.objects.create(
                **key,
                **names,
                family=row["family"],
                rate=Decimal(row["rate"]) if row["rate"] else None,
                valid_to=_day(row["valid_to"]),
                edo_value=row["edo_value"],
                law=row["law"],
            )
            made += 1
    return made


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
