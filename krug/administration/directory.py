"""The talk with a directory (LDAP): looks a person up, and lets the directory itself judge the password (INT-01)."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from ldap3 import NONE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException
from ldap3.core.results import RESULT_SUCCESS
from ldap3.utils.conv import escape_filter_chars

from krug.administration.outgoing import Unreachable, addresses
from krug.kernel.errors import Refusal

SECONDS = 6
LONGEST = 254
MOST_GROUPS = 500
NUMBERS = ("entryUUID", "objectGUID")
ASKED = ["mail", "givenName", "sn", "cn", "*", "+"]


@dataclass(frozen=True)
class Way:
    """Where the directory is, as whom we look, and by which questions."""

    host: str
    port: int
    security: str
    login: str
    password: str
    base: str
    person_filter: str
    group_filter: str


@dataclass(frozen=True)
class Found:
    """A person as the directory knows one; the number stays when the name changes."""

    name: str
    number: str
    email: str
    given_name: str
    surname: str
    groups: frozenset[str]


class NoDirectory(Refusal):
    """The directory does not answer, or not to us."""

    default_code = "NO_DIRECTORY"

    def __init__(self) -> None:
        super().__init__(_("The directory does not answer, or it does not accept the name that we look with."))


def look_up(way: Way, login: str) -> Found | None:
    """The one person with this login; nobody when there is none or more than one."""
    if not login or len(login) > LONGEST or "\0" in login:
        return None
    asked = way.person_filter.replace("{login}", escape_filter_chars(login))
    with _open(way, way.login, way.password) as line:
        people = _entries(line, way.base, asked, 2)
        if len(people) != 1:
            return None
        name, facts = people[0]
        groups = way.group_filter.replace("{dn}", escape_filter_chars(name))
        standing = _entries(line, way.base, groups, MOST_GROUPS) if groups else []
        if groups and line.result["result"] != RESULT_SUCCESS:
            raise NoDirectory  # half an answer would take away the roles of the other half
    number = next((_text(facts, each) for each in NUMBERS if _text(facts, each)), name)
    return Found(
        name=name,
        number=number,
        email=_text(facts, "mail"),
        given_name=_text(facts, "givenName")[:60],
        surname=(_text(facts, "sn") or _text(facts, "cn"))[:60],
        groups=frozenset(each.casefold() for each, _facts in standing),
    )


def proves(way: Way, found: Found, password: str) -> bool:
    """Whether the directory takes this password for this person; an empty one would be no proof at all."""
    if not password or "\0" in password:
        return False
    try:
        with _open(way, found.name, password):
            return True
    except NoDirectory:
        return False


@contextmanager
def _open(way: Way, name: str, password: str) -> Iterator[Connection]:
    """A line to the very address that was checked; referrals would lead elsewhere and are not followed."""
    if name and not password:
        raise NoDirectory
    with ExitStack() as closing:
        try:
            line = _line(way, name, password)
            closing.callback(_close, line)
            line.open(read_server_info=False)
            if way.security == "starttls":
                line.start_tls(read_server_info=False)
            if not line.bind(read_server_info=False):
                raise NoDirectory
            yield line
        except (LDAPException, Unreachable, OSError):
            raise NoDirectory from None


def _close(line: Connection) -> None:
    with suppress(LDAPException, OSError):
        line.unbind()


def _line(way: Way, name: str, password: str) -> Connection:
    place = addresses(way.host, way.port, "ldap")[0][4][0]
    tls = _Named(validate=ssl.CERT_REQUIRED, sni=way.host)
    secret = way.security == "tls"
    server = Server(place, way.port, use_ssl=secret, tls=tls, get_info=NONE, connect_timeout=SECONDS)
    return Connection(
        server, user=name or None, password=password or None, auto_referrals=False, receive_timeout=SECONDS
    )


class _Named(Tls):  # type: ignore[misc]  # the library has no types
    """The library connects to a bare address; the certificate must be right for the name."""

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        connection.socket = ssl.create_default_context().wrap_socket(connection.socket, server_hostname=self.sni)


def _entries(line: Connection, base: str, asked: str, most: int) -> list[tuple[str, dict[str, Any]]]:
    line.search(base, asked, SUBTREE, attributes=ASKED, size_limit=most, time_limit=SECONDS)
    return [(each["dn"], each["attributes"]) for each in line.response or () if each.get("type") == "searchResEntry"]


def _text(facts: dict[str, Any], name: str) -> str:
    value = next((facts[each] for each in facts if each.casefold() == name.casefold()), "")
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, bytes):
        return first.hex()
    return "" if isinstance(first, list) else str(first)[:LONGEST]
