"""The demo company, told once; and taken back without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction
from django.utils import translation

from demo.acts import is_told
from demo.clock import told_time
from demo.customers import tell_customers
from demo.deals import Teller, plots
from demo.forgetting import forget
from demo.goods import tell_goods
from demo.people import tell_people
from demo.talks import tell_talks
from krug.access.models import User
from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.kernel.journal.recording import begin_act
from krug.kernel.search.indexing import indexed_at_the_end
from krug.sales.actions.shipped import ensure_shipped_pipeline

SignIn = tuple[str, str, str]
__all__ = ["forget", "tell"]


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """No step of the story may fail, so that none needs a place to go back to: a third of the time is saved."""
    features = connection.features
    usual, features.uses_savepoints = features.uses_savepoints, False
    try:
        yield
    finally:
        features.uses_savepoints = usual


@transaction.atomic
def tell(by: User, today: date | None = None) -> list[SignIn]:
    """Tell the story and give the sign-ins: e-mail, password, who; nothing when it was told before."""
    if is_told():
        return []
    with translation.override("ru"), told_time(today) as clock, _without_savepoints(), indexed_at_the_end():
        begin_act(by)
        ensure_shipped_roles()
        ensure_shipped_pipeline(by=by)
        people, signins = tell_people(clock, by=by)
        goods = tell_goods(clock, by=people["guseva"])
        told = tell_customers(clock, people, by=people["guseva"])
        teller = Teller(clock, people, goods, told)
        for plot in plots():
            teller.tell(plot)
        tell_talks(clock, people, told)
    begin_act(by)
    return signins
