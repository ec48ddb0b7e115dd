"""Guessing is slow: an attempt is counted, for account and address, before it is looked at (AUT-04, AUT-05, AUT-11)."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from krug.access.models import AttemptCounter
from krug.kernel.callers import budget_of

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 20
KEY_DOORS = {"api"}
APART = {"code": timedelta(minutes=5), "forgot": WINDOW}

COUNT = """
INSERT INTO attempt_counter AS kept (key, count, window_started_at) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN kept.window_started_at <= %(old)s THEN 1 ELSE least(kept.count, %(most)s) + 1 END,
    window_started_at = CASE
        WHEN kept.window_started_at <= %(old)s OR kept.count + 1 = %(most)s THEN %(now)s
        ELSE kept.window_started_at
    END
RETURNING count, window_started_at
"""
FORGIVE = "UPDATE attempt_counter SET count = greatest(count - 1, 0) WHERE key = %s"


@dataclass(frozen=True)
class Attempt:
    """Whether a proof may be looked at now, or in how many seconds again."""

    allowed: bool
    retry_after: int = 0
    account_key: str = ""
    address_key: str = ""

    def succeeded(self) -> None:
        """The proof was right: the account starts afresh, and the address is not charged for it."""
        AttemptCounter.objects.filter(key=self.account_key).delete()
        with connection.cursor() as cursor:
            cursor.execute(FORGIVE, [self.address_key])


def count_attempt(door: str, account: str, address: str | None, *, device: str = "") -> Attempt:
    """Count one attempt at any door; a device that came in before has an allowance of its own (AUT-06)."""
    name, window = normal_name(account), WINDOW
    if door in APART:
        name, window = f"{door} {name}" if name else "", APART[door]
    if device:
        return _counted(_key("device", device, name), PER_ACCOUNT, as_account=True, window=window)
    by_address = Attempt(allowed=True)
    if address:
        kind = "keys" if door in KEY_DOORS else "passwords"
        by_address = _counted(_key("address", kind, budget_of(address)), PER_ADDRESS)
    if not by_address.allowed or not name:
        return by_address
    by_account = _counted(_key("account", name), PER_ACCOUNT, as_account=True, window=window)
    return Attempt(by_account.allowed, by_account.retry_after, by_account.account_key, by_address.address_key)


def is_shut(door: str, address: str | None) -> datetime | None:
    """Since when an address is shut for guessing; nothing when it is open."""
    if not address:
        return None
    kind = "keys" if door in KEY_DOORS else "passwords"
    rows = AttemptCounter.objects.filter(
        key=_key("address", kind, budget_of(address)),
        count__gt=PER_ADDRESS,
        window_started_at__gt=timezone.now() - WINDOW,
    )
    return rows.values_list("window_started_at", flat=True).first()


def forgive_account(account: str) -> None:
    """An administrator opens an account that is locked."""
    AttemptCounter.objects.filter(key=_key("account", normal_name(account))).delete()


def forget_old_attempts(now: datetime) -> int:
    """Counters whose time is over are of no use to anybody."""
    return AttemptCounter.objects.filter(window_started_at__lt=now - WINDOW).delete()[0]


def normal_name(account: str) -> str:
    """One spelling for all variants of case and width, so that none of them buys further attempts."""
    folded = unicodedata.normalize("NFKC", account).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def _counted(key: str, most: int, *, as_account: bool = False, window: timedelta = WINDOW) -> Attempt:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "now": now, "old": now - window, "most": most})
        count, since = cursor.fetchone()
    left = max(1, int((since + window - now).total_seconds()))
    keys = {"account_key": key} if as_account else {"address_key": key}
    return Attempt(allowed=count <= most, retry_after=0 if count <= most else left, **keys)


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
