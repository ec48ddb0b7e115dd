"""What time it is where the customer is, by the city or the region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY_BEGINS, DAY_ENDS = 9, 21

_CITIES: Final[dict[str, str]] = {
    "Europe/Kaliningrad": "калининград kaliningrad",
    "Europe/Moscow": (
        "москва moscow санкт-петербург saint-petersburg st.petersburg петербург спб казань kazan воронеж voronezh"
        " краснодар krasnodar сочи sochi ростов-на-дону rostov-on-don ярославль yaroslavl рязань ryazan тула tula"
        " белгород курск липецк пенза псков мурманск murmansk архангельск вологда тверь калуга брянск иваново владимир"
        " нижний-новгород nizhny-novgorod чебоксары саранск махачкала ставрополь сыктывкар череповец петрозаводск"
        " смоленск орёл тамбов кострома великий-новгород новороссийск нальчик владикавказ грозный"
    ),
    "Europe/Simferopol": "симферополь севастополь ялта",
    "Europe/Samara": "самара samara тольятти ижевск izhevsk",
    "Europe/Saratov": "саратов saratov",
    "Europe/Volgograd": "волгоград volgograd",
    "Europe/Kirov": "киров kirov",
    "Europe/Ulyanovsk": "ульяновск ulyanovsk",
    "Europe/Astrakhan": "астрахань astrakhan",
    "Asia/Yekaterinburg": (
        "екатеринбург yekaterinburg ekaterinburg челябинск chelyabinsk пермь perm уфа ufa тюмень tyumen оренбург"
        " сургут ханты-мансийск магнитогорск нижний-тагил курган нижневартовск стерлитамак салехард новый-уренгой"
    ),
    "Asia/Omsk": "омск omsk",
    "Asia/Novosibirsk": "новосибирск novosibirsk",
    "Asia/Barnaul": "барнаул barnaul горно-алтайск",
    "Asia/Tomsk": "томск tomsk",
    "Asia/Novokuznetsk": "кемерово kemerovo новокузнецк novokuznetsk",
    "Asia/Krasnoyarsk": "красноярск krasnoyarsk абакан норильск кызыл",
    "Asia/Irkutsk": "иркутск irkutsk улан-удэ братск ангарск",
    "Asia/Chita": "чита chita",
    "Asia/Yakutsk": "якутск yakutsk благовещенск",
    "Asia/Vladivostok": "владивосток vladivostok хабаровск khabarovsk находка комсомольск-на-амуре биробиджан",
    "Asia/Sakhalin": "южно-сахалинск",
    "Asia/Magadan": "магадан magadan",
    "Asia/Kamchatka": "петропавловск-камчатский анадырь",
    "Europe/Minsk": "минск minsk гомель брест гродно витебск могилёв",
    "Asia/Almaty": "алматы almaty астана astana шымкент караганда",
    "Asia/Tashkent": "ташкент tashkent самарканд",
    "Asia/Bishkek": "бишкек bishkek",
    "Asia/Yerevan": "ереван yerevan",
    "Asia/Baku": "баку baku",
    "Asia/Tbilisi": "тбилиси tbilisi",
    "Europe/Chisinau": "кишинёв chisinau",
    "Europe/London": "лондон london",
    "Europe/Berlin": "берлин berlin мюнхен munich гамбург hamburg",
    "Europe/Istanbul": "стамбул istanbul анкара ankara",
    "Asia/Dubai": "дубай dubai",
    "Asia/Shanghai": "пекин beijing шанхай shanghai гуанчжоу guangzhou шэньчжэнь shenzhen",
    "America/New_York": "new-york нью-йорк boston бостон",
    "America/Chicago": "chicago чикаго",
    "America/Los_Angeles": "los-angeles san-francisco лос-анджелес",
}


def _key(city: str) -> str:
    bare = city.casefold().replace("ё", "е").removeprefix("г.").removeprefix("город ").strip()
    return "-".join(bare.split())


ZONES: Final[dict[str, str]] = {_key(city): zone for zone, cities in _CITIES.items() for city in cities.split()}
OF_COUNTRY: Final[dict[str, str]] = {
    "BY": "Europe/Minsk", "KZ": "Asia/Almaty", "AM": "Asia/Yerevan", "AZ": "Asia/Baku", "GE": "Asia/Tbilisi",
    "KG": "Asia/Bishkek", "UZ": "Asia/Tashkent", "TJ": "Asia/Dushanbe", "MD": "Europe/Chisinau", "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin", "FR": "Europe/Paris", "GB": "Europe/London", "IT": "Europe/Rome", "TR": "Europe/Istanbul",
    "AE": "Asia/Dubai", "IN": "Asia/Kolkata", "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "PL": "Europe/Warsaw",
}  # fmt: skip


@dataclass(frozen=True)
class LocalTime:
    """The hour on the customer's clock, and whether it is too early or too late to call."""

    at: datetime
    is_late: bool


def zone_of(city: str, country: str = "RU") -> str:
    """The time zone of a city; of its country where that has only one; empty when nobody can tell."""
    return ZONES.get(_key(city), "") or OF_COUNTRY.get(country, "")


def is_zone(name: str) -> bool:
    """Whether the world knows a time zone of that name."""
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def local_time(zone: str, now: datetime) -> LocalTime | None:
    """What the customer's clock shows; nothing when the zone is not known."""
    if not zone or not is_zone(zone):
        return None
    there = now.astimezone(ZoneInfo(zone))
    return LocalTime(there, not DAY_BEGINS <= there.hour < DAY_ENDS)
