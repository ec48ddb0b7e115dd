"""How a screen answers after a deed: a redirect for a page, an instruction for a part of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from krug.kernel.ui.pages import wants_part


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Lead on to a local address; an open layer is told to change the page."""
    if wants_part(request):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def local(request: HttpRequest, usual: str, name: str = "next") -> str:
    """The address that the form or link asked to return to, when it is one of ours."""
    wanted = request.POST.get(name) or request.GET.get(name) or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if wanted.startswith("/") and not wanted.startswith("//") and is_ours else usual
