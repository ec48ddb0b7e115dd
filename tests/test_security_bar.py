"""The bar of security is told in docs/security.md line by line, and each line names a proof that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password

from krug.access.models import User
from krug.administration.actions.passwords import is_right
from krug.kernel.testing.cast import make_user
from krug.kernel.testing.shared import shared
from tools.sbom import bill

PROJECT = Path(__file__).resolve().parents[1]
NOTES = PROJECT / "docs" / "security.md"
RULE = re.compile(r"\b(?:AUT|SES|ACL|INP|FIL|EML|API|INT|PRV|LOG|CFG|CRY|BIZ|AVL)-\d{2}\b")


def rows() -> dict[str, str]:
    """What the notes say of each rule."""
    lines = [line.strip("| ").partition("|") for line in NOTES.read_text(encoding="utf-8").splitlines()]
    return {rule: said for first, _bar, said in lines for rule in RULE.findall(first)}


def known_tests() -> dict[str, set[str]]:
    """The names of the tests of each file."""
    files = [*(PROJECT / "tests").rglob("test_*.py"), *(PROJECT / "krug").rglob("tests/test_*.py")]
    return {file.stem: set(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.M)) for file in files}


def test_every_blocking_rule_of_the_bar_has_its_line():
    spec = shared("spec/16-security-reliability.md").read_text(encoding="utf-8")
    blocking = re.findall(r"^\| ([A-Z]{3}-\d{2}) \|.*\| B \|", spec, re.M)
    assert len(blocking) > 70
    assert [rule for rule in blocking if rule not in rows()] == []


def test_every_line_names_a_proof_or_says_that_there_is_nothing_to_prove_yet():
    known, gone = known_tests(), []
    told = NOTES.read_text(encoding="utf-8")
    gone += [name for name in re.findall(r"…::(test_\w+)", told) if not any(name in each for each in known.values())]
    for file, name in re.findall(r"`(test_\w+)(?:::(test_\w+))?`", told):
        if file not in known or (name and name not in known[file]):
            gone.append((file, name))
    assert gone == []
    silent = [rule for rule, said in rows().items() if "`test_" not in said and "Not yet" not in said]
    assert silent == []


@pytest.mark.django_db
def test_a_new_installation_knows_nobody_who_could_come_in():
    assert [person for person in User.objects.all() if person.may_come_in or person.has_usable_password()] == []


@pytest.mark.django_db
def test_a_hash_of_weaker_parameters_is_made_anew_when_the_password_is_shown(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    weaker = make_password("mountains without echo")
    settings.PASSWORD_HASHERS = ["krug.config.settings.hashing.Argon2"]
    person = make_user()
    User.objects.filter(pk=person.pk).update(password=weaker)
    person.refresh_from_db()
    assert is_right(person, "mountains without echo")
    person.refresh_from_db()
    assert "m=47104,t=1,p=1" in person.password and "m=47104,t=1,p=1" not in weaker
    assert is_right(person, "mountains without echo")


def test_what_opens_a_door_is_drawn_from_the_system_and_is_long():
    found = {}
    for file in sorted((PROJECT / "krug").rglob("*.py")):
        if "tests" not in file.parts and "testing" not in file.parts:
            for call, size in re.findall(r"secrets\.(token_\w+)\((\w*)", file.read_text(encoding="utf-8")):
                found[f"{file.relative_to(PROJECT)}: {call}({size})"] = int(size) if size.isdigit() else None
    assert len(found) >= 6
    short = {where for where, size in found.items() if size is not None and size < 16}
    assert short == {"krug/config/serving/first_run.py: token_hex(4)"}  # the name of a file, which opens nothing


def test_the_list_of_what_is_shipped_names_every_locked_package_with_a_hash():
    told = bill()
    locked = (PROJECT / "requirements" / "krug.lock").read_text(encoding="utf-8")
    names = {
        line.partition("==")[0].partition("[")[0].lower() for line in locked.splitlines() if re.match(r"\w.*==", line)
    }
    listed = {one["name"] for one in told["components"] if one["purl"].startswith("pkg:pypi/")}
    assert (told["bomFormat"], listed) == ("CycloneDX", names)
    assert [one["name"] for one in told["components"] if not one["hashes"]] == []
