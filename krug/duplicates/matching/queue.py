"""The search through a whole base, and the pairs that wait for somebody to look at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.duplicates.matching.keeping import keep_keys, searched
from krug.duplicates.matching.pairing import brought_together
from krug.duplicates.matching.records import profiles_of, reasons_of, traits_of
from krug.duplicates.matching.scoring import Base, Likely
from krug.duplicates.models import DuplicateKeys, DuplicatePair, DuplicateSearch
from krug.kernel.errors import NotFound, Refusal
from krug.kernel.registry import get_entity
from krug.kernel.visibility import demand
from krug.language.matching.comparing import Trait

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

MOST_PAIRS = 20_000
WHOLE = 100
Tell = Callable[[int], None]


class Cancelled(Exception):
    """Somebody stopped the search."""


def start_search(entity: Entity, *, by: User) -> DuplicateSearch:
    """Have the whole base of a type searched by a job; one search of a type at a time."""
    from krug.duplicates.jobs import find_duplicates

    if not searched(entity):
        raise Refusal(_("Records of this type are not compared."), code="NOT_COMPARED")
    demand(by, entity.code, "change")
    try:
        with transaction.atomic():
            search = DuplicateSearch.objects.create(entity=entity.code, created_by=by, total=WHOLE)
            find_duplicates.defer(search_id=search.pk)
    except IntegrityError as error:
        raise Refusal(_("This search is already under way."), code="UNDER_WAY") from error
    return search


def cancel_search(entity: Entity, *, by: User) -> None:
    """Stop the search that is under way; the pairs found before stay."""
    demand(by, entity.code, "change")
    DuplicateSearch.objects.filter(entity=entity.code, state="working").update(is_cancelled=True)


def carry_out(search: DuplicateSearch) -> None:
    """What the job does."""
    if search.state != DuplicateSearch.State.WORKING:
        return
    state = DuplicateSearch.State.FAILED
    try:
        search.found = write_pairs(get_entity(search.entity), tell=_teller(search))
        state = DuplicateSearch.State.DONE
    except Cancelled:
        state = DuplicateSearch.State.CANCELLED
    finally:
        DuplicateSearch.objects.filter(pk=search.pk).update(state=state, found=search.found, finished_at=timezone.now())


def write_pairs(entity: Entity, *, tell: Tell = lambda done: None) -> int:
    """Look for pairs in the whole base and write them into the queue; what was decided stays decided."""
    traits = traits_of(entity)
    keep_keys(entity, tell=_part(tell, 0, 30))
    kept = DuplicateKeys.objects.filter(entity=entity.code).order_by("record_id")
    ids = kept.values_list("record_id", flat=True).iterator(chunk_size=10_000)
    base = Base(ids, lambda some: profiles_of(entity, some, traits), traits)
    base.learn_words(_part(tell, 30, 45))
    with brought_together(entity.code, len(base.ids), tell=_part(tell, 45, 65)) as count:
        found = base.likely_pairs(MOST_PAIRS, count, _part(tell, 65, 98))
    with transaction.atomic():
        _write(entity, found, traits)
    tell(WHOLE)
    return len(found)


def _part(tell: Tell, first: int, last: int) -> Callable[[int, int], None]:
    """Tells of a part of the work as hundredths of the whole."""
    return lambda done, total: tell(first + (last - first) * done // max(total, 1))


def _write(entity: Entity, found: list[Likely], traits: tuple[Trait, ...]) -> None:
    fresh = [
        DuplicatePair(
            entity=entity.code,
            one_id=item.one,
            two_id=item.two,
            score=round(item.score, 4),
            reasons=reasons_of(traits, item.levels),
        )
        for item in found
    ]
    kept = {(pair.one_id, pair.two_id) for pair in fresh}
    waiting = DuplicatePair.objects.filter(entity=entity.code, state=DuplicatePair.State.OPEN)
    gone = [pk for pk, one, two in waiting.values_list("pk", "one_id", "two_id") if (one, two) not in kept]
    DuplicatePair.objects.filter(pk__in=gone).delete()
    DuplicatePair.objects.bulk_create(
        fresh,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["entity", "one_id", "two_id"],
        update_fields=["score", "reasons", "found_at"],
    )


def waiting_for(entity: Entity, user: User) -> QuerySet[DuplicatePair]:
    """The pairs to be looked at, of which this user sees both records."""
    seen = entity.rows_for(user).filter(is_archived=False).values("pk")
    return DuplicatePair.objects.filter(
        entity=entity.code, state=DuplicatePair.State.OPEN, one_id__in=seen, two_id__in=seen
    ).order_by("-score", "id")


def call_distinct(entity: Entity, pk: int, *, by: User) -> None:
    """Two records that look alike are two: the pair is not shown again."""
    demand(by, entity.code, "change")
    with transaction.atomic():
        pair = waiting_for(entity, by).select_for_update(of=("self",)).filter(pk=pk).first()
        if pair is None:
            known = DuplicatePair.objects.filter(pk=pk, entity=entity.code, decided_by=by).exists()
            if known:
                return
            raise NotFound(_("There is no such pair, or it is not open to you."))
        pair.state, pair.decided_by, pair.decided_at = DuplicatePair.State.DISTINCT, by, timezone.now()
        pair.save(update_fields=["state", "decided_by", "decided_at"])


def last_search(entity: Entity) -> DuplicateSearch | None:
    """The newest search of a type."""
    return DuplicateSearch.objects.filter(entity=entity.code).select_related("created_by").first()


def _teller(search: DuplicateSearch) -> Tell:
    def tell(done: int) -> None:
        rows: Any = DuplicateSearch.objects.filter(pk=search.pk)
        rows.update(done=done)
        if rows.values_list("is_cancelled", flat=True).first():
            raise Cancelled

    return tell
