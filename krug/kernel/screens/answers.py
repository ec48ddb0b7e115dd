"""How a screen answers after a deed: a redirect for a page, an instruction for a part of one."""

from __future__ import annotations

from urllib.parse import urlsplit

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


def way_back(request: HttpRequest) -> str:
    """The local address to return to after signing in: the page itself, or for a sent form the page it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc == request.get_host() and came.path.startswith("/") and not came.path.startswith("//"):
        return came.path + (f"?{came.query}" if came.query else "")
    return "/"
