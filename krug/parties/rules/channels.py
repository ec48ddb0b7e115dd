"""E-mail, sites and messengers: the form that is stored and the key by which two of them are one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import idna
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

from krug.kernel.errors import Fault
from krug.parties.rules.phones import normalise_phone

PHONE_KINDS: Final = ("phone", "fax")

_IN_BRACKETS = re.compile(r"<([^<>]+)>\s*$")
_PHONE = r"[+0-9 ()-]{7,25}"
_MESSENGERS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (service, re.compile(pattern, re.IGNORECASE))
    for service, pattern in (
        ("telegram", r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me)/@?(\+?[\w-]{3,64})/?"),
        ("telegram", r"(?:telegram|tg|телеграм+):?\s*@?(\+?\w{3,64})"),
        ("telegram", r"@([a-z]\w{3,31})"),
        ("whatsapp", r"(?:https?://)?(?:wa\.me/|api\.whatsapp\.com/send\?phone=)(\+?[0-9]{7,15})/?"),
        ("whatsapp", rf"(?:whatsapp|wa|ватсап+|вотсап+):?\s*({_PHONE})"),
        ("viber", r"viber://chat\?number=(?:%2b)?(\+?[0-9]{7,15})"),
        ("viber", rf"(?:viber|вайбер):?\s*({_PHONE})"),
        ("max", r"(?:https?://)?(?:www\.)?max\.ru/([\w./-]{1,64})"),
        ("max", r"(?:max|макс):\s*@?([+\w]{3,64})"),
        ("vk", r"(?:https?://)?(?:www\.|m\.)?vk\.(?:com|ru)/([\w.]{2,64})/?"),
        ("vk", r"(?:vk|вк):?\s*@?([\w.]{2,64})"),
        ("skype", r"(?:skype|скайп):\s*([\w.:-]{3,64})"),
    )
)


@dataclass(frozen=True)
class Channel:
    """A means of contact as read: what to store, what to compare, and what is wrong with it if anything."""

    raw: str
    normalised: str
    key: str
    extension: str = ""
    service: str = ""
    fault: Fault | None = None

    @property
    def valid(self) -> bool:
        """Whether the customer can be reached by it."""
        return self.fault is None


def normalise_email(text: str) -> Channel:
    """An address with its domain in lower case and in Unicode; compared by its ASCII form, case aside."""
    named = _IN_BRACKETS.search(text)
    bare = (named[1] if named else text).strip().removeprefix("mailto:")
    try:
        read = validate_email(bare, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError:
        fault = Fault("raw", _("This is not an e-mail address: it looks like name@company.ru"), "EMAIL_FORMAT")
        return Channel(text, bare, bare.casefold(), fault=fault)
    return Channel(text, read.normalized, f"{read.local_part}@{read.ascii_domain}".casefold())


def normalise_site(text: str) -> Channel:
    """A site with its scheme; compared by the ASCII name of the host without www and by the path."""
    bare = text.strip()
    try:
        parts = urlsplit(bare if "://" in bare else f"https://{bare}")
        host = (parts.hostname or "").rstrip(".")
        ascii_host = idna.encode(host, uts46=True).decode()
        shown_host = idna.decode(ascii_host)
    except (ValueError, UnicodeError):
        return _no_site(text, bare)
    if parts.scheme not in ("http", "https") or "." not in ascii_host or "@" in parts.netloc:
        return _no_site(text, bare)
    port = f":{parts.port}" if parts.port else ""
    path = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    key = f"{ascii_host.removeprefix('www.')}{port}{path}"
    return Channel(text, f"{parts.scheme}://{shown_host}{port}{path}", key)


def normalise_messenger(text: str, *, region: str = "RU") -> Channel:
    """A name in a messenger, from a link, an @name or «телеграм имя»; by phone where the service goes by phone."""
    bare = text.strip()
    for service, pattern in _MESSENGERS:
        match = pattern.fullmatch(bare)
        if match:
            handle = match[1]
            if service in ("whatsapp", "viber") or handle.startswith("+"):
                handle = normalise_phone(handle, region=region).e164
            return Channel(text, f"{service}:{handle}", f"{service}:{handle}".casefold(), service=service)
    said = _("Name the messenger: for example @ivanov, t.me/ivanov or WhatsApp +7 912 345-67-89")
    return Channel(text, bare, bare.casefold(), fault=Fault("raw", said, "MESSENGER_UNKNOWN"))


def read_channel(kind: str, text: str, *, region: str = "RU", city_code: str = "") -> Channel:
    """A means of contact of any kind, read by the rules of its kind."""
    readers: dict[str, Callable[[str], Channel]] = {
        "email": normalise_email,
        "site": normalise_site,
        "messenger": partial(normalise_messenger, region=region),
    }
    if kind not in PHONE_KINDS:
        return readers[kind](text)
    phone = normalise_phone(text, region=region, city_code=city_code)
    return Channel(text, phone.e164, phone.e164, extension=phone.extension, fault=phone.fault)


def _no_site(text: str, bare: str) -> Channel:
    fault = Fault("raw", _("This is not the address of a site: it looks like company.ru"), "SITE_FORMAT")
    return Channel(text, bare, bare.casefold(), fault=fault)
