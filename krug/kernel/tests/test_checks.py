"""A declaration that forgets a field or misspells a name stops `check`, `migrate` and the start."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from krug.kernel import registry
from krug.kernel.entity import Section
from krug.parties.entities.parties import PARTY


@pytest.fixture
def declared():
    """Declare the party in another way for a while."""
    right = PARTY
    yield lambda **other: registry.register(replace(right, **other))
    registry.register(right)


def without(name):
    """The sections of the party without one field."""
    sections = PARTY.form
    return tuple(Section(one.title, *(field for field in one.fields if field != name)) for one in sections)


@pytest.mark.parametrize("command", ["check", "migrate"])
def test_a_forgotten_field_stops_the_command_and_is_named(db, declared, command):
    declared(form=without("city"))
    options = {"skip_checks": False, "verbosity": 0} if command == "migrate" else {}
    with pytest.raises(SystemCheckError, match=r"krug\.E002.* party\.city is neither placed"):
        call_command(command, **options)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"protected": ("no_such_field",)}, "E003"),
        ({"columns": ("display_name", "no_such_field")}, "E004"),
        ({"filters": ("city__no_such_field",)}, "E004"),
    ],
)
def test_a_misspelt_name_stops_the_command(declared, other, code):
    declared(**other)
    with pytest.raises(SystemCheckError, match=rf"krug\.{code}"):
        call_command("check")


def test_what_is_protected_or_hidden_needs_no_section(declared):
    protected, hidden = PARTY.protected, PARTY.hidden
    declared(form=without("city"), protected=(*protected, "city"), columns=("display_name",), filters=(), quick=())
    call_command("check", "--tag", "krug")
    declared(form=without("city"), hidden=(*hidden, "city"), columns=("display_name",), filters=(), search={}, quick=())
    with pytest.raises(SystemCheckError) as no:
        call_command("check", "--tag", "krug")
    assert "E002" not in str(no.value)
