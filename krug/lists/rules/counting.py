"""How many records stand under each value of a level: one grouped question, exact or from a sample.

Exact while the database answers within a twentieth of a second; of larger sets a sample of the table's pages is counted
and scaled to the whole, which the reader is told. See docs/decisions/0020.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import OperationalError, connection, transaction
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DecimalField,
    F,
    Func,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, NullIf, Trunc

from krug.kernel.attributes.models import AttributeIndex
from krug.kernel.attributes.past import KeysThen
from krug.kernel.attributes.stored import StoredField
from krug.kernel.dates import zone_called
from krug.kernel.fields import ChoiceField, MoneyField, ReferenceField, TextField
from krug.kernel.listing.query import CHEAP, estimate, rows_matching
from krug.kernel.listing.words import plan_of
from krug.kernel.moment import looking_back
from krug.lists.rules.levels import Level, is_yes_no
from krug.lists.rules.nodes import Step, Way, with_node

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Field, Reading
    from krug.kernel.listing.state import ListState

QUICK = 5_000
HOPELESS = 500_000
PATIENCE = "50ms"
SAMPLE = 20_000


@dataclass(frozen=True)
class Look:
    """One reader's look at one tree over the list that the address shows, without the chosen node."""

    entity: Entity
    state: ListState
    reading: Reading
    is_exact: bool = False

    def rows(self, way: Way) -> QuerySet[Any]:
        """The records under a node."""
        state = replace(self.state, tree=with_node(self.state.tree, way)) if way.steps else self.state
        return rows_matching(self.entity, state, self.reading)


@dataclass(frozen=True)
class Counted:
    """Records by the key of a step; `hidden` are those that stand under something the reader may not see."""

    found: dict[Any, int]
    is_exact: bool
    hidden: int = 0
    names: dict[Any, str] | None = None


def count_below(look: Look, way: Way, total: int | None = None) -> Counted:
    """How many records stand under each value of the next level of a node; `total` is what the node itself says."""
    level = way.levels[way.next_place() or 0]
    rows, at = look.rows(way), "tree_key"
    keyed = _keyed(rows, level, look.reading)
    if look.is_exact or looking_back() is not None:
        return _counted(level, keyed, at)
    plan = plan_of(rows)
    expected = int(plan["Plan Rows"])
    if expected <= QUICK and plan["Total Cost"] <= CHEAP:
        return _counted(level, keyed, at)
    if expected <= HOPELESS:
        with suppress(OperationalError), at_most(PATIENCE):
            return _counted(level, keyed, at)
    return _sampled(level, keyed, at, total or estimate(rows).count)


def sums_below(look: Look, way: Way, total: Field) -> dict[Any, dict[str, Any]]:
    """What a money field, or another number, adds up to under each value, per currency; nothing where it takes long."""
    level = way.levels[way.next_place() or 0]
    currency = total.currency_at if isinstance(total, MoneyField) else None
    worked = total.worked_out(look.reading.user).get(total.name)
    keyed = _keyed(look.rows(way), level, look.reading).filter(tree_shut=False)
    summed = keyed.annotate(tree_code=F(currency) if currency else Value("")).values_list("tree_key", "tree_code")
    found: dict[Any, dict[str, Any]] = {}
    with suppress(OperationalError), at_most(PATIENCE):
        for key, code, amount in summed.annotate(much=Sum(total.expression() if worked is None else worked)):
            [step] = steps_below(way, [_plain(level, key)]).values()
            sums = found.setdefault(step.value, {})
            if amount is not None:
                sums[code] = sums.get(code, 0) + amount
    return found


def _keyed(rows: QuerySet[Any], level: Level, reading: Reading) -> QuerySet[Any]:
    return rows.order_by().annotate(tree_key=_key(level, reading), tree_shut=_shut(level))


@contextmanager
def at_most(time: str) -> Iterator[None]:
    """Ask the database only as long as this; whoever asked before keeps his own patience."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        before = cursor.fetchone()[0]
        with transaction.atomic():
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [time])
            yield
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])


def _counted(level: Level, keyed: QuerySet[Any], at: str) -> Counted:
    is_named = isinstance(level.field, StoredField) and isinstance(level.field, TextField)
    extra = {"tree_name": Min(KT(level.field.at))} if is_named else {}
    found: dict[Any, int] = {}
    names: dict[Any, str] = {}
    hidden = 0
    for row in keyed.values(at, "tree_shut").annotate(how_many=Count("pk"), **extra):
        if row["tree_shut"]:
            hidden += row["how_many"]
            continue
        key = _plain(level, row[at])
        found[key] = found.get(key, 0) + row["how_many"]
        names[key] = row.get("tree_name") or ""
    return Counted(found, True, hidden, names if is_named else None)


def _sampled(level: Level, keyed: QuerySet[Any], at: str, total: int) -> Counted:
    """The groups of some pages of the table, scaled so that they add up to the whole."""
    table = keyed.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 1) FROM pg_class WHERE oid = to_regclass(%s)", [table])
        share = min(100.0, 100.0 * SAMPLE / cursor.fetchone()[0])
    picked = RawSQL(f'SELECT id FROM "{table}" TABLESAMPLE SYSTEM (%s) REPEATABLE (1)', [share])
    seen = _counted(level, keyed.filter(pk__in=picked), at)
    whole = sum(seen.found.values()) + seen.hidden
    if not whole:
        return replace(seen, is_exact=False)
    shares = {key: count * total // whole for key, count in seen.found.items()}
    hidden = seen.hidden * total // whole
    if shares:
        most = max(shares, key=lambda key: shares[key])
        shares[most] += total - sum(shares.values()) - hidden
    if isinstance(level.field, ChoiceField) and not is_yes_no(level):
        shares = {**dict.fromkeys((value for value, _label in level.field.choices), 0), **shares}
    return Counted(shares, False, hidden, seen.names)


def _key(level: Level, reading: Reading) -> Any:
    """The value that records are grouped by."""
    field = level.field
    key: Any = F(field.id_at if isinstance(field, ReferenceField) else field.at)
    if isinstance(field, StoredField):
        key = _stored_key(field, reading.user)
    elif level.is_several:
        key = Each(F(field.at), kind="varchar", output_field=CharField())
    elif isinstance(field, TextField) or (isinstance(field, ChoiceField) and field.empty == ""):
        key = NullIf(F(field.at), Value(""))
    if level.grain:
        zone = zone_called(reading.user.timezone) if field.kind == "datetime" else None
        key = Trunc(field.expression(), level.grain, tzinfo=zone)
    return Case(When(level.guard, then=key), default=None) if level.guard else key


def _stored_key(field: StoredField, user: User) -> Any:
    """The value of an attribute as its index keeps it; of several values each one counts."""
    is_several, shape = field.kind == "choices", DecimalField()
    if not field.is_indexed(user):
        if not is_several:
            return field.worked(user)
        every = KeysThen(F(f"{field.before}custom"), number=field.number, output_field=shape)
        return Each(every, kind="numeric", output_field=shape)
    entries = AttributeIndex.objects.filter(attribute_id=field.number, record_id=OuterRef(f"{field.before}pk"))
    if is_several:
        return Each(ArraySubquery(entries.values("number")), kind="numeric", output_field=shape)
    found = Subquery(entries.values(field.indexed_as)[:1])
    return Coalesce(found, Value(0), output_field=shape) if field.is_zero_empty else found


class Each(Func):
    """Every value of an array, and nothing for an empty one."""

    template = (
        "unnest(CASE WHEN cardinality(%(expressions)s) > 0 THEN %(expressions)s ELSE ARRAY[NULL]::%(kind)s[] END)"
    )
    set_returning = True

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **extra: Any) -> Any:
        text, values = super().as_sql(compiler, connection, *given, **extra)
        return text, (*values, *values)


def _shut(level: Level) -> Any:
    if not level.guard:
        return Value(False, output_field=BooleanField())
    return Case(When(level.guard, then=Value(False)), default=Value(True), output_field=BooleanField())


def _plain(level: Level, key: Any) -> Any:
    """The key as a step holds it."""
    if is_yes_no(level):
        return key in (True, "true") if level.field.is_attribute else key
    if level.grain and isinstance(key, datetime):
        return key.date()
    if level.grain and isinstance(key, date):
        return key
    is_number = isinstance(key, Decimal) and level.field.kind != "decimal"
    return int(key) if is_number and key == key.to_integral_value() else key


def steps_below(way: Way, found: Iterable[Any]) -> dict[Any, Step]:
    """The step that leads to each key: in a classifier to the part that it stands under."""
    place = way.next_place() or 0
    level, above = way.levels[place], way.above_in_level()
    if not level.is_classifier:
        return {key: Step(place, key) for key in found}
    steps: dict[Any, Step] = {}
    parts = {part: part for part in level.below(above)}
    for part in list(parts):
        parts.update(dict.fromkeys(getattr(level.field, "under", {}).get(part, ()), part))
    merged = getattr(level.field, "merged", {})
    for key in found:
        kept = merged.get(key, key)
        if kept is None:
            steps[key] = Step(place, None)
        elif kept == above:
            steps[key] = Step(place, above, True)
        else:
            steps[key] = Step(place, parts.get(kept, kept))
    return steps
