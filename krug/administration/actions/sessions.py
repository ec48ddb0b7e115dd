"""Sessions: how long they live, who sees them, how they end."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from krug.access.models import Session, User
from krug.administration.events import SessionsEnded
from krug.administration.policies import is_administrator, refuse_above
from krug.kernel.errors import NotFound
from krug.kernel.journal.recording import record
from krug.kernel.live import CHANNEL, SIGNED_OUT
from krug.kernel.tokens import revoke_all
from krug.kernel.visibility import is_employee

SEEN_EVERY = timedelta(minutes=1)
STAFF = (timedelta(hours=12), timedelta(days=7))
ADMINISTRATORS = (timedelta(hours=1), timedelta(hours=12))
OUTSIDERS = (timedelta(hours=2), timedelta(hours=24))


def limits_for(user: User) -> tuple[timedelta, timedelta]:
    """How long a session may stand idle, and how long it may live at all (SES-04)."""
    if is_administrator(user):
        return ADMINISTRATORS
    return STAFF if is_employee(user) else OUTSIDERS


def note_seen(session_key: str, user: User, *, address: str | None, device: str, now: datetime) -> None:
    """Remember that the device was here, and put off the end of its session as far as the limits allow."""
    row = Session.objects.filter(session_key=session_key).only("started_at").first()
    if row is None:
        return
    idle, whole = limits_for(user)
    Session.objects.filter(session_key=session_key).update(
        seen_at=now, expire_date=min(now + idle, row.started_at + whole), address=address, device=device[:200]
    )


def sessions_of(user: User, now: datetime) -> list[Session]:
    """The living sessions of a person, the latest seen first."""
    return list(Session.objects.filter(user=user, expire_date__gt=now).order_by("-seen_at"))


def handle_of(session: Session) -> str:
    """A name for a session that pages may show: it opens nothing."""
    return hashlib.sha256(f"krug.session.{session.session_key}".encode()).hexdigest()[:24]


@transaction.atomic
def end_session(user: User, handle: str) -> Session:
    """End one session of a person."""
    found = next((each for each in Session.objects.filter(user=user) if handle_of(each) == handle), None)
    if found is None:
        raise NotFound()
    forget_sessions(Session.objects.filter(pk=found.pk))
    return found


def end_other_sessions(user: User, *, keep: str) -> int:
    """Sign a person out everywhere but here."""
    return forget_sessions(Session.objects.filter(user=user).exclude(session_key=keep))


@transaction.atomic
def end_sessions(person: User, *, by: User) -> User:
    """Sign a person out on every device."""
    refuse_above(by, person)
    forget_sessions(Session.objects.filter(user=person))
    record(SessionsEnded(person=person, by=by))
    return person


def shut_all_doors(person: User) -> None:
    """End every session and token of a person."""
    forget_sessions(Session.objects.filter(user=person))
    revoke_all(person)


def forget_sessions(rows: QuerySet[Session]) -> int:
    """End these sessions; open pages that listen under them are told so at once, when the transaction ends."""
    ended = rows.delete()[0]
    if ended:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, SIGNED_OUT])
    return ended
