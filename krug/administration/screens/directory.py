"""The settings of the company's directory, and connecting one's account in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from krug.access.models import Role
from krug.administration.actions.directory import (
    FIELDS,
    describe_directory,
    directory,
    groups_of_directory,
    join_directory,
    way_of,
)
from krug.administration.directory import NoDirectory, look_up
from krug.administration.models import Directory
from krug.administration.screens.refusable import refusable
from krug.administration.screens.steps import HOME as STEPS
from krug.administration.screens.steps import proven, steps_home
from krug.kernel.attempts import count_attempt
from krug.kernel.callers import client_address
from krug.kernel.errors import No, Refusal, TooMany
from krug.kernel.registry import get_entity
from krug.kernel.screens.answers import go_to
from krug.kernel.screens.door import asker
from krug.kernel.ui.toasts import toast

HOME = "/settings/directory/"
TEXTS = ("host", "security", "login", "base", "person_filter", "group_filter")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def directory_page(request: HttpRequest) -> HttpResponse:
    """Where the directory is, how people are found in it, which roles its groups give."""
    if request.method == "GET":
        return _page(request)
    try:
        port = request.POST.get("port", "").strip()
        if not port.isascii() or not port.isdigit() or not 0 < int(port[:6]) < 65_536:
            raise Refusal(_("A port is a number between 1 and 65535."), field="port")
        values: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in TEXTS}
        values |= {"port": int(port), "is_on": request.POST.get("is_on") == "true"}
        password = request.POST.get("password", "")
        describe_directory(values, _groups(request), password=password, by=asker(request))
    except No as no:
        return _page(request, no)
    toast(request, _("Saved."))
    return go_to(request, HOME)


@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """Look one person up, to see whether the directory answers."""
    try:
        found = look_up(way_of(directory()), request.POST.get("who", "").strip())
    except NoDirectory as no:
        return _page(request, no)
    told = ", ".join(sorted(found.groups)) or _("none") if found else ""
    words = _("Found: %(name)s. Groups: %(groups)s.") % {"name": found.name, "groups": told} if found else ""
    return _page(request, said=words or _("The directory answers, but knows nobody by this name."))


@sensitive_post_parameters("directory_password")
@require_POST
@proven
def connect(request: HttpRequest) -> HttpResponse:
    """The signed-in person proves the account in the directory too; counted like every password."""
    user, address = asker(request), client_address(request)
    try:
        attempt = count_attempt("directory", user.email, address)
        if not attempt.allowed:
            raise TooMany(_("Too many attempts. Wait and try again."), retry_after=attempt.retry_after)
        join_directory(user, request.POST.get("directory_login", ""), request.POST.get("directory_password", ""))
    except No as no:
        return steps_home(request, no)
    attempt.succeeded()
    toast(request, _("The account is connected."))
    return go_to(request, STEPS)


def _groups(request: HttpRequest) -> list[tuple[str, Role]]:
    known = {role.code: role for role in get_entity("role").rows_for(asker(request)).filter(is_archived=False)}
    pairs = []
    for line in request.POST.get("groups", "").splitlines():
        group, mark, code = line.rpartition("->")
        if not line.strip():
            continue
        if not mark or code.strip() not in known:
            raise Refusal(
                _("Write one group a line, then -> and the code of a role: %(codes)s.")
                % {"codes": ", ".join(sorted(known))},
                field="groups",
            )
        pairs.append((group.strip(), known[code.strip()]))
    return pairs


def _page(request: HttpRequest, no: No | None = None, *, said: str = "") -> HttpResponse:
    known = directory()
    values: dict[str, Any] = {name: getattr(known, name) for name in FIELDS}
    values["groups"] = "\n".join(f"{row.group} -> {row.role.code}" for row in groups_of_directory())
    if no is not None and "host" in request.POST:
        values |= {name: request.POST.get(name, "") for name in (*FIELDS, "groups")}
    context = {
        "values": values,
        "has_password": bool(known.secret),
        "securities": Directory.Security.choices,
        "said": said,
        "who": request.POST.get("who", "")[:254],
    }
    return refusable(request, "administration/directory.html", context, no)
