"""A form that may be refused: the same page again, with what is wrong beside its fields."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from krug.kernel.errors import Invalid, No, TooMany
from krug.kernel.ui.pages import render


def minutes_of(seconds: int) -> str:
    """How long to wait, in words."""
    minutes = max(1, -(-seconds // 60))
    return ngettext("Come back in %(n)s minute.", "Come back in %(n)s minutes.", minutes) % {"n": minutes}


def refusable(request: HttpRequest, template: str, context: Mapping[str, object], no: No | None) -> HttpResponse:
    """A page with a form, and what is wrong with what was sent beside its fields."""
    errors: dict[str, str] = {}
    if isinstance(no, Invalid):
        errors = {fault.field: str(fault.message) for fault in no.faults}
    elif no is not None:
        errors = {no.field or "": f"{no} {minutes_of(no.retry_after)}" if isinstance(no, TooMany) else str(no)}
    response = render(request, template, {**context, "errors": errors}, status=no.status if no else 200)
    if isinstance(no, TooMany):
        response["Retry-After"] = str(no.retry_after)
    return response
