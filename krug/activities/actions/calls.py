"""Registering calls, finding out who called, and seeing to it that missed ones are called back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krug.access.models import User
from krug.activities.actions.tasks import NextStep, cancel_task, complete_task, plan_task
from krug.activities.events import CallAttached, CallForgone, CallRegistered, CallSettled
from krug.activities.models import Call, PhoneExtension, PhoneLine, Task
from krug.activities.models.calls import placed_in_time
from krug.administration.actions.company import house_zone
from krug.kernel import writing
from krug.kernel.dates import local_moment, zone_called
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.registry import get_entity
from krug.kernel.writing import check
from krug.language.readings import PHONE_DIGITS
from krug.parties.models import Contact, ContactPoint, ContactPosition, Party
from krug.parties.rules.phones import normalise_phone, phone_digits

CALL_BACK_WITHIN = timedelta(minutes=15)
TIMES = ("started_at", "answered_at", "ended_at")
OCCASION = "missed-call"
LATELY, FRESH = timedelta(days=14), timedelta(days=1)
SHARED_BY = 20


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
    if rung.provider and not rung.uid:
        raise Refusal(_("A call of a telephone exchange needs its key there."), field="uid", code="REQUIRED")
    if rung.provider and (known := _known(rung)):
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
    _must_have_begun(call.started_at)
    _must_follow(call.started_at, call.answered_at, call.ended_at)
    _find_who(call)
    _find_whose(call)
    call.digits = phone_digits(call.number) if call.number else ""
    _place(call)
    check(call, by=by)
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError:
        if rung.provider and (known := _known(rung)):
            return known
        raise
    record(CallRegistered(call=call, direction=call.direction, result=call.result, by=by), at=call.started_at)
    follow_up(call, by=by)
    return call


def create_call(*, by: User, **values: Any) -> Call:
    """Write a call down from the fields of its form; whoever writes it down has answered it unless another did."""
    values = {name: value for name, value in values.items() if value is not None}
    if not any(values.get(name) for name in ("number", "party", "contact", "topic")):
        raise Refusal(_("Say at least the number, the customer or the topic."), field="number", code="REQUIRED")
    is_incoming = values.get("direction", Call.Direction.IN) == Call.Direction.IN
    if values.get("result", Call.Result.ANSWERED) == Call.Result.ANSWERED:
        values.setdefault("employee", by)
    elif is_incoming and values["result"] in Call.UNANSWERED:
        values.pop("employee", None)  # the form proposes whoever writes, yet nobody answered
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
        _must_have_begun(times["started_at"])
        _must_follow(**times)
        values |= placed_in_time(**times, zone=house_zone())
    changed: Call = writing.change(get_entity("call"), call, values, by=by)
    follow_up(changed, by=by)
    return changed


def archive_call(call: Call, *, by: User) -> Call:
    """A call written down by mistake asks nobody to call back."""
    put_away: Call = writing.archive(get_entity("call"), call, by=by)
    _drop_task(put_away, by=by)
    return put_away


def _known(rung: Rung) -> Call | None:
    return Call.objects.filter(provider=rung.provider, uid=rung.uid).first()


def follow_up(call: Call, *, by: User) -> None:
    """What follows from how a call ended: a missed one waits for a call, a talk settles those that waited."""
    if call.is_waiting:
        if call.task_id is None and call.started_at > timezone.now() - FRESH:
            _plan_call_back(call, by=by)
        return
    _drop_task(call, by=by)
    if call.result == Call.Result.ANSWERED and call.direction != Call.Direction.INTERNAL and call.digits:
        since = call.started_at - LATELY
        waiting = Call.objects.waiting().filter(digits=call.digits, started_at__range=(since, call.started_at))
        for pk in waiting.order_by("pk").values_list("pk", flat=True):
            if missed := Call.objects.waiting().filter(pk=pk).select_for_update(no_key=True).first():
                settle_call(missed, by=by, called_back_by=call.employee)


@transaction.atomic
def settle_call(call: Call, *, by: User, called_back_by: User | None = None) -> Call:
    """A missed call, and others that the same task asked to call back, need no answer any more: somebody has called."""
    if not call.is_missed:
        raise Refusal(_("This call was not missed."), code="WRONG_STATE")
    if call.settled_at is not None:
        return call
    task = _open_task(call)
    same = Call.objects.waiting().filter(task=task).exclude(pk=call.pk).order_by("pk") if task else Call.objects.none()
    for each in (call, *same.select_for_update(no_key=True)):
        each.settled_at, each.called_back_by = timezone.now(), called_back_by or by
        each.save(update_fields=["settled_at", "called_back_by", "updated_at"])
        record(CallSettled(call=each, by=by))
    if task:
        complete_task(task, by=by)
    return call


@transaction.atomic
def forgo_call(call: Call, *, by: User) -> Call:
    """Nobody will call back, since the task to do so was dropped."""
    if call.is_waiting:
        call.settled_at = timezone.now()
        call.save(update_fields=["settled_at", "updated_at"])
        record(CallForgone(call=call, by=by))
    return call


@transaction.atomic
def attach_call(call: Call, *, by: User, party: Party, contact: Contact | None = None) -> Call:
    """Say who it was; the call, and the task to call back, stand in that history from now on."""
    if contact is not None and not contact.positions.filter(party=party, is_archived=False).exists():
        said = _("%(person)s holds no position there.") % {"person": contact}
        raise Refusal(said, field="contact", code="CONTACT_ELSEWHERE")
    call.party, call.contact = party, contact
    check(call, ["party", "contact"], by=by)
    call.save(update_fields=["party", "contact", "updated_at"])
    if task := _open_task(call):
        task.party, task.contact = party, contact
        task.save(update_fields=["party", "contact", "updated_at"])
    record(CallAttached(call=call, party=party, by=by))
    return call


def _open_task(call: Call) -> Task | None:
    """The task to call back, while it is open; of several calls of one number it is one."""
    return Task.objects.open().filter(pk=call.task_id).select_for_update(no_key=True).first() if call.task_id else None


def _drop_task(call: Call, *, by: User) -> None:
    """A call that waits no more leaves no task behind, unless another call of the number waits for the same."""
    if (task := _open_task(call)) and not Call.objects.waiting().filter(task=task).exclude(pk=call.pk).exists():
        cancel_task(task, by=by, reason=_("The call needs no answer any more."))


def _place(call: Call) -> None:
    for name, value in placed_in_time(call.started_at, call.answered_at, call.ended_at, house_zone()).items():
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


def _must_have_begun(started_at: datetime) -> None:
    if started_at > timezone.now() + timedelta(minutes=5):
        raise Refusal(_("A call cannot begin in the future."), field="started_at", code="IN_THE_FUTURE")


def _must_follow(started_at: datetime, answered_at: datetime | None, ended_at: datetime | None) -> None:
    if answered_at is not None and answered_at < started_at:
        raise Refusal(_("A call cannot be answered before it began."), field="answered_at", code="CALL_ORDER")
    if ended_at is not None and ended_at < (answered_at or started_at):
        raise Refusal(_("A call cannot end before it began."), field="ended_at", code="CALL_ORDER")


def _find_who(call: Call) -> None:
    """The customer with this phone, or of the person with it, when there is one;
    who holds the number and employs the person goes before the others."""
    digits = phone_digits(call.number)
    if call.party_id or len(digits) != PHONE_DIGITS or call.direction == Call.Direction.INTERNAL:
        return
    points = ContactPoint.objects.by_digits(digits).filter(type=ContactPoint.Type.PHONE, is_archived=False)
    found = set(points.exclude(party__is_archived=True).values_list("party", "contact")[:SHARED_BY])
    if len(found) == SHARED_BY:
        return
    contacts = {contact for _party, contact in found if contact}
    held = ContactPosition.objects.filter(contact__in=contacts, is_current=True, is_archived=False)
    places = set(held.exclude(party__is_archived=True).values_list("party", "contact"))
    own, through = {party for party, _contact in found if party}, {party for party, _contact in places}
    parties = own & through if len(own & through) == 1 else own | through
    if len(parties) == 1:
        call.party_id = parties.pop()
        there = {contact for party, contact in places if party == call.party_id}
        call.contact_id = there.pop() if len(there) == 1 else None


def _find_whose(call: Call) -> None:
    """The employee of the inner number."""
    if call.employee_id is None and call.extension:
        known = PhoneExtension.objects.filter(number=call.extension, is_archived=False).first()
        call.employee = known.employee if known else None


def _plan_call_back(call: Call, *, by: User) -> None:
    """Within a quarter of an hour: whoever answers for the line, else for the customer; one task for one number.

    The number is no part of its words: it is shown on the call to those who may see it.
    """
    same = Call.objects.waiting().filter(~Q(digits=""), digits=call.digits, task__state=Task.State.OPEN)
    call.task = next((each.task for each in same.exclude(pk=call.pk).select_related("task")[:1]), None)
    if call.task is None:
        asked = (call.line.owner if call.line else None, call.party.owner if call.party else None, call.employee)
        assignee = next((one for one in asked if one is not None and one.is_active and not one.is_system), by)
        due = local_moment(timezone.now() + CALL_BACK_WITHIN, zone_called(assignee.timezone))
        with override(assignee.language):
            name = _("Call back")
        step = NextStep(
            name=name,
            due_on=due.date(),
            due_time=due.time().replace(second=0, microsecond=0),
            assignee=assignee,
            occasion=OCCASION,
        )
        call.task = plan_task(step, by=by, party=call.party, contact=call.contact, about=call)
    call.save(update_fields=["task", "updated_at"])
