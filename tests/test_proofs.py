"""What docs/proofs.md names as a proof exists, and the walk through the files leads along files that are there."""

import re
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PROOFS = (PROJECT / "docs" / "proofs.md").read_text(encoding="utf-8")
WALK = (PROJECT / "docs" / "walkthroughs" / "deal-won.md").read_text(encoding="utf-8")
SHORT = {"J/": "tests/journeys/", "T/": "tests/", "K/": "krug/"}
NAMED = re.compile(r"\b([JTK]/[\w/]+\.py)::(\w+)")
NOT_OURS = {"row_change", "closed_at", "select_for_update"}
COMMAND = r"`(?:bin/|bash |python -m )|\]\([\w-]+\.md\)|not yet|a fresh clone|[JTK]/\w+\.py"
ROW = re.compile(r"^\| (?!---|Sentence|Check|Example)(.+?) \| (.+) \|$", re.MULTILINE)


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def whole(short: str) -> Path:
    return PROJECT / (SHORT[short[:2]] + short[2:])


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED.findall(PROOFS))))
def test_a_named_proof_exists(file, name):
    assert re.search(rf"^def {name}\(", text_of(whole(file)), re.MULTILINE), f"{file} has no {name}"


def test_every_row_names_a_test_or_a_command_or_says_that_there_is_none():
    rows = ROW.findall(PROOFS)
    assert len(rows) > 150
    proved = re.compile(rf"{NAMED.pattern}|{COMMAND}")
    assert [sentence for sentence, proof in rows if not proved.search(proof)] == []


def test_the_walk_through_the_files_names_files_and_functions_that_exist():
    code = "\n".join(text_of(path) for path in sorted((PROJECT / "krug").rglob("*.py")))
    paths = set(re.findall(r"`(krug/[\w/]+\.(?:py|sql))`", WALK))
    assert len(paths) > 8
    assert [path for path in sorted(paths) if not (PROJECT / path).is_file()] == []
    functions = set(re.findall(r"`_?([a-z]+(?:_[a-z]+)+)(?:\(…?\))?`", WALK)) - NOT_OURS
    assert len(functions) > 8
    known = f"{code}\n{text_of(PROJECT / 'krug' / 'sales' / 'migrations' / 'guards.sql')}"
    assert [name for name in sorted(functions) if not re.search(rf"\b_?{name}\b", known)] == []
    assert set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", WALK)) <= set(re.findall(r"[A-Z]+(?:_[A-Z]+)+", code))


def test_the_walk_through_the_files_quotes_the_code_as_it_is():
    deals = text_of(PROJECT / "krug" / "sales" / "entities" / "deals.py")
    (quoted,) = re.findall(r"```python\n\((.+),\)\n```", WALK)
    assert quoted in deals
    assert "*entity_urls(DEAL, record=deal_page)" in text_of(PROJECT / "krug" / "sales" / "urls.py")
