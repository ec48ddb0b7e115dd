"""What events are called outside, and which of them an address wants."""

from __future__ import annotations

import pytest

from krug.integrations.webhooks.naming import is_wanted, type_of


@pytest.mark.parametrize(
    ("entity", "event", "name"),
    [
        ("deal", "DealWon", "deal.won"),
        ("party", "RecordChanged", "party.changed"),
        ("party", "PartyRegistered", "party.registered"),
        ("stage-visit", "StageVisitLeft", "stage-visit.left"),
        ("deal", "StageEntered", "deal.stage-entered"),
        ("party", "RecordsMerged", "party.records-merged"),
    ],
)
def test_events_are_called_as_people_call_them(entity, event, name):
    assert type_of(entity, event) == name


def test_wishes_are_whole_types_single_events_or_everything():
    assert (
        is_wanted("*", "deal.won") and is_wanted("deal.*", "deal.won") and is_wanted("task.done deal.won", "deal.won")
    )
    assert not is_wanted("deal.lost task.*", "deal.won")
