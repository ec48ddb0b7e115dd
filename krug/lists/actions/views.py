"""Keeping a way of looking under a name, sharing it, and dropping it; only its owner changes it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.entity import Entity
from krug.kernel.errors import BadRequest, Refusal
from krug.kernel.listing.saved_views import ALL, TEAM, open_view, to_keep
from krug.kernel.listing.state import ListState
from krug.kernel.models import SavedView

LONGEST_NAME = 120


def save_view(entity: Entity, user: User, state: ListState, *, name: str, shared: str = "") -> SavedView:
    """Keep this way of looking under a name."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(_("Give the view a name of at most %(most)s characters.") % {"most": LONGEST_NAME}, field="name")
    if shared == TEAM and user.team_id is None:
        raise Refusal(_("You are in no team, so there is nobody to share with."), field="shared")
    if shared not in ("", TEAM, ALL):
        raise BadRequest(_("A view is shared with nobody, the team or everybody."), field="shared")
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                entity=entity.code,
                owner=user,
                name=name,
                team=user.team if shared == TEAM else None,
                is_shared=shared == ALL,
                state=to_keep(state),
            )
    except IntegrityError as fault:
        raise Refusal(_("You already have a view of this name. Choose another."), field="name") from fault


def change_view(entity: Entity, user: User, key: str, state: ListState) -> SavedView:
    """Keep another state under the same name; only the owner may."""
    view = _own(entity, user, key)
    view.state = to_keep(state)
    view.save(update_fields=["state", "updated_at"])
    return view


def share_view(entity: Entity, user: User, key: str, shared: str) -> SavedView:
    """Open a view to the team or everybody, or take it back."""
    view = _own(entity, user, key)
    if shared == TEAM and user.team_id is None:
        raise Refusal(_("You are in no team, so there is nobody to share with."), field="shared")
    view.team, view.is_shared = user.team if shared == TEAM else None, shared == ALL
    view.save(update_fields=["team", "is_shared", "updated_at"])
    return view


def delete_view(entity: Entity, user: User, key: str) -> str:
    """Take a view away; what it showed stays. Gives the name for the message."""
    view = _own(entity, user, key)
    view.delete()
    return view.name


def _own(entity: Entity, user: User, key: str) -> SavedView:
    view = open_view(entity, user, key)
    if view.owner_id != user.pk:
        raise Refusal(_("Only the owner changes a view. Save it under your own name."), code="NOT_OWN_VIEW")
    return view
