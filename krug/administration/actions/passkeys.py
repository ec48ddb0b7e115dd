"""Passkeys: a device proves with a key of its own that its person is here; the library does the mathematics."""

from __future__ import annotations

import ipaddress
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from krug.access.locked import keyed_hash
from krug.access.models import Passkey, User
from krug.administration.actions.second_step import PASSKEY, first_recovery_codes
from krug.administration.events import SecondStepAdded
from krug.kernel.attempts import count_attempt
from krug.kernel.errors import Refusal, TooMany
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.recording import begin_act, record

MOST = 20
LONGEST = 20_000
NONSENSE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)


class House(NamedTuple):
    """Under which name the browser sees us; a passkey made under one name opens nothing under another."""

    host: str
    origins: frozenset[str]

    @property
    def can_have_passkeys(self) -> bool:
        """Browsers make passkeys for names only, not for bare addresses."""
        try:
            ipaddress.ip_address(self.host.strip("[]"))
        except ValueError:
            return True
        return False


def house_at(origin: str, base_url: str) -> House:
    """The house as the browser of this request sees it."""
    return House(urlsplit(origin).hostname or "", frozenset({origin, base_url}))


def ask_for_new(person: User, house: House) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked so that it makes a passkey, and what must be remembered until it has."""
    if Passkey.objects.filter(user=person).count() >= MOST:
        raise Refusal(_("Twenty passkeys are enough: remove those that are not needed."))
    options, state = _server(house).register_begin(
        PublicKeyCredentialUserEntity(id=_handle(person), name=person.email, display_name=person.full_name),
        credentials=_descriptors(person),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options)["publicKey"], state


@transaction.atomic
def add_passkey(person: User, house: House, state: dict[str, Any], answer: str, *, name: str) -> list[str]:
    """The browser has made a passkey: it is a second step from now on. The first recovery codes come with it."""
    begin_act(person)
    try:
        made = _server(house).register_complete(state, _read(answer)).credential_data
    except NONSENSE:
        raise _refused() from None
    if made is None or Passkey.objects.filter(credential=_text(made.credential_id)).exists():
        raise _refused()
    Passkey.objects.create(
        user=person,
        name=name or _("Passkey"),
        credential=_text(made.credential_id),
        public=bytes(made),
    )
    record(SecondStepAdded(person=person, what=PASSKEY, by=person))
    return first_recovery_codes(person)


def ask_for_proof(person: User | None, house: House) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked: one of this person's passkeys, or, of nobody yet, one that knows its holder."""
    options, state = _server(house).authenticate_begin(
        credentials=_descriptors(person) if person is not None else None,
        user_verification=UserVerificationRequirement.PREFERRED
        if person is not None
        else UserVerificationRequirement.REQUIRED,
    )
    return dict(options)["publicKey"], state


def show_passkey(
    person: User | None, house: House, state: dict[str, Any] | None, answer: str, *, address: str | None
) -> User:
    """Whose passkey this is: as the second step of a person, or of whoever the passkey names; counted first."""
    door, account = ("code", str(person.pk)) if person is not None else ("passkey", "")
    attempt = count_attempt(door, account, address)
    if not attempt.allowed:
        audit("code.locked", actor=person, address=address, refused=True)
        raise TooMany(_("Too many attempts. Wait and try again."), retry_after=attempt.retry_after)
    key = _proven(house, state, answer) if state else None
    if key is None or not key.user.may_come_in or (person is not None and key.user_id != person.pk):
        audit("code.failed", actor=person, address=address, object=PASSKEY, refused=True)
        raise _refused()
    attempt.succeeded()
    return key.user


def _proven(house: House, state: dict[str, Any], answer: str) -> Passkey | None:
    """The passkey that signed the question, unless its counter says that somebody has copied it."""
    with transaction.atomic():
        try:
            shown = AuthenticationResponse.from_dict(_read(answer))
            rows = Passkey.objects.select_for_update(of=("self",)).select_related("user")
            key = rows.filter(credential=_text(shown.raw_id)).first()
            if key is None:
                return None
            _server(house).authenticate_complete(state, [AttestedCredentialData(bytes(key.public))], shown)
        except NONSENSE:
            return None
        handle = shown.response.user_handle
        count = shown.response.authenticator_data.counter
        is_copied = count <= key.sign_count and max(count, key.sign_count) > 0
        if is_copied or (handle is not None and handle != _handle(key.user)):
            audit("passkey.copied", actor=key.user, object=f"passkey:{key.pk}", refused=True)
            return None
        Passkey.objects.filter(pk=key.pk).update(sign_count=count, last_used_at=timezone.now())
        return key


def _server(house: House) -> Fido2Server:
    if not house.can_have_passkeys:
        raise Refusal(_("Passkeys work under a name such as crm.example.org, not under a bare address."))
    rp = PublicKeyCredentialRpEntity(id=house.host, name="Krug")
    return Fido2Server(rp, verify_origin=lambda origin: origin in house.origins)


def _descriptors(person: User) -> list[PublicKeyCredentialDescriptor]:
    known = Passkey.objects.filter(user=person)
    return [
        PublicKeyCredentialDescriptor(
            type=PublicKeyCredentialType.PUBLIC_KEY, id=AttestedCredentialData(bytes(key.public)).credential_id
        )
        for key in known
    ]


def _read(answer: str) -> dict[str, Any]:
    sent = json.loads(answer) if len(answer) <= LONGEST else None
    if not isinstance(sent, dict):
        raise ValueError("not an answer of a browser")
    return sent


def _handle(person: User) -> bytes:
    return bytes.fromhex(keyed_hash(str(person.pk), purpose="passkey-holder"))


def _text(credential: bytes) -> str:
    return credential.hex()


def _refused() -> Refusal:
    return Refusal(_("This passkey was not accepted. Try again, or use another way."), field="answer")
