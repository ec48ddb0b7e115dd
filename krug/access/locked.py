"""Secrets that must be read again are locked before they reach the database; the keys lie outside it (INT-07)."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def lock(text: str, *, purpose: str) -> str:
    """The text as it may be stored; what was locked for one purpose opens for no other."""
    return _box(purpose).encrypt(text.encode()).decode() if text else ""


def unlock(stored: str, *, purpose: str) -> str:
    """The text again; empty when nothing is stored or the key it was locked with is gone."""
    try:
        return _box(purpose).decrypt(stored.encode()).decode() if stored else ""
    except InvalidToken:
        return ""


def keyed_hash(text: str, *, purpose: str) -> str:
    """A hash that nobody can try out on a copy of the database alone."""
    return hmac.new(_derived(settings.ENCRYPTION_KEYS[0], purpose), text.encode(), hashlib.sha256).hexdigest()


def _box(purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in settings.ENCRYPTION_KEYS])


def _derived(key: str, purpose: str) -> bytes:
    return hmac.new(key.encode(), f"krug.locked\0{purpose}".encode(), hashlib.sha256).digest()
