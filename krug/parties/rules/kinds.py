"""Which requisites belong to which kind of party, and whether a set of requisites is right as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

from krug.kernel.errors import Fault
from krug.parties.rules.foreign_ids import ForeignTaxId, foreign_tax_id_fault
from krug.parties.rules.russian_ids import (
    clean,
    inn_fault,
    kpp_fault,
    legal_form_fault,
    ogrn_fault,
    ogrnip_fault,
    okpo_fault,
    oktmo_fault,
    okved_fault,
)

Kind = Literal["legal", "branch", "sole_trader", "self_employed", "person", "foreign_legal", "public_body"]
Need = Literal["required", "optional", "empty"]

FOREIGN_INN: Final = "9909"


@dataclass(frozen=True)
class Expected:
    """What a kind of party has: the length of its INN, a KPP or none, and which registry number."""

    inn_length: int
    inn: Need
    kpp: Need
    ogrn: Callable[[str], Fault | None] | None
    xml: str


EXPECTED: Final[dict[str, Expected]] = {
    "legal": Expected(10, "required", "required", ogrn_fault, "СвЮЛУч"),
    "public_body": Expected(10, "required", "required", ogrn_fault, "СвЮЛУч"),
    "branch": Expected(10, "required", "required", ogrn_fault, "СвЮЛУч"),
    "sole_trader": Expected(12, "required", "empty", ogrnip_fault, "СвИП"),
    "self_employed": Expected(12, "optional", "empty", None, "СвФЛУч"),
    "person": Expected(12, "optional", "empty", None, "СвФЛУч"),
    "foreign_legal": Expected(10, "optional", "optional", None, "СвИнНеУч"),
}


@dataclass(frozen=True)
class RequisiteValues:
    """The requisites of one version, as texts, whatever they are stored in."""

    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    okpo: str = ""
    oktmo: str = ""
    okved_main: str = ""
    okved_extra: tuple[str, ...] = ()
    legal_form_code: str = ""
    foreign_tax_ids: tuple[ForeignTaxId, ...] = field(default=())


def values_of(record: object) -> RequisiteValues:
    """The requisites of any record that has such fields, its foreign numbers read from their stored form."""
    values: dict[str, object] = {}
    for one in fields(RequisiteValues):
        stored = getattr(record, one.name, None) or ()
        if one.name == "foreign_tax_ids":
            values[one.name] = tuple(_foreign(item) for item in stored)
        elif one.name == "okved_extra":
            values[one.name] = tuple(stored)
        else:
            values[one.name] = stored or ""
    return RequisiteValues(**values)  # type: ignore[arg-type]  # the loop above gave each field its own type


def check_requisites(
    kind: str, values: RequisiteValues, *, country: str = "RU", head: RequisiteValues | None = None
) -> list[Fault]:
    """Everything that a bank, the tax service or an EDI operator would reject in these requisites."""
    faults = [foreign_tax_id_fault(tax_id) for tax_id in values.foreign_tax_ids]
    if country == "RU" or kind == "foreign_legal":
        expected = EXPECTED[kind]
        faults += [_inn(kind, expected, values), _kpp(kind, expected, values), _ogrn(kind, expected, values)]
        faults += _directories(values)
    if kind == "branch" and head is not None:
        faults += _beside_head(values, head)
    return [fault for fault in faults if fault is not None]


def is_only_missing(fault: Fault) -> bool:
    """The value was not given yet: a draft may lack it, a checked party may not."""
    return fault.code.endswith("_REQUIRED")


def block_in_xml(kind: str, values: RequisiteValues) -> str:
    """The element of the УПД that describes such a party; a foreign one with a Russian INN stands as a company."""
    return "СвЮЛУч" if kind == "foreign_legal" and values.inn else EXPECTED[kind].xml


def _inn(kind: str, expected: Expected, values: RequisiteValues) -> Fault | None:
    inn = clean(values.inn)
    if not inn:
        return Fault("inn", _("Enter the INN"), "INN_REQUIRED") if expected.inn == "required" else None
    if len(inn) in (10, 12) and inn.isdigit() and len(inn) != expected.inn_length:
        return Fault("inn", _inn_of_other_kind(kind), "INN_KIND")
    if kind == "foreign_legal" and len(inn) == 10 and not inn.startswith(FOREIGN_INN):
        return Fault("inn", _("The Russian INN of a foreign company begins with 9909"), "INN_KIND")
    return inn_fault(inn)


def _inn_of_other_kind(kind: str) -> object:
    if kind == "sole_trader":
        return _("A sole trader is given the INN of a company (10 digits)")
    if kind in ("person", "self_employed"):
        return _("A person is given the INN of a company (10 digits)")
    return _("A company is given the INN of a person (12 digits)")


def _kpp(kind: str, expected: Expected, values: RequisiteValues) -> Fault | None:
    kpp = clean(values.kpp)
    if not kpp:
        needed = expected.kpp == "required" or (kind == "foreign_legal" and bool(clean(values.inn)))
        return Fault("kpp", _("Enter the KPP of the company"), "KPP_REQUIRED") if needed else None
    if expected.kpp == "empty":
        return Fault("kpp", _("Sole traders and persons have no KPP"), "KPP_NOT_ALLOWED")
    return kpp_fault(kpp)


def _ogrn(kind: str, expected: Expected, values: RequisiteValues) -> Fault | None:
    if not clean(values.ogrn):
        return None
    if expected.ogrn is None:
        said = _("A person has no OGRN") if kind != "foreign_legal" else _("A foreign company has no OGRN")
        return Fault("ogrn", said, "OGRN_NOT_ALLOWED")
    return expected.ogrn(values.ogrn)


def _directories(values: RequisiteValues) -> Iterable[Fault | None]:
    if clean(values.okpo):
        yield okpo_fault(values.okpo)
    if clean(values.oktmo):
        yield oktmo_fault(values.oktmo)
    if clean(values.legal_form_code):
        yield legal_form_fault(values.legal_form_code)
    if clean(values.okved_main):
        yield okved_fault(values.okved_main)
    for code in values.okved_extra:
        yield okved_fault(code, field="okved_extra")


def _beside_head(values: RequisiteValues, head: RequisiteValues) -> Iterable[Fault | None]:
    if clean(values.inn) and clean(head.inn) and clean(values.inn) != clean(head.inn):
        yield Fault("inn", _("A branch has the INN of its head company"), "INN_NOT_HEADS")
    if clean(values.kpp) and clean(values.kpp) == clean(head.kpp):
        yield Fault("kpp", _("A branch has a KPP of its own, not that of its head company"), "KPP_OF_HEAD")
    if clean(values.ogrn) and clean(head.ogrn) and clean(values.ogrn) != clean(head.ogrn):
        yield Fault("ogrn", _("A branch has the OGRN of its head company"), "OGRN_NOT_HEADS")


def _foreign(stored: object) -> ForeignTaxId:
    if isinstance(stored, ForeignTaxId):
        return stored
    given = stored if isinstance(stored, dict) else {"value": stored}
    return ForeignTaxId(
        country=str(given.get("country") or ""), value=str(given.get("value") or ""), type=str(given.get("type") or "")
    )
