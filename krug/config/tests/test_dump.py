"""The dump of the whole company."""

from __future__ import annotations

import json

import pytest

from krug.config.dumping import dump
from krug.kernel.errors import Refusal
from krug.kernel.registry import entities
from krug.sales.testing import make_deal


@pytest.mark.django_db
def test_a_dump_holds_every_type_and_says_what_its_fields_are(gleb, tmp_path):
    deal = make_deal(owner=gleb)
    counts = dump(tmp_path / "dump", by=gleb)
    assert counts.keys() == {entity.code for entity in entities()}
    kept = [json.loads(line) for line in (tmp_path / "dump" / "deals.jsonl").read_text().splitlines()]
    assert [(each["id"], each["name"]) for each in kept] == [(deal.pk, deal.name)]
    readme = (tmp_path / "dump" / "README.md").read_text()
    assert "## deals.jsonl: Deals, 1 records" in readme
    assert "| `amount` | money |" in readme
    with pytest.raises(Refusal):
        dump(tmp_path / "dump", by=gleb)
