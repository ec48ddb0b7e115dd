"""The words and patterns by which a spoken date is recognised in Russian and English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import Pattern
from typing import Final

from krug.language.calendar_words import MONTHS_SHORT

SPACE: Final = " \t\r\n\u00a0\u202f"
SEPARATORS: Final = SPACE + ",;–—-"

MONTH_NUMBER: Final[dict[str, int]] = {
    **{name.lower(): number for number, name in enumerate(MONTHS_SHORT["ru"], start=1)},
    **{name.lower(): number for number, name in enumerate(MONTHS_SHORT["en"], start=1)},
    "мая": 5,
}
DAYS_AWAY: Final[dict[str, int]] = {
    "сегодня": 0,
    "завтра": 1,
    "послезавтра": 2,
    "вчера": -1,
    "today": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "yesterday": -1,
}
COUNTS: Final[dict[str, int]] = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
    "один": 1,
    "одну": 1,
    "пару": 2,
    "два": 2,
    "две": 2,
    "три": 3,
    "четыре": 4,
    "пять": 5,
    "шесть": 6,
    "семь": 7,
    "восемь": 8,
    "девять": 9,
    "десять": 10,
}
UNITS: Final[dict[str, tuple[str, int]]] = {
    **dict.fromkeys(("минуту", "минуты", "минут", "мин", "minute", "minutes", "min", "mins"), ("minutes", 1)),
    **dict.fromkeys(("час", "часа", "часов", "ч", "hour", "hours"), ("minutes", 60)),
    "полчаса": ("minutes", 30),
    **dict.fromkeys(("день", "дня", "дней", "day", "days"), ("days", 1)),
    **dict.fromkeys(("неделю", "недели", "недель", "нед", "week", "weeks"), ("days", 7)),
    **dict.fromkeys(("месяц", "месяца", "месяцев", "мес", "month", "months"), ("months", 1)),
    "полгода": ("months", 6),
    **dict.fromkeys(("год", "года", "лет", "year", "years"), ("months", 12)),
}
WEEKDAY_NUMBER: Final[dict[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "пн понедельник понедельника понедельнику mon monday",
            "вт вторник вторника вторнику tue tues tuesday",
            "ср среда среду среды среде wed wednesday",
            "чт четверг четверга четвергу thu thur thurs thursday",
            "пт пятница пятницу пятницы пятнице fri friday",
            "сб суббота субботу субботы субботе sat saturday",
            "вс воскресенье воскресенья воскресенью sun sunday",
        )
    )
    for word in words.split()
}


def _any(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(word.replace(" ", r"\s+") for word in longest_first)


def _pattern(body: str) -> Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:(?:в|во|на|к|ко|до|не позднее|on|by|until)\s+)?{body}(?!\w)", re.IGNORECASE)


_RU_MONTH = (
    r"(?P<month>янв(?:аря)?|фев(?:р|раля)?|мар(?:та)?|апр(?:еля)?|мая|июн[яь]?|июл[яь]?"
    r"|авг(?:уста)?|сен(?:т|тября)?|окт(?:ября)?|ноя(?:бря)?|дек(?:абря)?)"
)
_EN_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NOT_A_SUM = r"(?![.,]?\d)(?!\s?(?:%|₽|\$|€|руб|тыс|млн|млрд|(?:м|кг|шт|к|k|m)\b))"

PATTERNS: Final[tuple[tuple[str, Pattern[str]], ...]] = (
    ("dated", _pattern(r"(?P<written>(?P<year>[0-9]{4})-(?P<month_number>[0-9]{2})-(?P<day>[0-9]{2}))")),
    (
        "dated",
        _pattern(
            r"(?P<written>(?P<day>[0-9]{1,2})\.(?P<month_number>[0-9]{1,2})\.(?P<year>[0-9]{4}|[0-9]{2}))"
            r"(?![.\d])(?:\s?г(?:\.|ода\b|\b))?"
        ),
    ),
    ("dated", _pattern(rf"(?P<written>(?P<day>[0-9]{{1,2}})\.(?P<month_number>[0-9]{{2}})){_NOT_A_SUM}")),
    (
        "dated",
        _pattern(
            rf"(?P<written>(?P<day>[0-9]{{1,2}})(?:-?го|-?е)?\s+{_RU_MONTH}\b\.?"
            r"(?:\s+(?P<year>[0-9]{4})(?:\s*(?:года|г\.?))?)?)"
        ),
    ),
    (
        "dated",
        _pattern(
            rf"(?P<written>(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_EN_MONTH}\b\.?"
            r"(?:,?\s+(?P<year>[0-9]{4}))?)"
        ),
    ),
    (
        "dated",
        _pattern(
            rf"(?P<written>{_EN_MONTH}\.?\s+(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![\d:.])(?:,?\s+(?P<year>[0-9]{{4}}))?)"
        ),
    ),
    ("named", _pattern(rf"(?P<word>{_any(DAYS_AWAY)})")),
    ("ahead", _pattern(rf"(?:через|in)\s+(?:(?P<count>[0-9]{{1,4}}|{_any(COUNTS)})\s*)?(?P<unit>{_any(UNITS)})\b\.?")),
    (
        "weekday",
        _pattern(
            r"(?:(?P<next>следующ(?:ий|ую|ее|ей|его|ему)|next)\s+|(?:эт(?:от|у|о|ой)|ближайш(?:ий|ую|ее)|this)\s+)?"
            rf"(?P<weekday>{_any(WEEKDAY_NUMBER)})\b\.?"
        ),
    ),
    (
        "period",
        _pattern(
            r"(?:(?P<next_week>следующей\s+неделе|next\s+week)|(?P<next_month>следующем\s+месяце|next\s+month)"
            r"|(?P<end_of_week>(?:конец|конца|концу|конце)\s+недели|(?:the\s+)?end\s+of\s+(?:the\s+)?week)"
            r"|(?P<end_of_month>(?:конец|конца|концу|конце)\s+месяца|(?:the\s+)?end\s+of\s+(?:the\s+)?month))"
        ),
    ),
)

_AT = r"(?:в|к|около|at|@)\s*"
_FULL = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?:\s*(?P<part>[ap]\.?m\b\.?))?"
_PARTED = r"(?P<hour>[0-9]{1,2})\s*(?P<part>[ap]\.?m\b\.?|утра|вечера|ночи)"
_SAID = (
    r"(?P<hour>[0-9]{1,2})(?:[.:](?P<minute>[0-9]{2}))?"
    r"(?:\s*(?P<part>[ap]\.?m\b\.?|утра|дня|вечера|ночи|час(?:ов|а)?\b))?(?![.:]?[0-9])"
)
_NOON = r"(?P<noon>полдень|noon)"
_CLOCKS: Final = (rf"{_AT}{_NOON}", _NOON, rf"{_AT}{_FULL}", rf"{_AT}{_SAID}", _FULL, _PARTED)
_AT_THE_END = r"(?=\s*(?:$|[,;!?)]|\.(?!\d)))"
# «завтра 10 перезвонить» is an hour, «завтра 10 клиентам» is not: what is done follows, not what is counted.
_AN_ACT = (
    r"(?=\s+(?:\w+(?:ть|ти|чь)(?:ся)?|звонок|созвон|встреча|визит"
    r"|call|ring|phone|write|send|meet|meeting|visit|ask|check|remind|show|e?mail|talk|discuss)\b)"
)


def _compiled(*bodies: str) -> tuple[Pattern[str], ...]:
    return tuple(re.compile(body, re.IGNORECASE) for body in bodies)


TIME_AFTER: Final = _compiled(
    *(rf"[\s,]+{clock}(?!\w)" for clock in _CLOCKS), rf"[\s,]+(?P<hour>[0-9]{{1,2}})(?:{_AT_THE_END}|{_AN_ACT})"
)
TIME_BEFORE: Final = _compiled(*(rf"(?<![\w.:]){clock}[\s,]+$" for clock in _CLOCKS))
TIME_ALONE: Final = _compiled(
    rf"(?<![\w.:]){_AT}{_NOON}(?!\w)",
    rf"(?<![\w.:])(?:{_AT})?{_FULL}(?!\w)",
    rf"(?<![\w.:])(?:{_AT})?{_PARTED}(?!\w)",
    rf"(?<![\w.:]){_AT}{_SAID}(?!\w){_AT_THE_END}",
)
