"""The rules of the house that can be checked: what is not checked is only a wish."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField

from krug.kernel.entity import Entity
from krug.kernel.journal.events import EVENTS
from krug.kernel.journal.recording import stories
from krug.kernel.registry import entities
from krug.kernel.testing.contract import codes, samples, undeclared_routes

PROJECT = Path(__file__).resolve().parents[1]
HOUSE = PROJECT / "krug"
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base_service", "services"}
PRIVATE = {"screens", "policies", "jobs"}
LOWEST_FIRST = ("language", "access", "kernel")
# What every type stands on, with the written lines that each may have; decision 0025 tells why.
MACHINERY = {"kernel": 12_500, "exchange": 3_900, "duplicates": 1_500}


def sources(pattern: str = "**/*.py") -> Iterator[Path]:
    return (
        path for path in sorted(HOUSE.glob(pattern)) if "migrations" not in path.parts and "bundle" not in path.parts
    )


def beside() -> list[Path]:
    """What is no domain and keeps the same sizes: the demo company, the tools, the tests of the whole house."""
    return [path for name in ("demo", "tools", "tests") for path in sorted((PROJECT / name).rglob("*.py"))]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def ladder() -> list[set[str]]:
    """The rungs, highest first, as the build keeps them."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["name"] == "The ladder")
    return [set(re.findall(r"\w+", layer)) for layer in layers]


def rung_of(domain: str) -> int:
    return next(place for place, rung in enumerate(ladder()) if domain in rung)


def test_files_are_small():
    machinery = {HOUSE / rung for rung in MACHINERY}
    limits = {path: 300 if machinery & set(path.parents) and "tests" not in path.parts else 400 for path in sources()}
    limits |= dict.fromkeys(beside(), 400)
    assert [f"{named(path)}: {lines(path)}" for path, most in limits.items() if lines(path) > most] == []


def test_templates_and_styles_are_small():
    long = [path for path in sources("**/templates/**/*.html") if lines(path) > 120]
    long += [path for path in sources("**/*.css") if lines(path) > 150]
    assert [f"{named(path)}: {lines(path)}" for path in long] == []


def test_functions_are_small():
    found = [
        f"{named(path)}: {node.name}, {(node.end_lineno or 0) - node.lineno + 1}"
        for path in [*sources(), *beside()]
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (node.end_lineno or 0) - node.lineno >= 50
    ]
    assert found == []


def test_declarations_are_small():
    found = [
        f"{named(path)}: {(node.end_lineno or 0) - node.lineno + 1}"
        for path in sources("*/entities/*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Entity"
        and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert found == []


@pytest.mark.parametrize(("rung", "limit"), MACHINERY.items())
def test_the_machinery_stays_small(rung, limit):
    # Blank lines are not counted, nor what only tests use, nor migrations, which are told once and never read again.
    left_out = {"tests", "testing", "migrations"}
    part = [path for path in sources(f"{rung}/**/*.py") if not left_out & set(path.parts)]
    written = [line for path in part for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(written) <= limit


def test_no_file_has_a_name_that_says_nothing():
    assert [named(path) for path in sources() if path.stem in FORBIDDEN or set(path.parts) & FORBIDDEN] == []


def test_screens_reach_records_only_through_the_doors():
    found = [
        named(path)
        for path in sources("*/screens/**/*.py")
        if re.search(r"\.objects\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("rung", MACHINERY)
def test_the_machinery_knows_no_type_by_name(rung):
    asked = re.compile(r"\.code\s*(==|!=|in)\s*[\"'({]")
    files = [path for path in sources(f"{rung}/**/*.py") if not {"tests", "testing"} & set(path.parts)]
    assert [named(path) for path in files if asked.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("rung", MACHINERY)
def test_the_machinery_leads_to_no_address_of_a_domain(rung):
    own = {"access", "administration", *MACHINERY}
    plurals = [entity.plural_url for entity in entities() if entity.model._meta.app_label not in own]
    led = re.compile(rf"""["'`(=]/(?:{"|".join(plurals)})/""")
    files = [path for kind in ("py", "html", "js") for path in sources(f"{rung}/**/*.{kind}")]
    files = [path for path in files if not {"tests", "testing", "gallery"} & set(path.parts)]
    found = [named(path) for path in files if not path.stem.startswith("gallery") and led.search(path.read_text())]
    assert found == []


def test_what_is_let_pass_says_why():
    silent = re.compile(r"# (?:type: ignore(?:\[[\w, -]+\])?|noqa(?:: [A-Z0-9, ]+)?)\s*$")
    found = [
        f"{named(path)}:{number}"
        for path in [*sources(), *beside(), PROJECT / "conftest.py"]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if silent.search(line)
    ]
    assert found == []


def test_money_is_rounded_in_one_place():
    found = {named(path) for path in sources() if "ROUND_" in path.read_text(encoding="utf-8")}
    assert {path for path in found if "/tests/" not in path} == {"krug/kernel/money.py"}


def test_every_library_has_its_reason_written_down():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[\[<>=]", item)[0] for item in project["dependencies"]]
    told = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "docs" / "decisions").glob("*.md")).lower()
    assert [name for name in names if name not in told] == []


def test_the_api_library_is_imported_by_the_api_only():
    found = [
        named(path)
        for path in sources()
        if re.search(r"^(?:from|import) ninja\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert [path for path in found if not path.startswith("krug/kernel/api/")] == []


def imported(path: Path) -> set[str]:
    """The modules that a file names in its imports."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def leads_out(path: Path, libraries: str) -> list[str]:
    if not re.search(libraries, path.read_text(encoding="utf-8")):
        return []
    return sorted(name for name in imported(path) if re.match(rf"({libraries})(\.|$)", name))


def test_everything_that_leads_out_goes_through_the_guard():
    guard = HOUSE / "administration" / "outgoing.py"
    # Tests talk to servers of this machine, and the supervisor asks its own child whether it answers.
    free = {guard, HOUSE / "config" / "commands" / "serve.py"}
    own = [path for path in sources() if not {"tests", "testing"} & set(path.parts) and path not in free]
    http = r"requests|httpx|httpcore|aiohttp|urllib3|urllib\.request|http\.client|socket\.create_connection"
    assert [(named(path), found) for path in own if (found := leads_out(path, http))] == []
    # These speak over a socket that the guard has made, so whoever uses one must ask for it.
    others = r"smtplib|imaplib|poplib|ftplib|ldap|ldap3|aiosmtplib|imap_tools|caldav"
    users = [path for path in own if leads_out(path, others)]
    assert [named(path) for path in users if "krug.administration.outgoing" not in str(imported(path))] == []


def test_every_module_says_what_it_is_for():
    empty = [
        path for path in sources() if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(parsed(path))
    ]
    assert [named(path) for path in empty if not path.name.startswith("__init__")] == []


@pytest.mark.parametrize("pattern", ["*/actions/*.py", "*/policies.py", "flows/*.py"])
def test_actions_policies_and_flows_state_the_business_fact(pattern):
    found = [
        f"{named(path)}: {node.name}"
        for path in sources(pattern)
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert found == []


def test_docstrings_list_no_parameters():
    listed = re.compile(r":param |Args:|Parameters\n|Returns:")
    found = [
        f"{named(path)}: {node.name}"
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and listed.search(ast.get_docstring(node) or "")
    ]
    assert found == []


def test_translated_strings_are_never_put_together_beforehand():
    found = [
        f"{named(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("_", "gettext", "gettext_lazy", "ngettext")
        and any(isinstance(given, (ast.JoinedStr, ast.BinOp)) for given in node.args[:2])
    ]
    assert found == []


def events() -> list[type[Any]]:
    return [
        event for event in EVENTS.values() if event.__module__.startswith("krug.") and ".tests" not in event.__module__
    ]


def test_every_event_states_its_fact():
    assert [
        event.__name__ for event in events() if not (event.__doc__ or "").strip() or "(" in (event.__doc__ or "")[:40]
    ] == []


def test_every_event_says_itself_to_people():
    assert sorted(event.__name__ for event in events() if not event.phrase) == []


def test_every_event_has_exactly_one_story():
    told = stories()
    assert sorted(event.__name__ for event in events() if event not in told) == []
    assert (
        sorted(event.__name__ for event in told if event.__module__.startswith("krug.") and event not in events()) == []
    )


def test_every_type_has_a_sample():
    assert sorted(set(codes()) - set(samples())) == []


def test_every_route_declares_its_door():
    assert undeclared_routes() == []


def own_models() -> list[Any]:
    return [
        model for config in apps.get_app_configs() if config.name.startswith("krug.") for model in config.get_models()
    ]


def test_foreign_keys_point_down_and_leave_nothing_behind():
    found = []
    for model in own_models():
        for field in model._meta.get_fields():
            if not isinstance(field, (ForeignKey, ManyToManyField)) or field.model is not model:
                continue
            here, there = (apps.get_app_config(one._meta.app_label).name for one in (model, field.related_model))
            if here == there or not there.startswith("krug."):
                continue
            if rung_of(there.split(".")[1]) <= rung_of(here.split(".")[1]):
                found.append(f"{model.__name__}.{field.name} does not point down")
            if not str(field.remote_field.related_name).endswith("+"):
                found.append(f"{model.__name__}.{field.name} leaves a name behind")
    assert found == []


def test_a_lower_neighbour_is_entered_only_by_its_open_doors():
    found = []
    for path in sources():
        domain = path.relative_to(HOUSE).parts[0]
        for node in ast.walk(parsed(path)):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            parts = module.split(".") + [alias.name for alias in getattr(node, "names", [])]
            if parts[0] != "krug" or len(parts) < 3 or parts[1] in (domain, *LOWEST_FIRST) or domain == "config":
                continue
            if parts[2] in PRIVATE and "tests" not in path.parts:
                found.append(f"{named(path)}: {module}")
    assert found == []


def test_settings_know_every_domain_of_the_ladder():
    built = {name for rung in ladder() for name in rung} - {"config", "flows"}
    assert {name for name in settings.BUILT if name != "flows"} <= built


def test_every_rung_stands_once():
    rungs = ladder()
    assert all(not upper & lower for upper, lower in pairwise(rungs))


def test_codes_and_addresses_are_not_shared():
    plurals = [entity.plural_url for entity in entities()]
    assert len(plurals) == len(set(plurals))
    assert all(re.fullmatch(r"[a-z][a-z-]*", entity.code) for entity in entities())


def test_entities_are_values():
    assert Entity.__subclasses__() == []
