"""The examples of the guide are run as they stand, against a server that really answers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from krug.kernel.tokens import issue
from krug.parties.testing import make_party

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "guide" / "api.md"
pytestmark = pytest.mark.django_db(transaction=True)


def examples():
    return re.findall(r"```sh\n(.+?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def run(example, folder=None, **values):
    """What the example answers, as JSON; files that it names lie in the folder."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.fail("There is no curl on this machine.", pytrace=False)
    environment = {**os.environ, **values}
    done = subprocess.run(["bash", "-c", example], env=environment, cwd=folder, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_example_of_the_guide_does_what_it_says(live_server, gleb, settings, tmp_path):
    settings.DATA = tmp_path / "data"
    (tmp_path / "companies.csv").write_text("Name,City\nNorth Wind,Omsk\n", encoding="utf-8")
    (tmp_path / "contacts.csv").write_text(
        "First Name,Last Name,Email\nAnna,Fedorova,a@example.org\n", encoding="utf-8"
    )
    for city in ("Самара", "Самара", "Омск"):
        party = make_party(owner=gleb, city=city)
    values = {"BASE": live_server.url, "TOKEN": issue(gleb).text, "ID": str(party.pk), "no_proxy": "*"}
    found = [run(example, tmp_path, **values) for example in examples()]
    assert len(found) == 8
    read, count, made, stale, rows, begun, brought, cursor = found
    assert len(read["results"]) == 2 and read["next"].startswith(live_server.url)
    assert count == {"count": 2, "exact": True}
    assert (made["display_name"], made["city"]) == ("Северный ветер", "Самара")
    assert run(examples()[2], **values) == made  # the same key once more
    assert (stale["status"], stale["code"]) == (412, "PRECONDITION_FAILED")
    assert [row["status"] for row in rows["results"]] == [201, 422]
    assert (begun["state"], begun["total"]) == ("working", 3)
    assert [table["table"] for table in brought["plan"]["tables"]] == ["companies.csv", "contacts.csv"]
    assert cursor["results"] == [] and cursor["next"] and cursor["more"] is False
