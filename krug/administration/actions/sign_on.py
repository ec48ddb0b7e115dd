"""Accounts kept elsewhere: which services may vouch, and whose account it is (AUT-14)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.locked import lock, unlock
from krug.access.models import User
from krug.administration.actions.known_people import person_named
from krug.administration.actions.people import clock_actor, create_person
from krug.administration.actions.roles import take_role
from krug.administration.events import IdentityJoined, IdentityParted, ProviderDescribed
from krug.administration.models import Identity, Provider
from krug.administration.openid import HERE, Vouched
from krug.administration.policies import refuse_greater, rights_of_role
from krug.kernel.attempts import normal_name
from krug.kernel.errors import NotFound, Refusal
from krug.kernel.journal.recording import begin_act, record
from krug.kernel.writing import check

PURPOSE = "provider"
FIELDS = ("name", "issuer", "client", "domains", "role", "team", "is_on")


def providers(*, only_on: bool = True) -> list[Provider]:
    """The services that may vouch for people."""
    rows = Provider.objects.select_related("role", "team")
    return list(rows.filter(is_on=True) if only_on else rows)


def provider_numbered(pk: int, *, only_on: bool = True) -> Provider:
    """One of the services."""
    found = next((each for each in providers(only_on=only_on) if each.pk == pk), None)
    if found is None:
        raise NotFound()
    return found


def secret_of(provider: Provider) -> str:
    """What the service knows us by."""
    return unlock(provider.secret, purpose=PURPOSE)


@transaction.atomic
def describe_provider(provider: Provider, values: dict[str, Any], *, secret: str, by: User) -> Provider:
    """Write down a service; an empty secret leaves the known one, and nobody gives away more than he may himself."""
    differing = [name for name in FIELDS if name in values and getattr(provider, name) != values[name]]
    for name in differing:
        setattr(provider, name, values[name])
    if "issuer" in differing and provider.secret and not secret:
        raise Refusal(_("The secret was given for the service before. Type it again."), field="secret")
    if secret:
        provider.secret = lock(secret, purpose=PURPOSE)
        differing.append("key")
    if provider.role is not None:
        refuse_greater(by, rights_of_role(provider.role))
    parts = urlsplit(provider.issuer)
    if provider.issuer and parts.scheme != "https" and parts.hostname not in HERE:
        raise Refusal(_("The address must begin with https."), field="issuer")
    if provider.role is not None and not _domains(provider):
        raise Refusal(_("Name the e-mail domains whose people may come in without an invitation."), field="domains")
    check(provider)
    if differing:
        begin_act(by)
        provider.save()
        record(ProviderDescribed(provider=provider, fields=differing, by=by))
    return provider


@transaction.atomic
def person_vouched(provider: Provider, vouched: Vouched) -> User:
    """Whose account this is; somebody new only where the service may bring new people in."""
    known = identity_of(vouched)
    if known is not None:
        Identity.objects.filter(pk=known.pk).update(used_at=timezone.now())
        if not known.user.may_come_in:
            raise _nobody()
        return known.user
    email = normal_name(vouched.email)
    if email and person_named(email) is not None:
        raise Refusal(
            _(
                "Somebody with this e-mail works here already. Sign in with your password, or open your invitation, "
                "and connect the account there."
            ),
            code="CONNECT_FIRST",
        )
    if provider.role is None or not vouched.is_email_proved or email.rpartition("@")[2] not in _domains(provider):
        raise _nobody()
    return _newcomer(provider, vouched, email)


def _newcomer(provider: Provider, vouched: Vouched, email: str) -> User:
    actor = clock_actor()
    begin_act(actor)
    names = {"given_name": vouched.given_name, "surname": vouched.surname}
    person = create_person(by=actor, email=email, team=provider.team, source="sign-on", **names)
    if provider.role is not None:
        take_role(person, provider.role, by=actor)
    return join_identity(person, vouched)


@transaction.atomic
def join_identity(person: User, vouched: Vouched) -> User:
    """The person has proved both sides: who one is here, and the account there."""
    known = identity_of(vouched)
    if known is not None and known.user_id != person.pk:
        raise Refusal(_("This account belongs to somebody else here."))
    if known is None:
        begin_act(person)
        Identity.objects.create(
            user=person,
            issuer=vouched.issuer,
            subject=vouched.subject,
            name=vouched.email or vouched.subject[:254],
            used_at=timezone.now(),
        )
        record(IdentityJoined(person=person, issuer=vouched.issuer, by=person))
    return person


@transaction.atomic
def part_identity(person: User, pk: int) -> None:
    """The account elsewhere opens nothing here any more; some way in must remain."""
    mine = Identity.objects.filter(user=person)
    found = mine.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    if not person.has_usable_password() and mine.count() == 1 and not person.passkeys.exists():
        raise Refusal(_("This is your only way in. Ask for a link for a password first."))
    begin_act(person)
    mine.filter(pk=pk).delete()
    record(IdentityParted(person=person, issuer=found.issuer, by=person))


def identities_of(person: User) -> list[Identity]:
    """The accounts elsewhere that are this person."""
    return list(Identity.objects.filter(user=person).order_by("created_at"))


def identity_of(vouched: Vouched) -> Identity | None:
    """The known account with that issuer and subject."""
    rows = Identity.objects.select_related("user")
    return rows.filter(issuer=vouched.issuer, subject=vouched.subject).first()


def _domains(provider: Provider) -> set[str]:
    return {each.strip().lstrip("@").casefold() for each in provider.domains.replace(",", " ").split() if each.strip()}


def _nobody() -> Refusal:
    return Refusal(_("Nobody here is known by this account. Ask the administrator of your company for an invitation."))
