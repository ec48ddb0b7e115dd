"""Registering calls, finding out who called, and seeing to it that missed ones are called back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.activities.actions.tasks import NextStep, complete_task, plan_task
from krug.activities.events import CallAttached, CallRegistered, CallSettled
from krug.activities.models import Call, PhoneLine
from krug.activities.models.calls import placed_in_time
from krug.kernel import writing
from krug.kernel.dates import DEFAULT_ZONE, local_moment, zone_called
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.registry import get_entity
from krug.kernel.ui.formats import phone
from krug.kernel.writing import check
from krug.parties.models import Contact, ContactPoint, ContactPosition, Party
from krug.parties.rules.phones import normalise_phone, phone_digits

CALL_BACK_WITHIN = timedelta(minutes=15)
TIMES = ("started_at", "answered_at", "ended_at")
OCCASION = "missed-call"
LATELY = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Rung:
    """What one call was, as somebody says it or a telephone exchange."""

    number: str = ""
    direction: str = Call.Direction.IN
    result: str = Call.Result.ANSWERED
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    line: PhoneLine | None = None
    extension: str = ""
    employee: User | None = None
    party: Party | None = None
    contact: Contact | None = None
    topic: str = ""
    provider: str = ""
    uid: str = ""


@transaction.atomic
def register_call(rung: Rung, *, by: User) -> Call:
    """Write a call down once; a missed one becomes a task to call back, one with the same number settles it."""
    if rung.provider and (known := Call.objects.filter(provider=rung.provider, uid=rung.uid).first()):
        return known
    call = Call(
        number=_one_form(rung),
        direction=rung.direction,
        result=rung.result,
        started_at=rung.started_at or timezone.now(),
        answered_at=rung.answered_at,
        ended_at=rung.ended_at,
        line=rung.line,
        extension=rung.extension,
        employee=rung.employee,
        party=rung.party,
        contact=rung.contact,
        topic=rung.topic,
        provider=rung.provider,
        uid=rung.uid,
        created_by=by,
        updated_by=by,
    )
    _must_have_begun(call)
    _find_who(call)
    call.digits = phone_digits(call.number) if call.number else ""
    _place(call)
    check(call, by=by)
    call.save(force_insert=True)
    record(CallRegistered(call=call, direction=call.direction, result=call.result, by=by), at=call.started_at)
    follow_up(call, by=by)
    return call


def create_call(*, by: User, **values: Any) -> Call:
    """Write a call down from the fields of its form; whoever writes it down has answered it unless another did."""
    values = {name: value for name, value in values.items() if value is not None}
    if values.get("result", Call.Result.ANSWERED) == Call.Result.ANSWERED:
        values.setdefault("employee", by)
    return register_call(Rung(**values), by=by)


@transaction.atomic
def change_call(call: Call, values: dict[str, Any], *, by: User) -> Call:
    """Correct a call; its hour and its lengths follow from its times, and what it asks for from how it ended."""
    values = dict(values)
    if "number" in values and values["number"] != call.number:
        direction = values.get("direction", call.direction)
        values["number"] = _one_form(Rung(number=values["number"], direction=direction, provider=call.provider))
        values["digits"] = phone_digits(values["number"]) if values["number"] else ""
    times = {name: values.get(name, getattr(call, name)) for name in TIMES}
    if times["started_at"] is not None:
        values |= placed_in_time(**times, zone=zone_called(DEFAULT_ZONE))
    changed: Call = writing.change(get_entity("call"), call, values, by=by)
    follow_up(changed, by=by)
    return changed


def follow_up(call: Call, *, by: User) -> None:
    """What follows from how a call ended: a missed one waits for a call, a talk settles those that waited."""
    if call.is_waiting and call.task_id is None:
        _plan_call_back(call, by=by)
    elif call.result == Call.Result.ANSWERED and call.direction != Call.Direction.INTERNAL and call.digits:
        since = call.started_at - LATELY
        waiting = Call.objects.waiting().filter(digits=call.digits, started_at__range=(since, call.started_at))
        for missed in waiting.select_for_update().exclude(pk=call.pk):
            settle_call(missed, by=call.employee or by)


@transaction.atomic
def settle_call(call: Call, *, by: User) -> Call:
    """A missed call needs no answer any more: somebody has called back."""
    if not call.is_missed:
        raise Refusal(_("This call was not missed."), code="WRONG_STATE")
    if call.settled_at is not None:
        return call
    call.settled_at, call.called_back_by = timezone.now(), by
    call.save(update_fields=["settled_at", "called_back_by", "updated_at"])
    if call.task is not None and call.task.is_open:
        complete_task(call.task, by=by, outcome=_("Called back."))
    record(CallSettled(call=call, by=by))
    return call


@transaction.atomic
def attach_call(call: Call, *, by: User, party: Party, contact: Contact | None = None) -> Call:
    """Say who it was; the call stands in that history from now on."""
    call.party, call.contact = party, contact
    check(call, ["party", "contact"], by=by)
    call.save(update_fields=["party", "contact", "updated_at"])
    record(CallAttached(call=call, party=party, by=by))
    return call


def _place(call: Call) -> None:
    for name, value in placed_in_time(
        call.started_at, call.answered_at, call.ended_at, zone_called(DEFAULT_ZONE)
    ).items():
        setattr(call, name, value)


def _one_form(rung: Rung) -> str:
    """The number in international form; an inner or unreadable one as it was given, a hidden one as nothing."""
    if not rung.number.strip():
        return ""
    found = normalise_phone(rung.number)
    if found.valid:
        return found.e164
    if not rung.provider and rung.direction != Call.Direction.INTERNAL and found.fault is not None:
        raise Refusal(found.fault.message, field="number", code=found.fault.code)
    return rung.number.strip()[:32]


def _must_have_begun(call: Call) -> None:
    if call.started_at > timezone.now() + timedelta(minutes=5):
        raise Refusal(_("A call cannot begin in the future."), field="started_at", code="IN_THE_FUTURE")


def _find_who(call: Call) -> None:
    """The customer with this phone, or of the person with it, when there is one;
    who holds the number and employs the person goes before the others."""
    if call.party_id or not call.number or call.direction == Call.Direction.INTERNAL:
        return
    points = ContactPoint.objects.usable().by_digits(phone_digits(call.number)).filter(type=ContactPoint.Type.PHONE)
    found = list(points.values_list("party", "contact")[:20])
    contacts = {contact for _party, contact in found if contact}
    held = ContactPosition.objects.filter(contact__in=contacts, is_current=True, is_archived=False)
    places = set(held.values_list("party", "contact"))
    own, through = {party for party, _contact in found if party}, {party for party, _contact in places}
    parties = own & through if len(own & through) == 1 else own | through
    if len(parties) == 1:
        call.party_id = parties.pop()
        there = {contact for party, contact in places if party == call.party_id}
        call.contact_id = there.pop() if len(there) == 1 else None


def _plan_call_back(call: Call, *, by: User) -> None:
    """Within a quarter of an hour: whoever answers for the line, else for the customer."""
    owner = call.line.owner if call.line else None
    assignee = owner or (call.party.owner if call.party else None) or call.employee or by
    due = local_moment(max(call.started_at, timezone.now()) + CALL_BACK_WITHIN, zone_called(assignee.timezone))
    words = phone(call.number) if call.number else _("Hidden number")
    step = NextStep(
        name=_("Call back: %(number)s") % {"number": words},
        due_on=due.date(),
        due_time=due.time().replace(second=0, microsecond=0),
        assignee=assignee,
        occasion=OCCASION,
    )
    call.task = plan_task(step, by=by, party=call.party, contact=call.contact, about=call)
    call.save(update_fields=["task", "updated_at"])
