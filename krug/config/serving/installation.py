"""One installation: its data folder, its database, and how a process gets to work in it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from krug.config.serving import doctor, roles, schema
from krug.config.serving.locks import alone
from krug.config.serving.postgres import Cluster

SETTINGS = "krug.config.settings.prod"


class Unfit(Exception):
    """This installation may not run as it is."""


@dataclass(frozen=True)
class Installation:
    """What every command needs to know."""

    data: Path
    addresses: roles.Addresses
    cluster: Cluster | None

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that works here as the application."""
        return {
            "KRUG_DATA": str(self.data),
            "DATABASE_URL": self.addresses.app,
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", SETTINGS),
        }


@contextmanager
def installation(data: Path, *, migrate: bool = True) -> Iterator[Installation]:
    """Have the database running and fit for the time of this block."""
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    os.environ["KRUG_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    given = os.environ.get("DATABASE_URL")
    cluster = None if given else Cluster(data)
    try:
        if cluster:
            cluster.start()
        addresses = roles.prepare_own(cluster) if cluster else roles.prepare_given(str(given), data / "secrets")
        here = Installation(data, addresses, cluster)
        refuse_unfit(here)
        if migrate:
            with alone(data / "migrate.lock"):
                schema.bring_up_to_date(addresses.owner)
        yield here
    finally:
        if cluster:
            cluster.release()


def refuse_unfit(here: Installation) -> None:
    """Refuse a database that breaks Russian text or loses what was written, and an all-powerful application role."""
    findings = doctor.examine(here.addresses.owner)
    bad = doctor.failures(findings)
    if bad:
        raise Unfit("This database cannot be used: " + "; ".join(f"{one.name} ({one.detail})" for one in bad))
    if roles.is_superuser(here.addresses.app):
        raise Unfit("The application may not work as a database superuser.")
    for finding in doctor.warnings(findings):
        print(f"Beware: {finding.detail}.", file=sys.stderr)


def enter(here: Installation, process: str = "command") -> None:
    """Make this very process work as the application of the installation."""
    os.environ.update(here.environment, KRUG_PROCESS=process)
    import django

    django.setup()
