"""Consents and refusals: noted with their evidence, obeyed at once, withdrawn as easily as they were given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.copying import insert_many
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record, record_past
from krug.parties.events import ConsentGiven, ConsentRefused, ConsentWithdrawn
from krug.parties.models import Consent, ContactPoint


@transaction.atomic
def note_consent(*, by: User, **values: Any) -> Consent:
    """Write down what somebody agreed to or refused; who refuses to be contacted is not contacted any more."""
    consent = Consent(**values, created_by=by, updated_by=by)
    consent.said_at = consent.said_at or timezone.now()
    _must_hold(consent)
    writing.check(consent)
    consent.save(force_insert=True)
    if consent in Consent.objects.refusals():
        consent.points().filter(do_not_contact=False).update(do_not_contact=True)
    record(_told(consent, by))
    return consent


@transaction.atomic
def note_consents(told: Sequence[Mapping[str, Any]], *, by: User, source: str = "") -> list[Consent]:
    """Write many decisions down at once, as a file brings them; the same decision is not kept twice."""
    given = [{"source": _("An imported file"), **values} for values in told]
    if len(given) == 1:
        return [note_consent(**given[0], by=by)]
    made = [Consent(**values, created_by=by, updated_by=by) for values in given]
    for consent in made:
        _must_hold(consent)
    insert_many(made)
    for channel in {one.channel for one in made if _forbids(one)}:
        some = [one for one in made if _forbids(one) and one.channel == channel]
        points = ContactPoint.objects.filter(type__in=some[0].kinds(), do_not_contact=False)
        for holder in ("party_id", "contact_id"):
            ids = [number for one in some if (number := getattr(one, holder)) is not None]
            if ids:
                points.filter(**{f"{holder}__in": ids}).update(do_not_contact=True)
    now = timezone.now()
    record_past([(_told(consent, by), now) for consent in made], source=source)
    return made


@transaction.atomic
def withdraw_consent(consent: Consent, *, how: str, withdrawn_at: datetime | None = None, by: User) -> Consent:
    """A decision holds no more from this moment; when a refusal is taken back, its means of contact are open again."""
    if not consent.is_in_force:
        raise Refusal(_("This is withdrawn already."), code="WRONG_STATE")
    consent.withdrawn_at, consent.withdrawn_how = withdrawn_at or timezone.now(), how
    writing.check(consent)
    consent.save(update_fields=["withdrawn_at", "withdrawn_how", "updated_at"])
    if _forbids(consent):
        still = refused_kinds(
            "party_id" if consent.party_id else "contact_id", [consent.party_id or consent.contact_id]
        )
        kept = [kind for _holder, kind in still]
        consent.points().filter(do_not_contact=True).exclude(type__in=kept).update(do_not_contact=False)
    record(ConsentWithdrawn(consent=consent, party=consent.party, contact=consent.contact, how=how, by=by))
    return consent


def refused_kinds(holder: str, ids: Iterable[int | None]) -> set[tuple[int, str]]:
    """Who of these refused which means of contact."""
    rows = Consent.objects.refusals().filter(**{f"{holder}__in": [number for number in ids if number is not None]})
    return {(getattr(one, holder), kind) for one in rows for kind in one.kinds()}


def _forbids(consent: Consent) -> bool:
    return consent.purpose == Consent.Purpose.CONTACT and consent.decision == Consent.Decision.REFUSED


def _must_hold(consent: Consent) -> None:
    """Whoever relies on a consent has to show the text; a refusal needs none."""
    if consent.decision == Consent.Decision.GIVEN and not (consent.text_version or consent.text):
        raise Refusal(
            _("Say which text was agreed to: its version or the text itself."),
            field="text_version",
            code="CONSENT_TEXT",
        )


def _told(consent: Consent, by: User) -> ConsentGiven | ConsentRefused:
    kind = ConsentRefused if consent.decision == Consent.Decision.REFUSED else ConsentGiven
    return kind(consent=consent, party=consent.party, contact=consent.contact, by=by)
