"""The colours keep their contrast, the style sheets their size, the bundle its budget."""

import gzip
import re
from pathlib import Path

import pytest

from krug.kernel.ui.bundle import MANIFEST, asset

ASSETS = Path(__file__).parents[1] / "assets"
CSS = sorted((ASSETS / "css").glob("*.css"))
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)")
TOKENS = {name: (light, dark) for name, light, dark in PAIR.findall((ASSETS / "css" / "tokens.css").read_text())}
GROUNDS = ("canvas", "surface", "raised", "hover", "selected")
BUDGET = 35 * 1024


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("text", 4.95),
        ("text-2", 4.95),
        ("text-3", 4.95),
        ("accent", 4.95),
        ("success", 4.7),
        ("warning", 4.7),
        ("danger", 4.7),
    ],
)
def test_text_is_readable_on_every_ground(theme: int, ground: str, text: str, least: float) -> None:
    assert contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= least


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("tone", ["success", "warning", "danger"])
def test_tones_are_readable_on_their_own_ground(theme: int, tone: str) -> None:
    assert contrast(TOKENS[tone][theme], TOKENS[f"{tone}-ground"][theme]) >= 5.2


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_buttons_and_borders_of_controls_are_seen(theme: int) -> None:
    assert contrast("#FFFFFF", TOKENS["fill"][theme]) >= 5.1
    assert contrast("#FFFFFF", TOKENS["fill-hover"][theme]) >= 5.1
    assert contrast(TOKENS["control"][theme], TOKENS["canvas"][theme]) >= 3.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("number", range(1, 7))
def test_marks_of_charts_are_seen(theme: int, number: int) -> None:
    assert contrast(TOKENS[f"chart-{number}"][theme], TOKENS["surface"][theme]) >= 3.2


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_style_sheets_are_small_and_layered(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    assert "@layer" in text
    if path.name not in {"tokens.css", "print.css"}:
        assert not re.search(r"#[0-9a-fA-F]{3,6}\b(?![^(]*\))", re.sub(r"light-dark\([^)]*\)", "", text)), (
            "colours are tokens"
        )


@pytest.mark.skipif(not MANIFEST.is_file(), reason="the front end is not built: run bin/krug bundle or npm run build")
@pytest.mark.parametrize("name", ["core.js", "core.css"])
def test_the_bundle_keeps_its_budget(name: str) -> None:
    file = MANIFEST.parent / asset(name).split("/ui/", 1)[1]
    assert len(gzip.compress(file.read_bytes(), 9)) <= BUDGET
