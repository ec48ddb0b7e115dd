"""Dated requisites: a new version closes the former one, and no two parties claim the same INN and KPP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.errors import Fault, Invalid
from krug.kernel.journal.recording import record
from krug.kernel.registry import get_entity
from krug.parties import policies
from krug.parties.events import RequisitesAdded
from krug.parties.models import Party, Requisites
from krug.parties.rules.foreign_ids import ForeignTaxId, foreign_tax_id_fault
from krug.parties.rules.kinds import RequisiteValues, check_requisites, values_of
from krug.parties.rules.russian_ids import clean
from krug.parties.rules.versions import Period, overlap_fault

CODES = ("inn", "kpp", "ogrn", "okpo", "oktmo", "okved_main", "legal_form_code", "foreign_tax_id")


@transaction.atomic
def add_requisites(party: Party, *, valid_from: date | None = None, by: User, **values: Any) -> Requisites:
    """Put a version of the requisites in force from a day on; the version that was open ends on that day."""
    day = valid_from or timezone.localdate()
    made = Requisites(party=party, valid_from=day, created_by=by, updated_by=by, **values)
    _clean(made)
    others = list(party.requisites.filter(is_archived=False).order_by("valid_from"))
    closing = next((one for one in others if one.valid_to is None and one.valid_from < day), None)
    kept = [Period(one.valid_from, day if one is closing else one.valid_to) for one in others]
    _must_be_right(made, overlap_fault(Period(day, made.valid_to), kept), by)
    if closing is not None:
        closing.valid_to = day
        closing.save(update_fields=["valid_to", "updated_at"])
    writing.check(made)
    with _claimed(made, by):
        made.save(force_insert=True)
    _mark_checked(party)
    record(RequisitesAdded(party=party, requisites=made, valid_from=day, by=by))
    return made


@transaction.atomic
def note_inn(party: Party, inn: str, *, by: User) -> Requisites:
    """Keep the INN alone of a party we have only begun to know; the party stays a draft."""
    made = Requisites(party=party, inn=inn, created_by=by, updated_by=by)
    _clean(made)
    faults = [fault for fault in _faults(made) if fault.field == "inn"]
    if faults:
        raise Invalid(faults)
    first = same_numbers(made)
    if first is not None:
        raise Invalid([_taken(made, first.party, by)])
    with _claimed(made, by):
        made.save(force_insert=True)
    record(RequisitesAdded(party=party, requisites=made, valid_from=made.valid_from, by=by))
    return made


@transaction.atomic
def change_requisites(version: Requisites, values: dict[str, Any], *, by: User) -> Requisites:
    """Mend a version that was written down wrongly; a change in life is a new version instead."""
    tried = Requisites.objects.get(pk=version.pk)
    for name, value in values.items():
        setattr(tried, name, value)
    _clean(tried)
    others = tried.party.requisites.filter(is_archived=False).exclude(pk=tried.pk).order_by("valid_from")
    kept = [Period(one.valid_from, one.valid_to) for one in others]
    _must_be_right(tried, overlap_fault(Period(tried.valid_from, tried.valid_to), kept), by)
    cleaned = {name: getattr(tried, name) for name in values}
    with _claimed(tried, by):
        changed: Requisites = writing.change(get_entity("requisites"), version, cleaned, by=by)
    _mark_checked(version.party)
    return changed


def _clean(version: Requisites) -> None:
    for name in CODES:
        setattr(version, name, clean(getattr(version, name)))


def _faults(version: Requisites) -> list[Fault]:
    party = version.party
    plain = values_of(version)
    head = None
    if party.kind == Party.Kind.BRANCH and party.parent_id is not None:
        of_head = Requisites.objects.filter(party=party.parent_id, is_archived=False).as_of(version.valid_from).first()
        head = values_of(of_head) if of_head else None
    faults = check_requisites(party.kind, RequisiteValues(**vars(plain)), country=party.country, head=head)
    if version.foreign_tax_id:
        fault = foreign_tax_id_fault(ForeignTaxId(party.country, version.foreign_tax_id))
        faults += [Fault("foreign_tax_id", fault.message, fault.code)] if fault else []
    return faults


def _must_be_right(version: Requisites, overlap: Fault | None, by: User) -> None:
    """Say everything at once: the period, each number, and the party that holds the numbers already."""
    faults = [*([overlap] if overlap else []), *_faults(version)]
    first = same_numbers(version) if not any(fault.field in ("inn", "foreign_tax_id") for fault in faults) else None
    if first is not None:
        faults.append(_taken(version, first.party, by))
    if faults:
        raise Invalid(faults)


def same_numbers(version: Requisites) -> Requisites | None:
    """The version of another active party that holds the same INN and KPP, or the same foreign number, at that time."""
    held = Requisites.objects.exclude(party=version.party_id).filter(is_archived=False)
    if version.inn:
        held = held.filter(inn=version.inn, kpp=version.kpp, claims_number=True)
    elif version.foreign_tax_id:
        held = held.filter(
            foreign_tax_id=version.foreign_tax_id, party__country=version.party.country, party__is_archived=False
        )
    else:
        return None
    found = held.exclude(valid_to__lte=version.valid_from)
    if version.valid_to:
        found = found.filter(valid_from__lt=version.valid_to)
    return found.select_related("party").first()


def _taken(version: Requisites, first: Party, by: User) -> Fault:
    """Names the first party with its address to whoever may see it, and its owner to whoever may not."""
    numbers = " / ".join(filter(None, (version.inn, version.kpp))) or version.foreign_tax_id
    field = "inn" if version.inn else "foreign_tax_id"
    if policies.parties(Party.objects.filter(pk=first.pk), by).exists():
        said = _("“%(name)s” is registered with %(numbers)s already.") % {
            "name": first.display_name,
            "numbers": numbers,
        }
        return Fault(field, said, "DUPLICATE_REQUISITES", hint=get_entity("party").url(first.pk))
    owner = first.owner.short_name if first.owner else _("an administrator")
    said = _("A party with %(numbers)s is registered already: ask %(owner)s.") % {"numbers": numbers, "owner": owner}
    return Fault(field, said, "DUPLICATE_REQUISITES")


@contextmanager
def _claimed(version: Requisites, by: User) -> Iterator[None]:
    """Two people may register one company in the same second: the database lets one through."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "requisites_number_once" not in str(error):
            raise
        first = same_numbers(version)
        if first is None:
            raise
        raise Invalid([_taken(version, first.party, by)]) from error


def _mark_checked(party: Party) -> None:
    """Requisites that pass every check make a draft checked; what was verified before is to be verified again."""
    now = party.requisites.as_of(timezone.localdate()).filter(is_archived=False).first()
    if now is None or party.state in (Party.State.CHECKED, Party.State.LIQUIDATED):
        return
    if not check_requisites(party.kind, values_of(now), country=party.country):
        party.state = Party.State.CHECKED
        party.save(update_fields=["state", "updated_at"])
