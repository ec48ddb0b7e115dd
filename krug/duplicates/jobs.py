"""The job that searches a whole base for duplicates."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.task(name="find_duplicates", queue="imports")
def find_duplicates(search_id: int) -> None:
    """Carry one search out; one that is no longer under way is left alone."""
    from krug.duplicates.matching.queue import carry_out
    from krug.duplicates.models import DuplicateSearch

    search = DuplicateSearch.objects.filter(pk=search_id).first()
    if search is not None:
        carry_out(search)
