"""The page of the added fields says in how many records each is filled in."""

import re

import pytest

from krug.administration.testing import make_attribute
from krug.administration.tests.attribute_cast import filled
from krug.kernel.registry import get_entity
from krug.parties.testing import make_party


def told(client):
    """The share and the count that the page says."""
    page = client.get("/settings/attributes/party/").content.decode()
    row = page[page.index("Storeys") : page.index("</tr>", page.index("Storeys"))]
    return re.search(r"(\d+)\s%, \D+(\d+)", row).groups()


@pytest.mark.django_db
def test_an_added_field_tells_in_how_many_records_it_is_filled(gleb, client):
    field = make_attribute("Storeys", kind="number")
    one, *_others = [make_party(owner=gleb) for _party in range(4)]
    client.force_login(gleb)
    assert told(client) == ("0", "0")
    filled(get_entity("party"), one, gleb, **{field.key: "5"})
    assert told(client) == ("25", "1")
