"""Invite a colleague in one form: the person, the role, the link; the last step of the first run, and later too."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.access.models import User
from krug.administration.actions.invitations import invite_person
from krug.administration.actions.mail import is_mail_connected
from krug.administration.actions.people import split_name
from krug.administration.screens.refusable import refusable
from krug.kernel.doors import create_record, get_visible, perform
from krug.kernel.errors import No, Refusal
from krug.kernel.journal.recording import begin_act
from krug.kernel.registry import get_entity
from krug.kernel.screens.door import asker

NEXT = {"import": "/import/"}
TYPED = ("person", "email", "role")


@require_http_methods(["GET", "POST"])
def invite_page(request: HttpRequest) -> HttpResponse:
    """The form; and after it the link of whom was invited, with the form again for the next one."""
    user, then = asker(request), request.GET.get("then", "")
    context: dict[str, object] = {
        "values": dict.fromkeys(TYPED, ""),
        "roles": [(str(role.pk), role.name) for role in get_entity("role").rows_for(user).filter(is_archived=False)],
        "next_url": NEXT.get(then, "/"),
        "action": request.get_full_path(),
        "is_sent": is_mail_connected(),
        "link": "",
    }
    if request.method == "GET":
        return refusable(request, "administration/invite.html", context, None)
    typed = {name: request.POST.get(name, "").strip() for name in TYPED}
    try:
        person, secret = _invited(typed, user)
    except No as no:
        return refusable(request, "administration/invite.html", {**context, "values": typed}, no)
    told = {"link": f"{settings.BASE_URL}/join/{secret}/", "who": person.full_name}
    return refusable(request, "administration/invite.html", {**context, **told}, None)


@transaction.atomic
def _invited(typed: dict[str, str], by: User) -> tuple[User, str]:
    if not typed["person"]:
        raise Refusal(_("Fill in this field."), field="person")
    if not typed["role"]:
        raise Refusal(_("Choose a role: without one the person sees nothing."), field="role")
    entity = get_entity("user")
    person = create_record(entity, {"email": typed["email"], **split_name(typed["person"])}, by=by)
    perform(entity, "give", person.pk, by=by, role=get_visible(get_entity("role"), by, typed["role"]))
    begin_act(by)
    return person, invite_person(get_visible(entity, by, person.pk, lock=True), by=by)
