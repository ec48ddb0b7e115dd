"""Who stands at a door: the address a request really came from, and the device it names."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
BROWSERS = (
    ("YaBrowser", "Yandex"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def client_address(request: HttpRequest) -> str | None:
    """The address of the caller; a forwarded one counts only when one of our own proxies tells it."""
    address = _plain(request.META.get("REMOTE_ADDR", ""))
    trusted = trusted_networks(getattr(settings, "KRUG_TRUSTED_PROXIES", ()))
    if address is None or not trusted:
        return address
    told = [_plain(part) for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while told and _is_within(address, trusted):
        further = told.pop()
        if further is None:
            break
        address = further
    return address


def trusted_networks(names: Iterable[str]) -> list[Network]:
    """The proxies that the installation names, as networks."""
    return [ipaddress.ip_network(name.strip(), strict=False) for name in names if name.strip()]


def budget_of(address: str) -> str:
    """What shares one allowance: an address of the old kind, or a whole household of the new."""
    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if parsed.version == 6 else address


def device_named(agent: str) -> str:
    """The browser and system in words, for instance «Firefox, Windows»."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(filter(None, (browser, system))) or re.sub(r"[^\w ./-]", "", agent)[:40]


def _plain(text: str) -> str | None:
    try:
        parsed = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)


def _is_within(address: str, networks: list[Network]) -> bool:
    parsed = ipaddress.ip_address(address)
    return any(parsed.version == network.version and parsed in network for network in networks)
