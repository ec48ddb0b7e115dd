"""The first minute with a new customer: a name or an INN, a phone, a person, and everything stands where it belongs."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.errors import Fault, Invalid, Refusal
from krug.parties.actions.channels import add_point
from krug.parties.actions.contacts import add_person
from krug.parties.actions.parties import register_party
from krug.parties.actions.requisites import note_inn
from krug.parties.models import Party
from krug.parties.rules.phones import normalise_phone
from krug.parties.rules.russian_ids import clean, inn_fault, is_digits

LENGTHS = (10, 12)


@transaction.atomic
def meet_party(
    *,
    by: User,
    display_name: str,
    inn: str = "",
    phone: str = "",
    email: str = "",
    person: str = "",
    position: str = "",
    **values: Any,
) -> Party:
    """Register a party by as little as its name or INN; the phone is the person's when a person is named."""
    number = clean(inn)
    if not number and is_digits(clean(display_name), *LENGTHS):
        number = clean(display_name)
        _must_be_inn(number)
        display_name = _("INN %(inn)s") % {"inn": number}
    if len(number) == max(LENGTHS) and "kind" not in values:
        values["kind"] = Party.Kind.SOLE_TRADER
    party = register_party(by=by, display_name=display_name, **values)
    if number:
        note_inn(party, number, by=by)
    contact = add_person(party, full_name=person, position=position, by=by) if person else None
    holder: dict[str, Any] = {"contact": contact} if contact is not None else {"party": party}
    for kind, raw in (("phone", phone), ("email", email)):
        if raw:
            _add_point(kind, raw, holder, by)
    return party


def _must_be_inn(number: str) -> None:
    fault = inn_fault(number)
    if fault is not None:
        raise Invalid([Fault("display_name", fault.message, fault.code)])


def _add_point(kind: str, raw: str, holder: dict[str, Any], by: User) -> None:
    """A fault is named by the field of the small form; whoever just gave his phone can still be asked for the rest."""
    fault = normalise_phone(raw).fault if kind == "phone" else None
    if fault is not None and fault.code == "PHONE_INCOMPLETE":
        raise Refusal(fault.message, field=kind, code=fault.code)
    try:
        add_point(type=kind, raw=raw, by=by, **holder)
    except Refusal as no:
        raise Refusal(no.message, field=kind, code=no.code) from no
