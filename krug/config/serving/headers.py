"""Every answer tells the browser what it may do with it (CFG-02, INP-03)."""

import hashlib
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Told to the front door alone: the mark of the session with which whoever signed in comes from now on.
LET_IN = "X-Krug-Let-In"
PERMISSIONS = "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request a nonce and each answer its policy."""

    from krug.kernel.screens.door import is_signed_in  # knows models; this module is read before there are any

    def answer(request: HttpRequest) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]  # our own name on the request
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", content_policy(request.csp_nonce))  # type: ignore[attr-defined]  # our own name on the request
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        for name, told in getattr(request, "told", {}).items():
            response.headers.setdefault(name, told)
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.SECURE_HSTS_SECONDS:
            response.headers.setdefault("Strict-Transport-Security", lasting_https())
        if settings.SESSION_COOKIE_NAME in response.cookies and is_signed_in(request):
            response.headers[LET_IN] = mark_of(response.cookies[settings.SESSION_COOKIE_NAME].value).hex()
        return response

    return answer


def mark_of(session: str) -> bytes:
    """By what the front door knows a session or a token, without keeping it."""
    return hashlib.sha256(session.encode()).digest()


def lasting_https() -> str:
    """Browsers come back by https alone; behind a proxy that speaks http to us Django would not say so."""
    return f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"


def content_policy(nonce: str) -> str:
    """Scripts and styles only from here or with this answer's nonce; nothing frames us."""
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
