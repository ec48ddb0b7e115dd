"""How rates of VAT are written in the exchange of documents."""

from __future__ import annotations

from typing import Final

from krug.parties.models.rates import TaxRate

# The only values that the format 5.03 of the УПД accepts.
EDO_VALUES: Final = (
    "0%",
    "5%",
    "7%",
    "9,09%",
    "10%",
    "16,67%",
    "18%",
    "18,03%",
    "20%",
    "22%",
    "5/105",
    "7/107",
    "10/110",
    "18/118",
    "20/120",
    "22/122",
    "без НДС",
    "НДС исчисляется налоговым агентом",
)


def calculated_edo_value(rate: TaxRate) -> str:
    """The rate of an advance as the УПД writes it: 22/122."""
    parts = rate.calculated
    return f"{parts[0].normalize():f}/{parts[1].normalize():f}" if parts else rate.edo_value
