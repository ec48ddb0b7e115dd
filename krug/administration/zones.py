"""The clocks that people and companies choose from."""

from __future__ import annotations

ZONES: tuple[tuple[str, str], ...] = tuple(
    (name, f"{name.partition('/')[2].replace('_', ' ') or name} ({name})")
    for name in (
        "Europe/Kaliningrad",
        "Europe/Moscow",
        "Europe/Samara",
        "Asia/Yekaterinburg",
        "Asia/Omsk",
        "Asia/Novosibirsk",
        "Asia/Krasnoyarsk",
        "Asia/Irkutsk",
        "Asia/Yakutsk",
        "Asia/Vladivostok",
        "Asia/Magadan",
        "Asia/Kamchatka",
        "Europe/Minsk",
        "Asia/Almaty",
        "Asia/Tashkent",
        "Asia/Bishkek",
        "Asia/Tbilisi",
        "Asia/Yerevan",
        "Asia/Baku",
        "Europe/Kyiv",
        "Europe/Chisinau",
        "Europe/Istanbul",
        "Asia/Dubai",
        "Asia/Jerusalem",
        "Europe/Helsinki",
        "Europe/Warsaw",
        "Europe/Berlin",
        "Europe/Paris",
        "Europe/Madrid",
        "Europe/Rome",
        "Europe/London",
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "America/Sao_Paulo",
        "Asia/Kolkata",
        "Asia/Bangkok",
        "Asia/Shanghai",
        "Asia/Tokyo",
        "Asia/Seoul",
        "Australia/Sydney",
        "UTC",
    )
)
NAMES = frozenset(name for name, _words in ZONES)
