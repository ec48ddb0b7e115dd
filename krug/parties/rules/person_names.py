"""Names of people: one line typed as «ФИО» becomes surname, given name and patronymic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from krug.kernel.ui.names import full_name, short_name, spoken_name
from krug.language.readings import sort_key
from krug.parties.rules.given_names import GIVEN_NAMES

__all__ = ["PersonName", "full_name", "gender_of", "short_name", "sort_key", "split_person_name", "spoken_name"]

LONGEST: Final = 60
_PARTICLES: Final = "van von der den de da di du la le el al bin ibn ter фон ван дер де ди да ла ле аль эль"
_TURKIC: Final = "оглы оглу углы угли улы уулу кызы кизи гызы ogly oglu uly kyzy"
PARTICLES: Final = frozenset(_PARTICLES.split())
TURKIC: Final = frozenset(_TURKIC.split())

_PATRONYMIC = re.compile(
    r".+(?:ович|евич|ьич|инич|овна|евна|ична|ovich|evich|ovna|evna|ichna)|ильич|лукич|кузьмич|фомич|саввич",
    re.IGNORECASE,
)
_ONLY_PATRONYMIC = re.compile(r".+(?:овна|евна|ична|ьич|ovna|evna|ichna)", re.IGNORECASE)
_INITIALS = re.compile(r"^[^\W\d_]\.?(?:[-\s]?[^\W\d_]\.?)?$")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_SURNAME = re.compile(
    r".+(?:ов|ев|ёв|ин|ын|ий|ая|ой|ова|ева|ёва|ина|ына|ко|ук|юк|ых|их|ян|дзе|швили|энко|ич|ова-.+)$", re.IGNORECASE
)


@dataclass(frozen=True)
class PersonName:
    """The three parts of a name; the patronymic may be absent."""

    surname: str = ""
    given: str = ""
    patronymic: str = ""

    def short(self, language: str | None = None) -> str:
        """Фёдорова А. С."""
        return short_name(self.surname, self.given, self.patronymic, language)

    def full(self, language: str | None = None) -> str:
        """Фёдорова Анна Сергеевна; in English Anna Fedorova."""
        return full_name(self.surname, self.given, self.patronymic, language)

    def spoken(self, language: str | None = None) -> str:
        """Анна Сергеевна."""
        return spoken_name(self.surname, self.given, self.patronymic, language)


def split_person_name(text: str) -> PersonName:
    """The parts of a name in whichever order they were typed, told by patronymics, endings and known given names."""
    before, comma, after = text.partition(",")
    if comma and before.strip() and after.strip():
        rest = _split(_words(after), surname_first=False)
        given = " ".join(filter(None, (rest.given, rest.surname)))
        return PersonName(" ".join(_words(before)), given, rest.patronymic)
    return _split(_words(text), surname_first=bool(_CYRILLIC.search(text)))


def gender_of(name: PersonName) -> Literal["m", "f", ""]:
    """Whether to write «Уважаемый» or «Уважаемая», as far as the name tells."""
    for part, male, female in (
        (name.patronymic, r".*(?:ич|оглы|улы|уулу|ich)", r".*(?:на|кызы|кизи|гызы|na)"),
        (name.surname, r".+(?:ов|ев|ёв|ин|ын|ский|цкий|ой)", r".+(?:ова|ева|ёва|ина|ына|ская|цкая|ая)"),
    ):
        if re.fullmatch(female, part, re.IGNORECASE):
            return "f"
        if re.fullmatch(male, part, re.IGNORECASE):
            return "m"
    return ""


def _split(words: list[str], *, surname_first: bool) -> PersonName:
    at = _patronymic_at(words)
    if at is not None:
        return _around_patronymic(words, at)
    if len(words) == 1:
        only = words[0]
        return PersonName(given=only) if _is_given(only) else PersonName(surname=only)
    if not words:
        return PersonName()
    if 2 <= len(words) <= 3 and all(map(_INITIALS.match, words[1:])):
        return PersonName(*words)
    if all(map(_INITIALS.match, words[:-1])):
        return PersonName(words[-1], *words[:2] if len(words) > 2 else words[:1])
    if _surname_leads(words, surname_first):
        return PersonName(words[0], *_given_and_rest(words[1:]))
    return _given_leads(words)


def _around_patronymic(words: list[str], at: int) -> PersonName:
    if at == 0:
        return PersonName(surname=words[0], given=" ".join(words[1:]))
    if at == len(words) - 1:
        return PersonName(" ".join(words[: at - 1]), words[at - 1], words[at])
    return PersonName(" ".join(words[at + 1 :]), " ".join(words[:at]), words[at])


def _patronymic_at(words: list[str]) -> int | None:
    """Where the patronymic stands: after the given name; a surname on -ович may stand on either side."""
    places = [place for place, word in enumerate(words) if place and _is_patronymic(word)]
    if not places or len(words) < 2:
        return None
    if len(words) == 2:
        return places[0] if _ONLY_PATRONYMIC.fullmatch(words[1]) or _is_given(words[0]) else None
    return places[0]


def _surname_leads(words: list[str], surname_first: bool) -> bool:
    first_given, last_given = _is_given(words[0]), _is_given(words[-1])
    if first_given != last_given:
        return last_given
    if not surname_first:
        return False
    first_like, last_like = bool(_SURNAME.match(words[0])), bool(_SURNAME.match(words[-1]))
    return first_like or not last_like


def _given_leads(words: list[str]) -> PersonName:
    start = next((place for place, word in enumerate(words) if place and word.lower() in PARTICLES), len(words) - 1)
    return PersonName(" ".join(words[start:]), " ".join(words[:start]))


def _given_and_rest(words: list[str]) -> tuple[str, str]:
    return (words[0], " ".join(words[1:])) if words and _CYRILLIC.search(words[0]) else (" ".join(words), "")


def _is_patronymic(word: str) -> bool:
    last = word.rsplit(maxsplit=1)[-1].lower()
    return last in TURKIC or bool(_PATRONYMIC.fullmatch(word))


def _is_given(word: str) -> bool:
    return word.lower().replace("ё", "е").split("-")[0] in GIVEN_NAMES


def _words(text: str) -> list[str]:
    """The words of the name, initials apart, «оглы» joined to the father's name, shouting and whispering mended."""
    spaced = re.sub(r"([^\W\d_]\.)(?=[^\W\d_])", r"\1 ", text.replace("\u00a0", " "))
    words: list[str] = []
    for word in spaced.strip(" ,.;").split():
        if word.lower() in TURKIC and words:
            words[-1] = f"{words[-1]} {word.lower()}"
        else:
            words.append(_cased(word))
    if words and _INITIALS.match(words[-1]) and len(words[-1]) == 1:
        words[-1] += "."
    return words


def _cased(word: str) -> str:
    if word.lower() in PARTICLES or not (word.isupper() or word.islower()) or _INITIALS.match(word):
        return word
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
