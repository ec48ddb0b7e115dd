"""The one way out: what the server connects to on somebody's word is checked, pinned and limited here (INT-01)."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from krug.kernel.errors import Refusal

PORTS = {
    "http": {80, 443, 8080, 8443},
    "smtp": {25, 465, 587, 2525},
    "imap": {143, 993},
    "ldap": {389, 636, 3268, 3269},
}
# What Python takes for the open network although it leads inside: translated, tunnelled and carriers' addresses.
INSIDE = [
    ipaddress.ip_network(name)
    for name in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10", "::/96", "5f00::/16"),
        *("100.64.0.0/10", "192.88.99.0/24", "192.0.0.0/24", "198.18.0.0/15"),
    )
]
INNER_NAMES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa")
SECONDS, LONGEST, HOPS = 10.0, 1_000_000, 3
Place = tuple[Any, ...]
_opened: list[Callable[[], Iterable[str]]] = [lambda: getattr(settings, "KRUG_OUTGOING_ALLOWED", ())]


class Unreachable(Refusal):
    """The one answer to every failure, so that nobody learns what stands behind the wall."""

    default_code = "UNREACHABLE"

    def __init__(self) -> None:
        super().__init__(_("This address can not be reached from here. Check it, or ask your administrator."))


def open_exceptions(listed: Callable[[], Iterable[str]]) -> None:
    """Name where the administrator's exceptions stand: exact hosts, or `host:port`; they add and never turn off."""
    _opened.append(listed)


def is_outside(text: str) -> bool:
    """Whether an address belongs to the open network, in whatever form it is written."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    within = any(address.version == network.version and address in network for network in INSIDE)
    return address.is_global and not (address.is_multicast or address.is_reserved or within)


def refuse_inner(host: str, port: int, kind: str = "http") -> None:
    """Refuse at once what can be told without asking anybody: a closed port, a name or a number that stands inside."""
    name, is_host, is_port = _opened_of(host, port)
    if not name or not (is_port or port in PORTS[kind]):
        raise Unreachable
    if is_host or is_port:
        return
    if not ("." in name or ":" in name) or name.endswith(INNER_NAMES):
        raise Unreachable
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return  # a name: where it leads is asked, and checked, before each connection
    if not all(is_outside(str(place[4][0])) for place in found):
        raise Unreachable


def is_opened(host: str, port: int) -> bool:
    """Whether the administrator named this very host as an exception."""
    return any(_opened_of(host, port)[1:])


def _opened_of(host: str, port: int) -> tuple[str, bool, bool]:
    """The name as it is compared, and whether it is an exception as a host, or with this port."""
    name = host.strip("[]").rstrip(".").lower()
    allowed = {each.strip().lower() for listed in _opened for each in listed() if each.strip()}
    return name, name in allowed, f"{name}:{port}" in allowed


def addresses(host: str, port: int, kind: str = "http", *, until: float | None = None) -> list[Place]:
    """Where a name leads, all of it checked: what is not to be reached is refused, not left out."""
    name, is_host, is_port = _opened_of(host, port)
    if not name or not (is_port or port in PORTS[kind]):
        raise Unreachable
    found = _resolved(name, port, until)
    if not found or not (is_port or is_host or all(is_outside(str(place[4][0])) for place in found)):
        raise Unreachable
    return found


def connect(host: str, port: int, kind: str, *, seconds: float = SECONDS) -> socket.socket:
    """A socket to the very address that was checked, for protocols that are not HTTP; names belong into TLS only."""
    until = time.monotonic() + seconds
    for family, type_, protocol, _name, place in addresses(host, port, kind, until=until):
        made = socket.socket(family, type_, protocol)
        try:
            made.settimeout(_left(until))
            made.connect(place)
        except OSError:
            made.close()
        else:
            return made
    raise Unreachable


def client(
    *, seconds: float = SECONDS, most: int = LONGEST, follow: bool = False, headers: dict[str, str] | None = None
) -> Client:
    """An HTTP client whose every connection and hop is checked, and whose every answer is limited as a whole."""
    return Client(
        transport=Guarded(seconds, most),
        follow_redirects=follow,
        max_redirects=HOPS,
        headers={"User-Agent": "Krug", **(headers or {})},
        trust_env=False,
        timeout=seconds,
    )


def _resolved(name: str, port: int, until: float | None) -> list[Place]:
    """The system's own look-up, which knows no limit of time, waited for no longer than allowed."""
    told: queue.SimpleQueue[list[Place]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            told.put(socket.getaddrinfo(name, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            told.put([])

    threading.Thread(target=ask, daemon=True).start()
    try:
        return told.get(timeout=_left(until) if until else SECONDS)
    except queue.Empty:
        raise Unreachable from None


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise Unreachable
    return left


class Client(httpx.Client):
    """The client of the house: what the library calls by many names has one here."""

    def request(self, *given: Any, **named: Any) -> httpx.Response:
        try:
            return super().request(*given, **named)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as trouble:
            _unreachable(trouble)


class _Line(httpcore.NetworkStream):
    """A connection that ends when the time of the whole call is over, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock) -> None:
        self._stream, self._clock = stream, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._clock.until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._clock.until))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, *given: Any, **named: Any) -> httpcore.NetworkStream:
        named["timeout"] = _left(self._clock.until)
        return _Line(self._stream.start_tls(*given, **named), self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Clock(httpcore.NetworkBackend):
    """Makes the connections of one client, each to an address that was checked a moment ago."""

    until = 0.0

    def connect_tcp(self, host: str, port: int, *given: Any, **named: Any) -> httpcore.NetworkStream:
        for place in addresses(host, port, until=self.until):
            try:
                made = httpcore.SyncBackend().connect_tcp(place[4][0], port, timeout=_left(self.until))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return _Line(made, self)
        raise Unreachable

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Guarded(httpx.BaseTransport):
    """Sends one request at a time through checked connections; every failure looks alike from outside."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds, self._most, self._clock = seconds, most, _Clock()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(), network_backend=self._clock, max_connections=HOPS + 1
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in ("http", "https") or url.userinfo:
            raise Unreachable
        self._clock.until = time.monotonic() + self._seconds
        request.headers["Accept-Encoding"] = "identity"
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions={"sni_hostname": url.host},
        )
        try:
            came = self._pool.handle_request(asked)
        except Exception as trouble:  # whatever it was, it is told with the same words
            _unreachable(trouble)
        answer = httpx.Response(came.status, headers=came.headers, stream=_Limited(came, self._most))
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            answer.close()
            raise Unreachable
        return answer

    def close(self) -> None:
        self._pool.close()


class _Limited(httpx.SyncByteStream):
    """The body of an answer, which ends the call when it grows beyond what was allowed."""

    def __init__(self, came: httpcore.Response, most: int) -> None:
        self._came, self._most = came, most

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        try:
            for part in self._came.iter_stream():
                size += len(part)
                if size > self._most:
                    raise Unreachable
                yield part
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as trouble:
            _unreachable(trouble)

    def close(self) -> None:
        self._came.close()


def _unreachable(trouble: Exception) -> NoReturn:
    raise Unreachable from trouble
