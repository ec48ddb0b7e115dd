"""Chapter four: deals, led through the gates of the pipeline on evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from demo.acts import begin_told_act
from demo.clock import Clock
from demo.customers import Told
from demo.deals_list import CONFIRMED, DEALS, MEETINGS, STEPS, TRAINED
from krug.access.models import User
from krug.activities.actions.interactions import Said, log_interaction
from krug.activities.actions.tasks import NextStep, plan_task
from krug.catalogue.models import Product
from krug.documents.actions.files import sign_document, write_document
from krug.kernel import writing
from krug.kernel.registry import get_entity
from krug.sales.actions.deals import lose_deal, open_deal, suspend_deal, win_deal
from krug.sales.actions.lines import add_line
from krug.sales.actions.moves import move_deal
from krug.sales.actions.results import record_result
from krug.sales.actions.shipped import ensure_shipped_pipeline
from krug.sales.models import Competitor, Deal, LossReason, Stage

LAST_STAGE = 5
LOST_FROM = 2


@dataclass(frozen=True)
class Plot:
    """What the list says of one deal."""

    number: int
    name: str
    customer: str
    seller: str
    goods: str
    end: str
    opened: str
    stands: str
    expected: str
    step: str

    @property
    def stage(self) -> int:
        """The working stage to which the deal gets, whatever becomes of it there."""
        if self.end.isdecimal():
            return int(self.end)
        return LAST_STAGE if self.end == "won" else LOST_FROM

    def day_of(self, place: int) -> int:
        """The day on which the deal enters the stage at that place, counted from today."""
        first, last = -int(self.opened), -int(self.stands)
        return first + (last - first) * (place - 1) // max(self.stage - 1, 1)


def plots() -> list[Plot]:
    """The deals as the list has them."""
    lines = [[part.strip() for part in line.split("|")] for line in DEALS.splitlines()[1:]]
    return [Plot(number, *parts) for number, parts in enumerate(lines, start=1)]


class Teller:
    """Tells one deal after the other; keeps what all of them need."""

    def __init__(self, clock: Clock, people: dict[str, User], goods: dict[str, Product], told: Told) -> None:
        self.clock, self.people, self.goods, self.told = clock, people, goods, told
        self.version = ensure_shipped_pipeline(by=people["guseva"])
        self.stages = {stage.position: stage for stage in self.version.stages.filter(kind=Stage.Kind.OPEN)}
        self.reasons = {reason.code: reason for reason in LossReason.objects.exclude(code="")}
        self.competitors: dict[str, Competitor] = {}

    def tell(self, plot: Plot) -> Deal:
        """One deal from its beginning to where it stands today."""
        by = self.people[plot.seller]
        deal = self._open(plot, by)
        for place in range(1, plot.stage):
            self._prove(plot, deal, place, plot.day_of(place + 1), by)
            move_deal(deal, stage=self.stages[place + 1], by=by)
        self._end(plot, deal, by)
        if plot.step != "-":
            self._plan(plot, deal, by)
        return deal

    def _open(self, plot: Plot, by: User) -> Deal:
        self.clock.set(-int(plot.opened), 9 + plot.number % 7, plot.number * 7 % 60)
        begin_told_act(by)
        expected = self.clock.day(int(plot.expected)) if plot.expected != "-" else None
        deal = open_deal(
            by=by, name=plot.name, party=self.told.parties[plot.customer], owner=by,
            pipeline=self.version.pipeline, opened_on=self.clock.day(-int(plot.opened)), expected_on=expected,
        )  # fmt: skip
        for item in plot.goods.split(","):
            code, _star, quantity = item.strip().partition("*")
            add_line(deal=deal, product=self.goods[code], quantity=Decimal(quantity or 1), by=by)
        for person in self.told.people_of[plot.customer][:1]:
            values = {"deal": deal, "contact": person, "role": person.positions.get(party=deal.party).role}
            writing.create(get_entity("deal-contact"), values, by=by)
        return deal

    def _prove(self, plot: Plot, deal: Deal, place: int, day: int, by: User) -> None:
        """The record by which the stage at that place is finished, on the day on which it is."""
        self.clock.set(day, 11 + plot.number % 5, plot.number * 11 % 60)
        begin_told_act(by)
        number = f"{plot.number:03d}"
        if place == 1:
            self._hear(plot, deal, "meeting", MEETINGS[plot.number % len(MEETINGS)], by)
        elif place == 2:
            self._hear(plot, deal, "letter", CONFIRMED[plot.number % len(CONFIRMED)], by)
        elif place == 3:
            contract = write_document(
                by=by, about=deal, kind="contract", title="Договор поставки", number=f"В-{number}/26",
                date=self.clock.day(day), path=rf"\\files\contracts\В-{number}-26.pdf",
            )  # fmt: skip
            sign_document(contract, by=by, on=self.clock.day(day))
        elif place == 4:
            write_document(
                by=by, about=deal, kind="delivery_note", title="Накладная", number=number, date=self.clock.day(day)
            )
        else:
            self._hear(plot, deal, "visit", TRAINED[plot.number % len(TRAINED)], by)

    def _hear(self, plot: Plot, deal: Deal, kind: str, text: str, by: User) -> None:
        said = Said(
            kind=kind, text=text, contacts=self.told.people_of[plot.customer][:2], at=self.clock.now(),
            minutes=None if kind == "letter" else 40,
            colleagues=[self.people["zhukov"]] if kind == "visit" else (),
        )  # fmt: skip
        customer = self.told.parties[plot.customer]
        record_result(deal, by=by, evidence=log_interaction(customer, said, by=by, about=deal))

    def _end(self, plot: Plot, deal: Deal, by: User) -> None:
        end, *rest = plot.end.split(":")
        if end == "won":
            self._prove(plot, deal, LAST_STAGE, -int(plot.stands) + 6, by)
            win_deal(deal, by=by)
        elif end == "lost":
            self.clock.set(-int(plot.stands) + 5, 16)
            begin_told_act(by)
            rival = self._competitor(rest[1], by) if len(rest) > 1 else None
            again = self.clock.day(120) if rest[0] in ("no_budget", "price") else None
            lose_deal(deal, by=by, loss_reason=self.reasons[rest[0]], competitor=rival, return_on=again)
        elif end == "suspended":
            self.clock.set(-int(plot.stands) + 9, 15)
            begin_told_act(by)
            until = self.clock.today + timedelta(days=30 + plot.number % 20)
            suspend_deal(deal, until=until, by=by, reason="Ждут бюджет")

    def _competitor(self, name: str, by: User) -> Competitor:
        if name not in self.competitors:
            values = {"name": name, "party": self.told.parties[name]}
            self.competitors[name] = writing.create(get_entity("competitor"), values, by=by)
        return self.competitors[name]

    def _plan(self, plot: Plot, deal: Deal, by: User) -> None:
        days = int(plot.step)
        self.clock.set(min(-1, days - 2), 17, plot.number % 60)
        begin_told_act(by)
        due = self.clock.today + timedelta(days=days)
        plan_task(NextStep(name=STEPS[plot.number % len(STEPS)], due_on=due), by=by, party=deal.party, about=deal)
