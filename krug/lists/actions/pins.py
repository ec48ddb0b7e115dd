"""Pinning a view under its list in the navigation, and making one the first of a role."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import Role, User
from krug.access.rights import Rights, rights_in
from krug.kernel.entity import Entity
from krug.kernel.errors import NotAllowed, NotFound, Refusal
from krug.kernel.journal.recording import begin_act, record
from krug.kernel.links import record_number
from krug.kernel.listing.saved_views import View, ready_views, saved_views
from krug.kernel.models import SavedView
from krug.kernel.visibility import demand, may, rights_of
from krug.lists.events import FirstViewSet, FirstViewTaken
from krug.lists.models import PinnedView

MOST_PINS = 8


@transaction.atomic
def pin_view(entity: Entity, key: str, *, by: User) -> View:
    """Keep a view at hand; pinning it twice is the same as once."""
    view = _view_of(entity, key, by)
    pinned = PinnedView.objects.filter(user=by, entity=entity.code)
    if pinned.exclude(key=key).count() >= MOST_PINS:
        raise Refusal(_("At most %(most)s views of a list can be pinned. Unpin one first.") % {"most": MOST_PINS})
    PinnedView.objects.get_or_create(user=by, entity=entity.code, key=key)
    return view


@transaction.atomic
def unpin_view(entity: Entity, key: str, *, by: User) -> None:
    """Take a view down from the navigation."""
    PinnedView.objects.filter(user=by, entity=entity.code, key=key).delete()


def pinned_keys(user: User, codes: Iterable[str]) -> dict[str, list[str]]:
    """The keys of the user's pinned views by type, in the order they were pinned; one question for all types."""
    found: dict[str, list[str]] = {}
    rows = PinnedView.objects.filter(user=user, entity__in=list(codes)).order_by("id")
    for entity, key in rows.values_list("entity", "key"):
        found.setdefault(entity, []).append(key)
    return found


def pinned_views(entity: Entity, user: User, keys: list[str]) -> list[View]:
    """The views behind the keys; one that is gone, or no longer shared, is left out."""
    known = {view.key: view for view in ready_views(entity, user)}
    if any(key not in known for key in keys):
        known |= {view.key: view for view in saved_views(entity, user)}
    return [known[key] for key in keys if key in known]


@transaction.atomic
def set_first_view(entity: Entity, key: str, role: Role | None, *, by: User) -> SavedView:
    """Let the list of this type open with the view for everybody of a role, or for nobody any longer."""
    demand(by, "role", "change")
    view = SavedView.objects.filter(entity=entity.code, pk=record_number(_view_of(entity, key, by).key) or 0).first()
    if view is None:
        raise Refusal(_("Save the view first: only a saved one can be the first of a role."), field="role")
    before = view.default_for
    for each in (role, before):
        _refuse_greater(by, each)
    if role == before:
        return view
    begin_act(by, "role.change")
    plural = str(entity.plural)
    if role is not None:
        SavedView.objects.filter(entity=entity.code, default_for=role).update(default_for=None)
        record(FirstViewSet(role=role, view=view.name, entity=plural, by=by))
    elif before is not None:
        record(FirstViewTaken(role=before, view=view.name, entity=plural, by=by))
    view.default_for = role
    view.save(update_fields=["default_for", "updated_at"])
    return view


def _refuse_greater(by: User, role: Role | None) -> None:
    """Nobody arranges the lists of people who may more than he does."""
    if role is not None and not rights_of(by).cover(_rights_of_role(role)):
        raise NotAllowed(_("This role has rights that you do not have; an administrator must do this."))


def _rights_of_role(role: Role) -> Rights:
    return rights_in((each.entity, each.reach, each.verbs, each.fields) for each in role.grants.all())


def roles_to_choose(user: User) -> list[Role]:
    """The roles for which this user may set the first view of a list."""
    if not may(user, "role", "change"):
        return []
    roles = Role.objects.filter(is_archived=False).order_by("id").prefetch_related("grants")[:100]
    return [role for role in roles if rights_of(user).cover(_rights_of_role(role))]


def first_role(entity: Entity, key: str) -> str:
    """The role whose list begins with this view, as a form holds it."""
    rows = SavedView.objects.filter(entity=entity.code, pk=record_number(key) or 0)
    return str(rows.values_list("default_for", flat=True).first() or "")


def _view_of(entity: Entity, key: str, user: User) -> View:
    views = (*ready_views(entity, user), *saved_views(entity, user))
    found = next((view for view in views if view.key == key), None)
    if found is None:
        raise NotFound(_("There is no such view, or it is no longer shared with you."))
    return found
