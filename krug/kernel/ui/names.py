"""How people are called: in lists, in letters and in English, from the three fields of a Russian name."""

from __future__ import annotations

from copy import copy
from typing import Any, Final

from krug.language.alphabets import to_latin
from krug.language.calendar_words import speech

NBSP: Final = "\u00a0"


def full_name(surname: str, given: str = "", patronymic: str = "", language: str | None = None) -> str:
    """Фёдорова Анна Сергеевна; in English Anna Fedorova, in Latin letters."""
    if speech(language) == "ru":
        return " ".join(filter(None, (surname, given, patronymic)))
    return " ".join(_latin(part) for part in (given, surname) if part)


def short_name(surname: str, given: str = "", patronymic: str = "", language: str | None = None) -> str:
    """Фёдорова А. С. for lists; without a surname, and in English, the name as it is spoken."""
    if speech(language) != "ru" or not surname:
        return full_name(surname, given, patronymic, language)
    initials = "".join(f"{NBSP}{part[0].upper()}." for part in (given, patronymic) if part)
    return surname + initials


def spoken_name(surname: str, given: str = "", patronymic: str = "", language: str | None = None) -> str:
    """Анна Сергеевна, as a letter addresses her; in English Anna Fedorova."""
    if speech(language) == "ru" and given:
        return " ".join(filter(None, (given, patronymic)))
    return full_name(surname, given, patronymic, language)


def initials(surname: str, given: str = "") -> str:
    """Two letters for the picture of a person without a picture."""
    return "".join(part[0] for part in (surname, given) if part).upper()


def called(record: Any, language: str | None = None) -> str:
    """What people call a record: a person in the reader's language, anything else by its own words."""
    from krug.kernel.sight import narrows, veiled

    record = veiled(copy(record)) if narrows(type(record)) else record
    surname, given, middle = (getattr(record, name, "") or "" for name in ("surname", "given_name", "patronymic"))
    is_person = bool(surname or given or middle)
    name = full_name(surname, given, middle, language) if is_person and speech(language) != "ru" else str(record)
    return open_name(type(record), name)


def open_name(model: type[Any], name: str) -> str:
    """A name as it may be told to whoever looks: the phone that is a record's name is covered without the right."""
    from krug.kernel.sight import hides_names
    from krug.language.masks import mask

    return mask(name) if name and hides_names(model) else name


def listed(person: Any, language: str | None = None) -> str:
    """A person as lists show him: Фёдорова А. С., in English Anna Fedorova."""
    return short_name(person.surname, person.given_name, person.patronymic, language) or str(person)


def whole_name(text: str, language: str | None = None) -> str:
    """Anna Fedorova for a name kept in one line as Фёдорова Анна Сергеевна."""
    surname, *given = text.split() or [""]
    return full_name(surname, given[0], "", language) if speech(language) != "ru" and len(given) in (1, 2) else text


def _latin(part: str) -> str:
    """The word in passport spelling, with its capitals kept."""
    latin = to_latin(part.lower())
    return "-".join(piece[:1].upper() + piece[1:] for piece in latin.split("-")) if latin != part.lower() else part
