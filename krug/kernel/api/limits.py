"""How often a program may call: counted per token, person, address and route, for all processes together (API-06)."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.callers import budget_of
from krug.kernel.errors import TooMany

# A count that a crash forgets does no harm, so no call waits for the disk.
COUNT = """
WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO attempt_counter AS kept (key, count, window_started_at)
SELECT told.key, 1, now() FROM unnest(%s::text[]) WITH ORDINALITY AS told(key, place), quick ORDER BY told.key
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN kept.window_started_at <= now() - interval '1 minute' THEN 1 ELSE kept.count + 1 END,
    window_started_at = CASE
        WHEN kept.window_started_at <= now() - interval '1 minute' THEN now() ELSE kept.window_started_at END
RETURNING key, count, ceil(extract(epoch FROM window_started_at + interval '1 minute' - now()))::int
"""


def count_call(request: HttpRequest, user: User, address: str | None) -> None:
    """Count this call, and refuse it when one of the limits of a minute is reached; the answer tells the nearest."""
    token = hashlib.sha256(request.headers.get("Authorization", "").encode()).hexdigest()[:32]
    route = request.resolver_match.route if request.resolver_match else request.path
    asked = {"token": token, "user": str(user.pk), "address": budget_of(address) if address else ""}
    asked["route"] = f"{token} {request.method} {route.rstrip('/')}"
    most = {_key(kind, who): (kind, settings.KRUG_API_LIMITS[kind]) for kind, who in asked.items() if who}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [list(most)])
        found = [(most[key][1] - count, left, *most[key]) for key, count, left in cursor.fetchall()]
    rest, seconds, kind, limit = min(found)
    request.told = {  # type: ignore[attr-defined]  # our own name on the request: headers of the answer, whatever it is
        "RateLimit-Policy": f'"{kind}";q={limit};w=60',
        "RateLimit": f'"{kind}";r={max(rest, 0)};t={max(seconds, 1)}',
    }
    if over := [seconds for rest, seconds, _kind, _limit in found if rest < 0]:
        raise TooMany(_("Too many calls in a minute. Come again a little later."), retry_after=max(1, *over))


def _key(kind: str, who: str) -> str:
    return f"api-{kind}-{hashlib.sha256(who.encode()).hexdigest()[:40]}"
