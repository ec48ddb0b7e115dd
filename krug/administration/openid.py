"""The talk with an OpenID Connect provider: code flow with PKCE, state and nonce, through the guarded way out."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from krug.administration.outgoing import Unreachable, client
from krug.kernel.errors import Refusal

SECONDS = 6.0
SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
KNOWN_PLACE = ".well-known/openid-configuration"
HERE = {"localhost", "127.0.0.1", "::1"}
LEEWAY = 60
KEPT, KEPT_FAILURE, STALE = 600.0, 15.0, 86_400.0
_known: dict[str, Known] = {}
_asking = threading.Lock()


@dataclass(frozen=True)
class Service:
    """What a provider says of itself."""

    issuer: str
    authorization: str
    token: str
    keys: str
    end_session: str
    takes_basic: bool


@dataclass(frozen=True)
class Known:
    """What was told last, and when; how often it failed since, and when it was asked."""

    service: Service | None
    told_at: float
    failures: int
    asked_at: float

    @property
    def next_at(self) -> float:
        """When it is asked again: after a failure soon, and then less and less often."""
        return self.asked_at + (min(KEPT_FAILURE, 2.0 ** (self.failures - 1)) if self.failures else KEPT)


@dataclass(frozen=True)
class Question:
    """What is remembered of one question until its answer comes: each is good once."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Vouched:
    """For whom the provider vouches."""

    issuer: str
    subject: str
    email: str
    is_email_proved: bool
    given_name: str
    surname: str


class NotVouched(Refusal):
    """The provider did not answer as it must; the reason is for the log, not for whoever stands at the door."""

    default_code = "NOT_VOUCHED"

    def __init__(self) -> None:
        super().__init__(_("Signing in there did not work. Try again, or use your password."))


def service_of(issuer: str) -> Service:
    """Where the provider's doors are, asked anew every ten minutes.

    Anybody may press the button, so however often it is pressed, few calls leave the house: after a failure it is asked
    again after a second, and then less and less often. What it told within a day holds as long as it does not answer.
    """
    now = time.monotonic()
    with _asking:
        before = _known.get(issuer)
        is_due = before is None or now >= before.next_at
        if is_due:  # whoever comes while it is asked goes by what was known before
            known = before or Known(None, now, 0, now)
            _known[issuer] = before = replace(known, failures=min(known.failures + 1, 10), asked_at=now)
    if is_due:
        with suppress(NotVouched):
            _known[issuer] = before = Known(_asked(issuer), now, 0, now)
    if before is None or before.service is None or now - before.told_at > STALE:
        raise NotVouched()
    return before.service


def forget_services() -> None:
    """What providers said of themselves is asked anew; settings have changed."""
    _known.clear()


def _asked(issuer: str) -> Service:
    """Ask the provider itself; it must name itself exactly as it was written down."""
    told = _json("GET", f"{issuer.rstrip('/')}/{KNOWN_PLACE}")
    if told.get("issuer") != issuer:
        raise NotVouched()
    methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    end = told.get("end_session_endpoint")
    return Service(
        issuer=issuer,
        authorization=_safe(told.get("authorization_endpoint")),
        token=_safe(told.get("token_endpoint")),
        keys=_safe(told.get("jwks_uri")),
        end_session=_safe(end) if end else "",
        takes_basic="client_secret_basic" in methods,
    )


def new_question() -> Question:
    """Three secrets of one question."""
    return Question(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


def address_of(service: Service, client_id: str, back: str, question: Question) -> str:
    """Where the browser goes to be asked who one is."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(question.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": back,
        "scope": "openid email profile",
        "state": question.state,
        "nonce": question.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in service.authorization else "?"
    return f"{service.authorization}{joint}{urlencode(asked)}"


def vouched_by(service: Service, client_id: str, secret: str, *, code: str, back: str, question: Question) -> Vouched:
    """Change the code for a signed statement, and believe it only when everything in it is right."""
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": question.verifier}
    headers = {}
    if secret and service.takes_basic:
        headers["Authorization"] = f"Basic {base64.b64encode(_pair(client_id, secret)).decode()}"
    else:
        sent |= {"client_id": client_id, **({"client_secret": secret} if secret else {})}
    told = _json("POST", service.token, data=sent, headers=headers)
    return _vouched(_claims(str(told.get("id_token") or ""), service, client_id, question.nonce))


def _claims(statement: str, service: Service, client_id: str, nonce: str) -> dict[str, Any]:
    try:
        keys = KeySet.import_key_set(_json("GET", service.keys))  # type: ignore[arg-type]  # what it is, the library checks
        token = jwt.decode(statement, keys, registry=JWSRegistry(algorithms=SIGNATURES))
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": service.issuer},
            aud={"essential": True, "value": client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(token.claims)
    except (JoseError, ValueError, KeyError, TypeError):
        raise NotVouched() from None
    claims = dict(token.claims)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise NotVouched()
    return claims


def _vouched(claims: dict[str, Any]) -> Vouched:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise NotVouched()
    text = {name: str(claims.get(name) or "")[:254] for name in ("email", "given_name", "family_name", "name")}
    given, family = text["given_name"], text["family_name"]
    if not given and not family:
        given, _space, family = text["name"].partition(" ")
    is_proved = claims.get("email_verified") is True
    return Vouched(str(claims["iss"]), subject, text["email"], is_proved, given[:60], family[:60])


def _json(method: str, url: str, **named: Any) -> dict[str, Any]:
    try:
        with client(seconds=SECONDS) as way:
            answer = way.request(method, _safe(url), **named)
            told = answer.json() if answer.status_code == 200 else None
    except (Unreachable, ValueError):
        raise NotVouched() from None
    if not isinstance(told, dict):
        raise NotVouched()
    return told


def _safe(url: object) -> str:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)):
        raise NotVouched()
    return str(url)


def _pair(client_id: str, secret: str) -> bytes:
    return urlencode({client_id: secret}).encode().replace(b"=", b":", 1)
