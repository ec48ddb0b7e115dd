"""Phones, e-mail, sites and messengers: kept as typed, stored in one form, compared by one key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.registry import get_entity
from krug.parties.actions.consents import refused_kinds
from krug.parties.models import ContactPoint
from krug.parties.rules.channels import PHONE_KINDS, read_channel
from krug.parties.rules.phones import phone_digits

ASKS_FOR_VALID = (ContactPoint.Type.EMAIL, ContactPoint.Type.SITE)


@transaction.atomic
def add_point(*, by: User, **values: Any) -> ContactPoint:
    """Write down how somebody is reached; the first of its type is the main one."""
    read = point_values(values)
    holder = {name: values[name] for name in ("party", "contact") if values.get(name) is not None}
    if len(holder) != 1:
        raise Refusal(
            _("A phone or address belongs either to a party or to a person."), field="party", code="POINT_OF_ONE"
        )
    others = ContactPoint.objects.filter(**holder, type=values.get("type", ContactPoint.Type.PHONE), is_archived=False)
    read["is_main"] = bool(values.get("is_main")) or not others.filter(is_main=True).exists()
    if read["is_main"]:
        others.filter(is_main=True).update(is_main=False)
    name, one = next(iter(holder.items()))
    if (one.pk, read["type"]) in refused_kinds(f"{name}_id", [one.pk]):
        read["do_not_contact"] = True
    made: ContactPoint = writing.create(get_entity("contact-point"), read, by=by)
    return made


@transaction.atomic
def change_point(point: ContactPoint, values: dict[str, Any], *, by: User) -> ContactPoint:
    """Mend a phone or address; it is read anew when it was typed anew."""
    typed_anew = any(name in values and values[name] != getattr(point, name) for name in ("raw", "type"))
    if typed_anew:
        values = point_values({"type": point.type, "raw": point.raw, **values})
    if values.get("is_main") and not point.is_main:
        same = ContactPoint.objects.filter(party=point.party, contact=point.contact, type=point.type, is_main=True)
        same.exclude(pk=point.pk).update(is_main=False)
    changed: ContactPoint = writing.change(get_entity("contact-point"), point, values, by=by)
    return changed


def point_values(values: dict[str, Any]) -> dict[str, Any]:
    """What was typed beside its one form; a wrong e-mail is refused, a phone that can not be called is marked."""
    kind = str(values.get("type") or ContactPoint.Type.PHONE)
    channel = read_channel(kind, str(values.get("raw", "")), region=region_of(values))
    if channel.fault is not None and kind in ASKS_FOR_VALID:
        raise Refusal(channel.fault.message, field="raw", code=channel.fault.code)
    if channel.fault is not None and kind in PHONE_KINDS and channel.fault.code == "PHONE_FORMAT":
        raise Refusal(channel.fault.message, field="raw", code=channel.fault.code)
    valid = channel.valid and bool(values.get("is_valid", True))
    return {
        **values,
        "type": kind,
        "normalised": channel.normalised,
        "comparison_key": channel.key,
        "extension": values.get("extension") or channel.extension,
        "digits": phone_digits(str(values.get("raw", ""))) if kind in PHONE_KINDS else "",
        "is_valid": valid,
    }


def region_of(values: Mapping[str, Any]) -> str:
    """Whose dialling rules a number without its country follows: the party's, and of a person by the language."""
    party, contact = values.get("party"), values.get("contact")
    if party is not None:
        return str(party.country)
    return "US" if contact is not None and contact.language == "en" else "RU"
