"""Two keyboards and two alphabets: what was typed in the wrong layout, and one name written in both scripts."""

from __future__ import annotations

import re
from typing import Final

_ENGLISH_KEYS: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN_KEYS: Final = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN_KEYS: Final = str.maketrans(_ENGLISH_KEYS + '{}:"<>~', _RUSSIAN_KEYS + "хъжэбюё")
_TO_ENGLISH_KEYS: Final = str.maketrans(_RUSSIAN_KEYS, _ENGLISH_KEYS)
_TYPED_LATIN: Final = re.compile(r"[a-z\[\];',.`{}:\"<>~\s\d-]*[a-z][a-z\[\];',.`{}:\"<>~\s\d-]*")
_TYPED_CYRILLIC: Final = re.compile(r"[а-яё\s\d.@_-]*[а-яё][а-яё\s\d.@_-]*")
_ENGLISH_WORDS: Final = re.compile(r"[a-z\d]+(?:(?:[.@_-]|\s+)[a-z\d]+)*")
_RUSSIAN_VOWELS: Final = re.compile(r"[аеёиоуыэюя]")

_LATIN_OF: Final[dict[str, str]] = {
    "а": "a",
    "б": "b",
    "в": "v",
    "г": "g",
    "д": "d",
    "е": "e",
    "ё": "e",
    "ж": "zh",
    "з": "z",
    "и": "i",
    "й": "y",
    "к": "k",
    "л": "l",
    "м": "m",
    "н": "n",
    "о": "o",
    "п": "p",
    "р": "r",
    "с": "s",
    "т": "t",
    "у": "u",
    "ф": "f",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ы": "y",
    "ь": "",
    "э": "e",
    "ю": "yu",
    "я": "ya",
    "і": "i",
    "ї": "yi",
    "є": "ye",
    "ґ": "g",
    "ў": "u",
    "ә": "a",
    "ғ": "g",
    "қ": "k",
    "ң": "n",
    "ө": "o",
    "ұ": "u",
    "ү": "u",
    "һ": "h",
}
_TO_LATIN: Final = str.maketrans(_LATIN_OF)
_TO_CYRILLIC: Final[tuple[tuple[str, str], ...]] = (
    ("shch", "щ"),
    ("sch", "щ"),
    ("tch", "ч"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("tz", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("ph", "ф"),
    ("ya", "я"),
    ("ja", "я"),
    ("ia", "ия"),
    ("yu", "ю"),
    ("ju", "ю"),
    ("iu", "ю"),
    ("yo", "е"),
    ("jo", "е"),
    ("ye", "е"),
    ("yi", "ый"),
    ("ck", "к"),
    ("qu", "кв"),
    ("x", "кс"),
    ("a", "а"),
    ("b", "б"),
    ("c", "к"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "х"),
    ("i", "и"),
    ("j", "й"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("y", "ы"),
    ("z", "з"),
    ("'", "ь"),
)
_LETTER_GROUP: Final = re.compile("|".join(re.escape(latin) for latin, _russian in _TO_CYRILLIC))
_CYRILLIC_OF: Final = dict(_TO_CYRILLIC)
_ADJECTIVE: Final = re.compile(r"(?:iy|yy|ij|ii|y)\b")
_SHORT_I: Final = re.compile(r"(?<=[aeou])(?:y(?![aeou])|i\b)")


def to_other_layout(typed: str) -> str | None:
    """The text the same keys give in the other layout; None when that can not be words."""
    text = typed.lower()
    if _TYPED_LATIN.fullmatch(text):
        other = text.translate(_TO_RUSSIAN_KEYS)
        return other if _RUSSIAN_VOWELS.search(other) or len(text) <= 3 else None
    if _TYPED_CYRILLIC.fullmatch(text):
        other = text.replace(".", "/").translate(_TO_ENGLISH_KEYS)
        return other if _ENGLISH_WORDS.fullmatch(other) else None
    return None


def to_latin(text: str) -> str:
    """Cyrillic in Latin letters as passports write it."""
    return text.translate(_TO_LATIN)


def to_cyrillic(text: str) -> str:
    """Latin letters as a Russian would have written the name."""
    ended = _SHORT_I.sub("j", _ADJECTIVE.sub(_ending, text))
    return _LETTER_GROUP.sub(lambda match: _CYRILLIC_OF[match[0]], ended)


def _ending(match: re.Match[str]) -> str:
    """A name that ends in -sky or -iy ends in -ский, -ий; one in -nyy ends in -ный."""
    is_soft = match.string[match.start() - 1 : match.start()] in "kgc"
    return "ij" if is_soft or match[0] not in ("y", "yy") else "yj" if match[0] == "yy" else "y"
