"""What people do with parties: register, change, hand over, verify, liquidate."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.registry import get_entity
from krug.kernel.together import gathering, whole
from krug.language.company_names import company_key
from krug.parties.actions.territories import refuse_lesser
from krug.parties.events import (
    OwnerChanged,
    PartyLiquidated,
    PartyRegistered,
    PartyVerified,
    VerificationOutdated,
)
from krug.parties.models import Party
from krug.parties.rules.kinds import check_requisites, values_of
from krug.parties.rules.person_names import sort_key
from krug.parties.zones import is_zone, zone_of

VERIFICATION_HOLDS = timedelta(days=180)


@transaction.atomic
def register_party(*, by: User, **values: Any) -> Party:
    """Take a party into our books; whoever registers it answers for it unless another owner is named."""
    if values.get("territory") is not None:
        refuse_lesser(by)
    party = Party(**values, created_by=by, updated_by=by)
    if party.owner_id is None:
        party.owner = by
    prepare_party(party)
    writing.check(party)
    party.save(force_insert=True)
    record(PartyRegistered(party=party, by=by))
    return party


@whole
def change_party(party: Party, values: dict[str, Any], *, by: User) -> Party:
    """Change what we know of a party; a new owner is a hand-over, a new city brings its time zone."""
    if "territory" in values and getattr(values["territory"], "pk", None) != party.territory_id:
        refuse_lesser(by)
    before = {name: getattr(party, name) for name in ("city", "timezone", "owner", "kind", "display_name")}
    if (
        values.get("city", before["city"]) != before["city"]
        and values.get("timezone", before["timezone"]) == before["timezone"]
    ):
        values = {
            **values,
            "timezone": zone_of(values["city"], values.get("country", party.country)) or before["timezone"],
        }
    new_name = values.get("display_name", party.display_name)
    if new_name != party.display_name:
        values = {**values, "name_key": company_key(new_name)[:255], "sort_key": sort_key(new_name)[:255]}
    if values.get("kind", party.kind) != party.kind:
        _requisites_must_fit(party, values["kind"])
    _zone_must_exist(values.get("timezone", ""))
    try:
        with nullcontext() if gathering() else transaction.atomic():
            changed: Party = writing.change(get_entity("party"), party, values, by=by)
    except IntegrityError as error:
        if "party_no_cycle" in str(error):
            raise Refusal(
                _("The chosen head organisation itself belongs to this party."), field="parent", code="PARENT_CYCLE"
            ) from error
        raise
    if changed.owner != before["owner"]:
        record(OwnerChanged(party=changed, before=before["owner"], after=changed.owner, by=by))
    return changed


@transaction.atomic
def assign_owner(party: Party, *, owner: User, by: User) -> Party:
    """Hand the party over to another employee; its history and open work stay with it."""
    if party.owner_id == owner.pk:
        raise Refusal(_("%(name)s answers for this party already.") % {"name": owner.short_name}, field="owner")
    if not owner.is_active:
        raise Refusal(
            _("%(name)s does not work here any more: choose another.") % {"name": owner.short_name}, field="owner"
        )
    before = party.owner
    party.owner = owner
    party.save(update_fields=["owner", "updated_at"])
    record(OwnerChanged(party=party, before=before, after=owner, by=by))
    return party


@transaction.atomic
def verify_party(party: Party, *, source: str, verified_on: date | None = None, by: User) -> Party:
    """Confirm, with day and source, that a person held the requisites against a registry."""
    day = verified_on or timezone.localdate()
    if not party.may_be_verified:
        raise Refusal(_("Add requisites that pass every check before you confirm them."), code="NOT_CHECKED")
    if day > timezone.localdate():
        raise Refusal(
            _("The day of verification can not lie in the future."), field="verified_on", code="DATE_IN_FUTURE"
        )
    party.state, party.verified_on, party.verified_source = Party.State.VERIFIED, day, source
    party.save(update_fields=["state", "verified_on", "verified_source", "updated_at"])
    record(PartyVerified(party=party, verified_on=day, source=source, by=by))
    return party


@transaction.atomic
def liquidate_party(party: Party, *, liquidated_on: date | None = None, by: User) -> Party:
    """Write down that the party does not exist any more; its history stays."""
    day = liquidated_on or timezone.localdate()
    if party.state == Party.State.LIQUIDATED:
        raise Refusal(_("This party is liquidated already."), code="WRONG_STATE")
    party.state = Party.State.LIQUIDATED
    party.save(update_fields=["state", "updated_at"])
    record(PartyLiquidated(party=party, liquidated_on=day, by=by))
    return party


@transaction.atomic
def outdate_verifications(*, today: date, by: User) -> int:
    """Ask for a new verification of every party whose last one is older than half a year."""
    old = Party.objects.verified_before(today - VERIFICATION_HOLDS).select_for_update(of=("self",)).order_by("pk")[:500]
    for party in old:
        party.state = Party.State.OUTDATED
        party.save(update_fields=["state", "updated_at"])
        record(VerificationOutdated(party=party, verified_on=party.verified_on or today, by=by))
    return len(old)


def prepare_party(party: Party) -> None:
    """Put the name into one form with its keys, and find the zone of the city."""
    party.display_name = " ".join(party.display_name.split())
    party.name_key = company_key(party.display_name)[:255]
    party.sort_key = sort_key(party.display_name)[:255]
    party.timezone = party.timezone or zone_of(party.city, party.country)
    _zone_must_exist(party.timezone)


def _zone_must_exist(zone: str) -> None:
    if zone and not is_zone(zone):
        raise Refusal(
            _("There is no time zone “%(zone)s”: write it like Europe/Moscow.") % {"zone": zone[:64]},
            field="timezone",
            code="TIMEZONE",
        )


def _requisites_must_fit(party: Party, kind: str) -> None:
    """A party does not become of another kind while its requisites in force contradict it."""
    version = party.requisites.as_of(timezone.localdate()).filter(is_archived=False).first()
    faults = check_requisites(kind, values_of(version), country=party.country) if version else []
    if faults:
        raise Refusal(
            _("The requisites in force do not fit this kind: %(reason)s.") % {"reason": faults[0].message},
            field="kind",
            code=faults[0].code,
        )
