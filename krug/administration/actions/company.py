"""The company: what it is called, in which currency it counts, by which clock it works."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import Role, User
from krug.administration.actions.first_steps import begin_first_steps
from krug.administration.actions.people import create_person
from krug.administration.actions.roles import take_role
from krug.administration.actions.second_step import GRACE, demand_second_step
from krug.administration.events import CompanyDescribed
from krug.administration.models import Company
from krug.administration.models.company import THE_ONE
from krug.kernel.dates import DEFAULT_ZONE, zone_called
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import begin_act, record
from krug.kernel.writing import check

FIELDS = ("name", "currency", "timezone", "language")


def the_company() -> Company | None:
    """The company that works here, once somebody has described it."""
    return Company.objects.filter(pk=THE_ONE).first()


def house_zone() -> ZoneInfo:
    """The clock of the company; that of Moscow until somebody has described it."""
    ours = the_company()
    return zone_called(ours.timezone if ours else DEFAULT_ZONE)


@transaction.atomic
def describe_company(values: dict[str, Any], *, by: User) -> Company:
    """Write down or change what the company says of itself."""
    company = the_company() or Company()
    differing = [name for name in FIELDS if name in values and getattr(company, name) != values[name]]
    for name in differing:
        setattr(company, name, values[name])
    if company.timezone not in available_timezones():
        raise Refusal(_("There is no such time zone. Choose one from the list."), field="timezone")
    check(company)
    if differing or company._state.adding:
        begin_act(by)
        company.save()
        record(CompanyDescribed(company=company, fields=differing, by=by))
    return company


@transaction.atomic
def found_company(company: dict[str, Any], person: dict[str, Any], *, password: str, by: User) -> User:
    """The first administrator describes the company and may come in; only an empty house is founded."""
    if User.objects.filter(is_system=False).exists():
        raise Refusal(_("This company has people already: sign in instead."))
    begin_act(by)
    describe_company(company, by=by)
    first = create_person(
        by=by, password=password, language=company["language"], timezone=company["timezone"], **person
    )
    administrator = Role.objects.get(code="administrator")
    take_role(first, administrator, by=by)
    begin_first_steps(first)
    demand_second_step(administrator, timezone.localdate() + GRACE, by=by)
    return first
