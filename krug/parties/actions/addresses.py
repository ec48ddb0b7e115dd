"""Addresses: what was typed is kept, the parts are checked, one of each kind is the main one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.registry import get_entity
from krug.parties.models import Address
from krug.parties.rules.foreign_ids import gln_fault

PLACES = ("free_text", "city", "street", "settlement", "region_name", "postcode")


@transaction.atomic
def add_address(*, by: User, **values: Any) -> Address:
    """Write down an address; the first of its kind is the main one."""
    address = Address(**values)
    _must_be_right(address)
    others = Address.objects.filter(party=address.party, kind=address.kind, is_archived=False, is_main=True)
    is_main = bool(values.get("is_main")) or not others.exists()
    if is_main:
        others.update(is_main=False)
    made: Address = writing.create(get_entity("address"), {**values, "is_main": is_main}, by=by)
    return made


@transaction.atomic
def change_address(address: Address, values: dict[str, Any], *, by: User) -> Address:
    """Mend an address."""
    tried = Address.objects.get(pk=address.pk)
    for name, value in values.items():
        setattr(tried, name, value)
    _must_be_right(tried)
    if tried.is_main:
        same = Address.objects.filter(party=tried.party, kind=tried.kind, is_archived=False, is_main=True)
        same.exclude(pk=tried.pk).update(is_main=False)
    changed: Address = writing.change(get_entity("address"), address, values, by=by)
    return changed


def _must_be_right(address: Address) -> None:
    if not any(getattr(address, name) for name in PLACES):
        raise Refusal(_("Write the address in one line or in its parts."), field="free_text", code="ADDRESS_EMPTY")
    fault = gln_fault(address.gln) if address.gln else None
    if fault is not None:
        raise Refusal(fault.message, field="gln", code=fault.code)
