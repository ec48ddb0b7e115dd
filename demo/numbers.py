"""Invented requisites with the right check digits; the tax offices 00 do not exist."""

from __future__ import annotations

from krug.parties.rules.russian_ids import INN_10, INN_11, INN_12, check_digit


def requisites_of(number: int, region: str, *, kind: str = "legal") -> dict[str, str]:
    """INN, KPP and OGRN of the company or sole trader with that number in our story."""
    if kind == "sole_trader":
        return {"inn": _inn_12(f"{region}00{40_1000 + number * 37:06d}"), "kpp": "", "ogrn": _ogrnip(region, number)}
    body = f"{region}00{31_000 + number * 613:05d}"
    return {"inn": body + check_digit(body, INN_10), "kpp": f"{region}0001001", "ogrn": _ogrn(region, number)}


def _inn_12(body: str) -> str:
    body += check_digit(body, INN_11)
    return body + check_digit(body, INN_12)


def _ogrn(region: str, number: int) -> str:
    body = f"1{5 + number % 15:02d}{region}00{20_000 + number * 271:05d}"
    return body + str(int(body) % 11 % 10)


def _ogrnip(region: str, number: int) -> str:
    body = f"3{10 + number % 12:02d}{region}00{1_000_000 + number * 4_271:07d}"
    return body + str(int(body) % 13 % 10)
