"""Many rows at once are the same rows as one by one: numbers, defaults, history, constraints."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from krug.kernel.copying import FEW, insert_many
from krug.kernel.journal.models import RowChange
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db
MANY = FEW + 10
ODD = 'tab\t, line\n, "quote", \\backslash, ёлка, NULL, \\N'


def plain(record):
    return {
        name: value
        for name, value in Party.objects.filter(pk=record.pk).values().get().items()
        if name not in ("id", "display_name", "name_key", "sort_key", "created_at", "updated_at")
    }


def party(number, by):
    return Party(
        display_name=f"Волна {number}", owner=by, roles=["client", "dealer"], custom={"a": [1, None]}, note=ODD
    )


@pytest.mark.parametrize("how_many", [0, 1, MANY])
def test_rows_come_with_numbers_defaults_and_history(anna, how_many):
    made = insert_many(party(number, anna) for number in range(how_many))
    kept = {row.pk: row for row in Party.objects.filter(pk__in=[row.pk for row in made])}
    assert len(kept) == how_many
    assert RowChange.objects.filter(table_name="party", row_id__in=list(kept), kind="I").count() == how_many
    one = party("x", anna)
    one.save()
    assert all(plain(row) == plain(one) for row in kept.values())


def test_one_wrong_row_leaves_nothing_of_the_others(anna):
    make_party(owner=anna)
    before = Party.objects.count()
    wrong = [party(number, anna) for number in range(MANY)]
    wrong[-1].owner_id = 2**40
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(wrong)
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Party.objects.count() == before
