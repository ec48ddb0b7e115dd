"""Hands one letter to a mail server, through the one guarded way out (INT-01, EML-01)."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from django.utils.translation import gettext as _

from krug.administration.outgoing import Unreachable, connect
from krug.kernel.errors import Refusal

SECONDS = 15.0
FORBIDDEN = ("\r", "\n", "\0")


@dataclass(frozen=True)
class Way:
    """Where letters are handed over, and as whom."""

    host: str
    port: int
    security: str
    login: str
    password: str
    sender: str
    sender_name: str


@dataclass(frozen=True)
class Words:
    """What a letter says: the same as plain text and as a page."""

    subject: str
    plain: str
    page: str


class NotTaken(Refusal):
    """The mail server did not take the letter; `again` says whether it may later."""

    default_code = "LETTER_NOT_TAKEN"

    def __init__(self, message: str, *, again: bool) -> None:
        super().__init__(message)
        self.again = again


def letter(way: Way, to: str, name: str, words: Words) -> EmailMessage:
    """The letter as it goes out; no line break gets into a heading."""
    for text in (way.sender, way.sender_name, to, name, words.subject):
        if any(mark in text for mark in FORBIDDEN):
            raise Refusal(_("A line break stands where none may be."))
    message = EmailMessage(policy=SMTP)
    message["Subject"] = words.subject
    message["From"] = Address(display_name=way.sender_name, addr_spec=way.sender)
    message["To"] = Address(display_name=name, addr_spec=to)
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=way.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.plain)
    message.add_alternative(words.page, subtype="html")
    return message


def hand_over(way: Way, message: EmailMessage) -> None:
    """Give the letter to the server, or say why it was not taken."""
    try:
        with _line(way) as line:
            line.send_message(message)
    except Unreachable as no:
        raise NotTaken(str(no), again=True) from None
    except smtplib.SMTPAuthenticationError:
        raise NotTaken(_("The mail server does not accept the login name and password."), again=False) from None
    except smtplib.SMTPRecipientsRefused:
        raise NotTaken(_("The mail server does not take letters to this address."), again=False) from None
    except ssl.SSLError:
        raise NotTaken(_("The certificate of the mail server is not right."), again=False) from None
    except smtplib.SMTPResponseException as trouble:
        again = 400 <= trouble.smtp_code < 500
        raise NotTaken(_("The mail server refused the letter."), again=again) from None
    except (smtplib.SMTPException, OSError):
        raise NotTaken(_("The talk with the mail server broke off."), again=True) from None


def _line(way: Way) -> smtplib.SMTP:
    line: smtplib.SMTP = _Guarded(way.host, way.port, way.security == "tls")
    try:
        if way.security == "starttls":
            line.starttls(context=ssl.create_default_context())
        if way.login:
            line.login(way.login, way.password)
    except BaseException:
        line.close()
        raise
    return line


class _Guarded(smtplib.SMTP):
    """The library's own talk over a connection that was checked and pinned."""

    def __init__(self, host: str, port: int, is_secret: bool) -> None:
        self._is_secret = is_secret
        super().__init__(host, port, local_hostname="krug", timeout=SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = connect(host, port, "smtp", seconds=timeout)
        made.settimeout(timeout)
        if not self._is_secret:
            return made
        return ssl.create_default_context().wrap_socket(made, server_hostname=host)
