"""Outgoing mail: which server takes our letters, and how each letter goes out once, after the commit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from krug.access.locked import lock, unlock
from krug.access.models import User
from krug.administration.events import MailServerDescribed
from krug.administration.models import Directory, Letter, MailServer
from krug.administration.models.mail import THE_ONE
from krug.administration.smtp import FORBIDDEN, Way
from krug.kernel.errors import Fault, Invalid, Refusal
from krug.kernel.journal.recording import begin_act, record
from krug.kernel.writing import check

PURPOSE = "mail-server"
SEND = "send_letter"
FIELDS = ("host", "port", "security", "login", "sender", "sender_name")
LATEST = 20
LOST_AFTER = timedelta(minutes=10)
LOST = gettext_noop("The sending broke off: the letter may have gone or not.")


def mail_server() -> MailServer:
    """What is known of the mail server; an empty one when none was named."""
    return MailServer.objects.filter(pk=THE_ONE).first() or MailServer()


def is_mail_connected() -> bool:
    """Whether letters can go out."""
    return MailServer.objects.exclude(host="").exclude(sender="").exists()


def way_out() -> Way | None:
    """Where letters are handed over; nothing when mail is not connected."""
    server = mail_server()
    if not server.host or not server.sender:
        return None
    password = unlock(server.secret, purpose=PURPOSE)
    given = {name: getattr(server, name) for name in FIELDS}
    return Way(**given, password=password)


@transaction.atomic
def describe_mail_server(values: dict[str, Any], *, password: str, forget_password: bool, by: User) -> MailServer:
    """Write down through which server letters go; an empty password leaves the known one, which is never shown."""
    server = mail_server()
    refuse_line_breaks({**values, "secret": password})
    differing = [name for name in FIELDS if name in values and getattr(server, name) != values[name]]
    for name in differing:
        setattr(server, name, values[name])
    if server.host and not forget_password:
        refuse_to_carry(server, differing, password)
    if server.host and not server.sender:
        raise Refusal(_("E-mails need a sender's address."), field="sender")
    if password or forget_password or not server.host:
        server.secret = lock(password, purpose=PURPOSE) if server.host else ""
        differing.append("secret")
    check(server)
    if differing:
        begin_act(by)
        server.save()
        told = ["key" if name == "secret" else name for name in differing]
        record(MailServerDescribed(server=server, fields=told, by=by))
    return server


def owe_letter(kind: str, person: User) -> Letter | None:
    """A letter that goes out after this transaction; nothing when mail is not connected."""
    if not is_mail_connected():
        return None
    letter = Letter.objects.create(kind=kind, person=person, address=person.email)
    app.configure_task(SEND, queue="mail").defer(letter=letter.pk)
    return letter


def claim_letter(pk: int) -> Letter | None:
    """Take a waiting letter for sending; exactly one caller gets it."""
    now = timezone.now()
    if not Letter.objects.filter(pk=pk, state=Letter.State.WAITING).update(state=Letter.State.SENDING, claimed_at=now):
        return None
    return Letter.objects.select_related("person").get(pk=pk)


def put_back(letter: Letter, why: str) -> None:
    """The letter was not taken but may be later: it waits again."""
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.WAITING, trouble=why[:300])


def settle_letter(letter: Letter, trouble: str = "") -> None:
    """Write down what became of the letter."""
    state = Letter.State.FAILED if trouble else Letter.State.SENT
    sent = None if trouble else timezone.now()
    Letter.objects.filter(pk=letter.pk).update(state=state, trouble=trouble[:300], sent_at=sent)


def last_letter(person: User, *kinds: str) -> Letter | None:
    """The newest letter of these kinds to a person."""
    return Letter.objects.filter(person=person, kind__in=kinds).order_by("-made_at").first()


def latest_letters() -> list[Letter]:
    """The newest letters of the house, with what became of them."""
    return list(Letter.objects.select_related("person").order_by("-made_at", "-pk")[:LATEST])


def give_up_lost(now: Any) -> int:
    """A letter whose worker died in the middle may have gone out: it is not sent again, and people are told so."""
    lost = Letter.objects.filter(state=Letter.State.SENDING, claimed_at__lt=now - LOST_AFTER)
    return lost.update(state=Letter.State.FAILED, trouble=LOST)


def refuse_line_breaks(values: dict[str, Any]) -> None:
    """No text with a line break or a NUL goes into a heading or a talk with a server."""
    faults = [
        Fault(name, _("A line break stands where none may be."), "LINE_BREAK")
        for name, value in values.items()
        if isinstance(value, str) and any(mark in value for mark in FORBIDDEN)
    ]
    if faults:
        raise Invalid(faults)


def refuse_to_carry(server: MailServer | Directory, differing: list[str], password: str) -> None:
    """A password is told to the server that it was given for: at another, or in the open, it is typed anew."""
    is_elsewhere = "host" in differing or ("security" in differing and server.security == "none")
    if server.secret and is_elsewhere and not password:
        raise Refusal(_("The password was given for the server before. Type it again."), field="password")
