"""Writes what the description of the API shows as examples: one record of each type, as the API itself tells it."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any

from tools.testing import CARELESS, PROJECT

TARGET = PROJECT / "krug" / "administration" / "api_samples.json"
COUNTED = re.compile(
    r"(?<!\d)\d{1,2}$"
)  # the samples of the tests are counted; those of the description are none of them
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def main() -> int:
    """Make the samples in the database of the tests, read them by the API, take them back."""
    from krug.config.serving.postgres import Cluster

    cluster = Cluster(PROJECT / "var" / "test", CARELESS)
    cluster.start()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "krug.config.settings.test",
        "DATABASE_URL": cluster.address(database="test_krug"),
    }
    try:
        TARGET.write_text(_written(_told()), encoding="utf-8")
    finally:
        cluster.release()
    return 0


def _told() -> dict[str, dict[str, Any]]:
    import django

    django.setup()
    from krug.kernel.registry import entities
    from tools.fuzzing_place import as_administrator

    with as_administrator() as (_document, send):
        found = {}
        for entity in sorted(entities(), key=lambda each: each.code):
            answer = send("GET", f"/api/v1/{entity.plural_url}/?limit=1&sort=-id", b"", {"Accept-Language": "ru"})
            (record,) = json.loads(answer.content)["results"]
            found[entity.code] = {
                name: _plain(value) for name, value in record.items() if name not in ("id", "version")
            }
        return found


def _plain(value: Any) -> Any:
    """Without numbers and moments of this run."""
    if isinstance(value, dict) and "id" in value:
        return {"id": 17, "name": "Соколова А. И." if value["name"] == "Fuzz" else value["name"]}
    if not isinstance(value, str):
        return value
    moved = MOMENT.sub("2026-12-01T10:00:00Z", value)
    return COUNTED.sub("80", moved) if re.search(r"[^\W\d_]{2}", moved) and moved[-1:] != "Z" else moved


def _written(found: dict[str, Any]) -> str:
    lines = [f" {json.dumps(code)}: {json.dumps(record, ensure_ascii=False)}" for code, record in found.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    sys.exit(main())
