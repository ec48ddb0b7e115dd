"""Which passwords are guessed first although they are long enough: runs, repetitions and well-known lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from typing import Final

FEWEST_TURNS = 5
LONGEST_PIECE = 4
SHORTEST_STEM = 5
ROWS: Final = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "йцукенгшщзхъфывапролджэячсмитьбю",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1й2ц3у4к5е6н7г8ш9щ0з",
)
STEPS: Final = frozenset(pair for row in ROWS for line in (row, row[::-1]) for pair in itertools.pairwise(line))
KNOWN_LINES: Final = frozenset(
    [
        "correcthorsebatterystaple",
        "iloveyouforever",
        "ihatepasswords",
        "letmeinplease",
        "letmeinnow",
        "openthedoor",
        "opensesame",
        "passwordpassword",
        "mypassword",
        "newpassword",
        "thisismypassword",
        "thisisapassword",
        "yourpassword",
        "changemeplease",
        "changemenow",
        "changethispassword",
        "adminadmin",
        "administrator",
        "administrador",
        "rootrootroot",
        "superadmin",
        "welcometothejungle",
        "welcomehome",
        "qwertyqwerty",
        "trustno1trustno1",
        "starwarsstarwars",
        "manchesterunited",
        "liverpoolfc",
        "realmadrid",
        "harrypotter",
        "theterminator",
        "lordoftherings",
        "whatthehell",
        "nevergiveup",
        "jesuschrist",
        "iloveyouiloveyou",
        "loveyouforever",
        "mysecretpassword",
        "donotchangeme",
        "defaultpassword",
        "temporarypassword",
        "zaqxswcdevfr",
        "qazwsxedcrfv",
        "zaq1xsw2cde3",
        "пароль",
        "парольпароль",
        "мойпароль",
        "новыйпароль",
        "пустименя",
        "ялюблютебя",
        "ятебялюблю",
        "любовьморковь",
        "администратор",
        "суперадмин",
        "временныйпароль",
        "парольпоумолчанию",
        "спартакчемпион",
        "спартакмосква",
        "зенитчемпион",
        "москва",
        "россия",
        "йцукенйцукен",
        "здравствуйте",
        "нуйкаотгадай",
        "никомунескажу",
        "gfhjkm",
        "gfhjkmgfhjkm",
        "vjqgfhjkm",
        "ghbdtnghbdtn",
        "rjkbxtcndj",
    ]
)


def is_guessed_first(password: str, common: Collection[str]) -> bool:
    """Whether the password is a run of keys, one short piece over and over, or a common line with digits around."""
    text = re.sub(r"[\W_]+", "", password.casefold()) or password
    stem = text.strip("0123456789")
    if _turns(text) < FEWEST_TURNS or _is_repeated(text):
        return True
    return stem in KNOWN_LINES or (len(stem) >= SHORTEST_STEM and stem in common)


def _turns(text: str) -> int:
    """How often the next character is not foreseen from the one before."""
    return 1 + sum(a != b and (a, b) not in STEPS for a, b in itertools.pairwise(text))


def _is_repeated(text: str) -> bool:
    sizes = range(1, LONGEST_PIECE + 1)
    return any((text[:size] * len(text))[: len(text)] == text for size in sizes)
