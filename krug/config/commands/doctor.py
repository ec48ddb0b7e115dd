"""Examine the installation: the database, its roles and the settings."""

import argparse
import dataclasses
import json
import os
from pathlib import Path

from krug.config.serving import doctor, roles
from krug.config.serving.doctor import Finding
from krug.config.serving.installation import Installation, installation


def describe(parser: argparse.ArgumentParser) -> None:
    """Say how the result is wanted."""
    parser.add_argument("--history", action="store_true", help="prove the whole history by its chain of hashes")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(given: argparse.Namespace) -> int:
    """Print every finding; fail when one forbids to start."""
    with installation(Path(given.data), migrate=False) as here:
        findings = [*doctor.examine(here.addresses.owner), *_roles(here), *doctor.examine_work(here.addresses.owner)]
        findings += _history(here) if given.history else []
    if given.json:
        print(json.dumps([dataclasses.asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            mark = "ok  " if finding.is_well else ("BAD " if finding.must else "note")
            print(f"{mark} {finding.name}: {finding.detail}")
    return 1 if doctor.failures(findings) else 0


def _roles(here: Installation) -> list[Finding]:
    powerless = not roles.is_superuser(here.addresses.app)
    return [
        Finding("application role", powerless, "the application is no superuser"),
        Finding(
            "roles apart", not here.addresses.warning, here.addresses.warning or "owner, application, reports", False
        ),
    ]


def _history(here: Installation) -> list[Finding]:
    os.environ.update(here.environment, KRUG_PROCESS="command")
    import django

    django.setup()
    from krug.kernel.journal.sealing import broken_seals, heads

    broken = next(broken_seals(), None)
    if broken is not None:
        place = (
            f"{broken.table_name}, rows {broken.first_id} to {broken.last_id}, sealed {broken.at:%Y-%m-%d %H:%M} UTC"
        )
        return [Finding("history", False, f"the chain of hashes is broken at {place}")]
    told = ", ".join(f"{table} {digest}" for table, digest in sorted(heads().items())) or "nothing is sealed yet"
    return [Finding("history", True, f"the chain of hashes is whole; its heads: {told}")]
