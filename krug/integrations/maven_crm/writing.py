"""Writes the mended set: teams and people, products, companies with their parents, deals as history."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from krug.access.models import Role, Team, User
from krug.administration.actions.people import create_person
from krug.administration.actions.roles import give_role
from krug.catalogue.models import Product
from krug.exchange.importing.presets import Findings, Progress, Source
from krug.integrations.maven_crm.reading import SECTORS, Account, Contents, Opportunity, read_contents
from krug.kernel import writing
from krug.kernel.registry import get_entity
from krug.parties.actions.parties import register_party
from krug.parties.actions.relations import give_role as give_party_role
from krug.parties.models import Industry, Party
from krug.sales.actions.history import PastDeal, PastLine, record_history
from krug.sales.actions.shipped import PipelinePlan, StagePlan, install_pipeline
from krug.sales.models import Stage

SOURCE = "maven-crm"
DOMAIN = "maven-crm.invalid"
CURRENCY = "USD"
MILLION = Decimal(1_000_000)
CHUNK = 1000
PLAN = PipelinePlan(
    code=SOURCE,
    ru="Maven CRM",
    en="Maven CRM",
    currency=CURRENCY,
    stages=(
        StagePlan(ru="Prospecting", en="Prospecting", probability=Decimal(10)),
        StagePlan(ru="Engaging", en="Engaging", probability=Decimal(50)),
        StagePlan(ru="Won", en="Won", probability=Decimal(100), kind=Stage.Kind.WON),
        StagePlan(ru="Lost", en="Lost", kind=Stage.Kind.LOST),
    ),
)


def run(source: Source, by: User, progress: Progress, write: bool) -> Findings:
    """Take the whole set in; what an earlier run brought is left as it is now."""
    findings = Findings()
    contents = read_contents(source, findings)
    writer = _Writer(contents, by, findings, progress)
    writer.people()
    writer.products()
    writer.companies()
    writer.deals()
    return findings


class _Writer:
    """Writes one set, type by type, each from what the former made."""

    def __init__(self, contents: Contents, by: User, findings: Findings, progress: Progress) -> None:
        self.contents, self.by, self.findings, self.progress = contents, by, findings, progress
        self.sellers: dict[str, User] = {}
        self.goods: dict[str, Product] = {}
        self.parties: dict[str, Party] = {}
        self.met: set[tuple[str, str, int | None]] = set()
        self.total = len(contents.accounts) + len(contents.opportunities)
        self.done = 0

    def step(self, count: int) -> None:
        """Tell how far it came."""
        self.done += count
        self.progress(self.done, self.total)

    def people(self) -> None:
        """Offices hold the managers' teams, and these hold the sellers."""
        for seller in self.contents.sellers:
            office = self.team(seller.office, parent=None, office=seller.office)
            team = self.team(seller.manager, parent=office, office=seller.office)
            manager = self.person(seller.manager, team, "head", _("Sales manager"))
            if team.head_id is None:
                team.head = manager
                team.save(update_fields=["head"])
            self.sellers[seller.name] = self.person(seller.name, team, "seller", _("Sales agent"))

    def met_before(self, code: str, name: str, within: int | None = None) -> bool:
        """Whether this one was named earlier in the files; each is counted once."""
        key = (code, name, within)
        is_known = key in self.met
        self.met.add(key)
        return is_known

    def team(self, name: str, *, parent: Team | None, office: str) -> Team:
        """A team by its name and place in the tree."""
        known, met = (
            Team.objects.filter(name=name, parent=parent).first(),
            self.met_before("team", name, parent.pk if parent else None),
        )
        if known is not None:
            self.findings.same["team"] += not met
            return known
        made: Team = writing.create(get_entity("team"), {"name": name, "parent": parent, "office": office}, by=self.by)
        self.findings.created["team"] += 1
        return made

    def person(self, name: str, team: Team, role: str, position: str) -> User:
        """A colleague without a password: he signs in after an invitation."""
        given, _space, surname = name.partition(" ")
        email = f"{'.'.join(name.lower().split())}@{DOMAIN}"
        known, met = User.objects.filter(email=email).first(), self.met_before("user", email)
        if known is not None:
            self.findings.same["user"] += not met
            return known
        person = create_person(
            email=email,
            given_name=given,
            surname=surname,
            team=team,
            position=position,
            language="en",
            source=SOURCE,
            by=self.by,
        )
        give_role(person, role=Role.objects.get(code=role), by=self.by)
        self.findings.created["user"] += 1
        return person

    def products(self) -> None:
        """Products under their names, with the suggested price."""
        for good in self.contents.goods:
            known = Product.objects.filter(source_system=SOURCE, source_key=good.name).first()
            if known is None:
                values = {
                    "code": good.name.replace(" ", "-").upper(),
                    "name_en": good.name,
                    "name_ru": good.name,
                    "series": good.series,
                    "price": good.price,
                    "currency": CURRENCY,
                    "source_system": SOURCE,
                    "source_key": good.name,
                }
                known = writing.create(get_entity("product"), values, by=self.by)
                self.findings.created["product"] += 1
            else:
                self.findings.same["product"] += 1
            self.goods[good.name] = known

    def companies(self) -> None:
        """Companies first, then the links to their parents."""
        owners, buyers = self.owners(), {deal.account for deal in self.contents.opportunities if deal.stage == "Won"}
        known = {party.source_key: party for party in Party.objects.filter(source_system=SOURCE)}
        fresh = [account for account in self.contents.accounts if account.name not in known]
        for account in fresh:
            known[account.name] = self.company(account, owners.get(account.name))
            role = Party.Role.CUSTOMER if account.name in buyers else Party.Role.PROSPECT
            give_party_role(party=known[account.name], role=role, by=self.by)
        for account in fresh:
            if account.parent in known:
                party = known[account.name]
                party.refresh_from_db()
                party.parent = known[account.parent]
                party.save(update_fields=["parent", "updated_at"])
        self.findings.created["party"] += len(fresh)
        self.findings.same["party"] += len(self.contents.accounts) - len(fresh)
        self.parties = known
        self.step(len(self.contents.accounts))

    def company(self, account: Account, owner: User | None) -> Party:
        """One company; the source names no owner, so the seller with most of its deals answers for it."""
        return register_party(
            kind=Party.Kind.FOREIGN_LEGAL,
            display_name=account.name,
            country=account.country,
            language="en",
            industry=self.industry(account.sector),
            employees=account.employees,
            founded_year=account.founded,
            annual_revenue=None if account.revenue is None else account.revenue * MILLION,
            currency=CURRENCY,
            region=account.place,
            owner=owner,
            source_system=SOURCE,
            source_key=account.name,
            by=self.by,
        )

    def industry(self, sector: str) -> Industry | None:
        """The industry under its code."""
        if not sector:
            return None
        known = Industry.objects.filter(code=sector).first()
        if known is None:
            russian = SECTORS.get(sector, sector)
            known = Industry.objects.filter(name_ru=russian).first() or writing.create(
                get_entity("industry"), {"code": sector, "name_ru": russian, "name_en": sector.capitalize()}, by=self.by
            )
        return known

    def owners(self) -> dict[str, User]:
        """For each company the seller with most deals; of equals the first by name."""
        counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for deal in self.contents.opportunities:
            if deal.account:
                counted[deal.account][deal.seller] += 1
        return {
            name: self.sellers[min(sellers, key=lambda each: (-sellers[each], each))]
            for name, sellers in counted.items()
        }

    def deals(self) -> None:
        """Deals with their true dates and source, recorded as history."""
        version = install_pipeline(PLAN, by=self.by)
        stages = {stage.name_en: stage for stage in version.stages.all()}
        past = [self.deal(each, stages) for each in self.contents.opportunities]
        for start in range(0, len(past), CHUNK):
            part = past[start : start + CHUNK]
            report = record_history(part, source=SOURCE, by=self.by, working_stage=stages["Engaging"])
            self.findings.created["deal"] += report.made
            self.findings.same["deal"] += report.known
            self.step(len(part))

    def deal(self, told: Opportunity, stages: dict[str, Any]) -> PastDeal:
        """One deal as the source tells it."""
        good, party = self.goods[told.product], self.parties.get(told.account)
        return PastDeal(
            source_key=told.key,
            name=f"{told.product}, {told.account}" if told.account else told.product,
            stage=stages[told.stage],
            owner=self.sellers[told.seller],
            party_id=party.pk if party else None,
            amount=told.value,
            currency=CURRENCY,
            opened_on=told.engaged_on,
            closed_on=told.closed_on,
            lines=(PastLine(product_id=good.pk, price=good.price or Decimal(0) if told.value is None else told.value),),
        )
