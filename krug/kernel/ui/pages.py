"""Every page of the product is rendered here, whole or as a fragment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from markupsafe import Markup

from krug.kernel.live import ticket
from krug.kernel.ui.environment import Kit, pages
from krug.kernel.ui.frame import Frame, choice_labels, frame_of, script_words

WHOLE, PART = "frame.html", "fragment.html"


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    block: str | None = None,
) -> HttpResponse:
    """Answer with the whole page, or with its content alone when only a part was asked for.

    `block` answers with one named block of the template and nothing around it.
    """
    full = page_context(request, context)
    page = pages().get_template(template)
    text = "".join(page.blocks[block](page.new_context(full))) if block else page.render(full)
    response = HttpResponse(text, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target", "Cookie"])
    return response


def rendered(request: HttpRequest, template: str, context: Mapping[str, Any] | None = None) -> Markup:
    """The text of one template, to be placed inside another."""
    frame = frame_of(request, menus=False, toasts=False)
    return Markup(pages().get_template(template).render(page_context(request, context, frame)))


def done(request: HttpRequest, to: str) -> HttpResponse:
    """After a deed: a sheet or dialog closes and only the messages travel; a whole page goes on to `to`."""
    if wants_part(request) and frame_of(request, menus=False, toasts=False).inside:
        return render(request, PART)
    return HttpResponseRedirect(to)


def page_context(
    request: HttpRequest, context: Mapping[str, Any] | None = None, frame: Frame | None = None
) -> dict[str, Any]:
    """The names every template may use beside its own."""
    part = wants_part(request)
    frame = frame or frame_of(request, menus=not part)
    shared = {
        "frame": frame,
        "csrf_token": frame.csrf,
        "once": fresh_key,
        "choices": choice_labels,
        "words": script_words,
        "ticket": ticket,
    }
    return {"layout": PART if part else WHOLE, "errors": {}, "ui": Kit(**shared), **shared, **(context or {})}


def wants_part(request: HttpRequest) -> bool:
    """True for a partial request; a restored history entry needs the whole page again."""
    asked = request.headers
    return asked.get("HX-Request") == "true" and not (
        asked.get("HX-Boosted") or asked.get("HX-History-Restore-Request")
    )


def fresh_key() -> str:
    """A key that lets one form be written once, however often it is pressed."""
    return str(uuid4())
