"""The pages of people and roles: the usual ones, with rights and devices beside them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krug.access.models import User
from krug.administration.actions.invitations import invite_person
from krug.administration.actions.looking import may_look_as
from krug.administration.actions.mail import is_mail_connected, last_letter
from krug.administration.actions.sessions import sessions_of
from krug.administration.grants import rows_of_matrix
from krug.administration.models import Letter
from krug.administration.screens.leaving import held_by
from krug.administration.screens.mail import letter_told
from krug.administration.screens.rights import may_set, people_with
from krug.kernel.callers import device_named
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.journal.recording import begin_act
from krug.kernel.screens.door import asker
from krug.kernel.screens.page import record_page, render_page
from krug.kernel.ui import formats
from krug.kernel.ui.names import called
from krug.kernel.visibility import may

BESIDE_ROLES = ("give", "withdraw")


@require_safe
def user_page(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The usual page of a person, with the roles held and the devices signed in."""
    return _user_page(request, entity, get_visible(entity, asker(request), pk))


def _user_page(request: HttpRequest, entity: Entity, person: User, *, link: str = "") -> HttpResponse:
    user = asker(request)
    page = record_page(entity, person, user)
    page.title = called(person)
    if not person.is_active:
        page.status = _("Deactivated")
        page.add("leaving", {"held": held_by(person, user)}, before="summary", template="administration/_leaving.html")
    page.acts = [act for act in page.acts if act.name not in BESIDE_ROLES]
    page.add("roles", _roles_of(person, user, entity), before="summary", template="administration/_roles.html")
    if may(user, "user", "sign-out"):
        page.add(
            "devices", {"devices": _devices_of(person)}, before="timeline", template="administration/_devices.html"
        )
    if link:
        page.add(
            "invitation",
            {"link": link, "is_sent": is_mail_connected()},
            before="roles",
            template="administration/_invitation.html",
        )
    return render_page(request, page)


@require_POST
def invite(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The person's page with a link that sets a password; the link is shown this once."""
    user = asker(request)
    get_visible(entity, user, pk)
    with transaction.atomic():
        begin_act(user)
        person = get_visible(entity, user, pk, lock=True)
        secret = invite_person(person, by=user)
    return _user_page(request, entity, person, link=f"{settings.BASE_URL}/join/{secret}/")


@require_safe
def role_page(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """The usual page of a role, with what it grants in words and who holds it."""
    user = asker(request)
    role = get_visible(entity, user, pk)
    page = record_page(entity, role, user)
    context = {
        "lines": [(line.label, line.said) for line in rows_of_matrix(role) if line.is_given],
        "rights_url": f"{entity.url(pk)}grants/",
        "may_change": may_set(role, user),
        "look_url": f"{entity.url(pk)}look-as/" if may_look_as(role, user) else "",
        "people": people_with(role, user),
    }
    page.add("grants", context, before="timeline", template="administration/_grants.html", is_aside=False)
    return render_page(request, page)


def _roles_of(person: User, user: User, entity: Entity) -> dict[str, Any]:
    may_change = person.pk != user.pk and person.is_active and not person.is_archived
    return {
        "roles": [{"pk": role.pk, "name": role.name} for role in person.roles.order_by("code")],
        "give_url": f"{entity.url(person.pk)}give/" if may_change and may(user, "user", "give") else "",
        "withdraw_url": f"{entity.url(person.pk)}withdraw/" if may_change and may(user, "user", "withdraw") else "",
        "invite_url": f"{entity.url(person.pk)}invite/" if may_change and may(user, "user", "invite") else "",
        "look_url": f"{entity.url(person.pk)}look-as/" if may_look_as(person, user) else "",
        "letter": letter_told(last_letter(person, Letter.Kind.INVITATION, Letter.Kind.RESET)),
        "has_password": person.has_usable_password(),
    }


def _devices_of(person: User) -> list[dict[str, str]]:
    return [
        {
            "device": device_named(each.device) or _("Unknown device"),
            "address": each.address or "",
            "seen": formats.moment(timezone.localtime(each.seen_at)),
        }
        for each in sessions_of(person, timezone.now())
    ]
