"""Reads the four files of the set, mends what can be mended, and notes every repair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from django.utils.translation import gettext as _

from krug.exchange.importing.presets import Findings, Source
from krug.exchange.importing.tables import Row, plain_cell
from krug.language.readings import normalise

SECTORS = {
    "retail": "Розничная торговля",
    "technology": "Технологии",
    "medical": "Медицина",
    "marketing": "Маркетинг",
    "finance": "Финансы",
    "software": "Программное обеспечение",
    "entertainment": "Развлечения",
    "telecommunications": "Телекоммуникации",
    "services": "Услуги",
    "employment": "Подбор персонала",
}
COUNTRIES = {
    "United States": "US",
    "Kenya": "KE",
    "Philippines": "PH",
    "Japan": "JP",
    "Italy": "IT",
    "Norway": "NO",
    "Korea": "KR",
    "Jordan": "JO",
    "Brazil": "BR",
    "Germany": "DE",
    "Panama": "PA",
    "Belgium": "BE",
    "Romania": "RO",
    "Poland": "PL",
    "China": "CN",
}
STAGES = ("Prospecting", "Engaging", "Won", "Lost")


@dataclass(frozen=True)
class Seller:
    """A sales agent under a manager in an office."""

    name: str
    manager: str
    office: str


@dataclass(frozen=True)
class Good:
    """A product with its series and suggested price."""

    name: str
    series: str
    price: Decimal


@dataclass(frozen=True)
class Account:
    """A company of the set."""

    name: str
    sector: str
    founded: int | None
    revenue: Decimal | None
    employees: int | None
    place: str
    country: str
    parent: str


@dataclass(frozen=True)
class Opportunity:
    """One deal of the past, or one still open at the end of the file."""

    key: str
    seller: str
    product: str
    account: str
    stage: str
    engaged_on: date | None
    closed_on: date | None
    value: Decimal | None


@dataclass(frozen=True)
class Contents:
    """The whole set, mended."""

    sellers: list[Seller]
    goods: list[Good]
    accounts: list[Account]
    opportunities: list[Opportunity]


def read_contents(source: Source, findings: Findings) -> Contents:
    """Read all four files; rows that can not be mended are refused with a reason."""
    sellers = [
        Seller(row.get("sales_agent"), row.get("manager"), row.get("regional_office"))
        for row in source["sales_teams.csv"].rows()
    ]
    goods = [good for row in source["products.csv"].rows() if (good := _good(row, findings))]
    accounts = _accounts(source, findings)
    reader = _Pipeline(
        findings, {each.name for each in sellers}, [each.name for each in goods], {each.name for each in accounts}
    )
    opportunities = [deal for row in source["sales_pipeline.csv"].rows() if (deal := reader.read(row))]
    managers, offices = {each.manager for each in sellers}, {each.office for each in sellers}
    findings.read.update(team=len(managers) + len(offices), user=len({each.name for each in sellers} | managers))
    findings.read.update(product=len(goods), party=len(accounts), deal=len(opportunities))
    return Contents(sellers, goods, accounts, opportunities)


def _good(row: Row, findings: Findings) -> Good | None:
    price = _decimal(row.get("sales_price"))
    if not row.get("product") or price is None:
        findings.refuse("products.csv", row.number, _("The product has no name or no price."), row.values)
        return None
    return Good(row.get("product"), row.get("series"), price)


def _accounts(source: Source, findings: Findings) -> list[Account]:
    file, found, lines = "accounts.csv", {}, {}
    for row in source[file].rows():
        name = plain_cell(row.get("account"))
        if not name or name in found:
            findings.refuse(file, row.number, _("The company has no name, or the name came before."), row.values)
            continue
        lines[name] = row
        found[name] = Account(
            name=name,
            sector=_nearest(
                row, "sector", list(SECTORS), findings, code="SECTOR_SPELLING", label=_("Spelling of the sector")
            ),
            founded=_whole(row.get("year_established")),
            revenue=_decimal(row.get("revenue")),
            employees=_whole(row.get("employees")),
            place=(
                place := _nearest(
                    row,
                    "office_location",
                    list(COUNTRIES),
                    findings,
                    code="COUNTRY_SPELLING",
                    label=_("Spelling of the country"),
                )
            ),
            country=COUNTRIES.get(place, "US"),
            parent=row.get("subsidiary_of"),
        )
    for account in found.values():
        if account.parent and account.parent not in found:
            reason = _("Taken without its parent company %(name)s, which is not in the file.")
            findings.refuse(
                file, lines[account.name].number, reason % {"name": account.parent}, lines[account.name].values
            )
    return list(found.values())


def _nearest(row: Row, column: str, known: list[str], findings: Findings, *, code: str, label: str) -> str:
    given = row.get(column)
    if not given or given in known:
        return given
    near = get_close_matches(given, known, n=1, cutoff=0.8)
    if near:
        findings.mend(code, label, file="accounts.csv", row=row.number, before=given, after=near[0])
        return near[0]
    return given


class _Pipeline:
    """Reads rows of the pipeline against the names that the other files know."""

    file = "sales_pipeline.csv"

    def __init__(self, findings: Findings, sellers: set[str], goods: list[str], accounts: set[str]) -> None:
        self.findings, self.sellers, self.accounts = findings, sellers, accounts
        self.goods = {_squeezed(name): name for name in goods}
        self.keys: set[str] = set()

    def read(self, row: Row) -> Opportunity | None:
        """One deal, or nothing when it can not be taken."""
        reason = self.why_not(row)
        if reason:
            self.findings.refuse(self.file, row.number, reason, row.values)
            return None
        self.keys.add(row.get("opportunity_id"))
        if not row.get("close_value"):
            self.findings.mend(
                "LINE_AT_LIST_PRICE",
                _("Open deal: its product stands at the list price, its amount stays empty"),
                file=self.file,
                row=row.number,
            )
        return Opportunity(
            key=row.get("opportunity_id"),
            seller=row.get("sales_agent"),
            product=self.product(row),
            account=self.account(row),
            stage=row.get("deal_stage"),
            engaged_on=_day(row.get("engage_date")),
            closed_on=_day(row.get("close_date")),
            value=_decimal(row.get("close_value")),
        )

    def why_not(self, row: Row) -> str:
        """The reason for which a row is refused, or nothing."""
        closed = row.get("deal_stage") in ("Won", "Lost")
        if not row.get("opportunity_id") or row.get("opportunity_id") in self.keys:
            return _("The number of the deal is missing or came before.")
        if row.get("deal_stage") not in STAGES:
            return _("There is no stage “%(stage)s”.") % {"stage": row.get("deal_stage")}
        if row.get("sales_agent") not in self.sellers:
            return _("There is no seller “%(name)s” in sales_teams.csv.") % {"name": row.get("sales_agent")}
        if _squeezed(row.get("product")) not in self.goods:
            return _("There is no product “%(name)s” in products.csv.") % {"name": row.get("product")}
        if row.get("account") and row.get("account") not in self.accounts:
            return _("There is no company “%(name)s” in accounts.csv.") % {"name": row.get("account")}
        if closed and not row.get("account"):
            return _("A closed deal needs its customer.")
        for column in ("engage_date", "close_date"):
            if row.get(column) and _day(row.get(column)) is None:
                return _("“%(value)s” is not a day of the calendar.") % {"value": row.get(column)}
        if closed and (not row.get("close_date") or _decimal(row.get("close_value")) is None):
            return _("A closed deal needs its closing day and value.")
        return ""

    def product(self, row: Row) -> str:
        """The product under the name of products.csv."""
        given, known = row.get("product"), self.goods[_squeezed(row.get("product"))]
        if given != known:
            self.findings.mend(
                "PRODUCT_SPELLING",
                _("Spelling of the product"),
                file=self.file,
                row=row.number,
                before=given,
                after=known,
            )
        return known

    def account(self, row: Row) -> str:
        """The customer; an open deal may still lack one."""
        if not row.get("account"):
            self.findings.mend(
                "DEAL_WITHOUT_PARTY",
                _("Open deal without a customer: taken as it is, to be completed"),
                file=self.file,
                row=row.number,
            )
        return row.get("account")


def _squeezed(name: str) -> str:
    return normalise(name).replace(" ", "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _whole(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 10 else None


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**15 else None
