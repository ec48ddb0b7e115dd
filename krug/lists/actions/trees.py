"""Making, changing, sharing and dropping a tree; only its owner changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.entity import Entity
from krug.kernel.errors import BadRequest, NotFound, Refusal
from krug.kernel.listing.saved_views import ALL, TEAM
from krug.lists import policies
from krug.lists.actions.views import LONGEST_NAME
from krug.lists.models import ListTree
from krug.lists.rules.levels import MOST_LEVELS, Level, read_level

MOST_TREES = 100


@dataclass(frozen=True)
class Wanted:
    """What a tree is to be: its name, with whom it is shared, its levels in their order."""

    name: str
    shared: str
    levels: tuple[str, ...]


def trees_of(entity: Entity, user: User) -> list[ListTree]:
    """The trees of one type that the user may open."""
    rows = policies.trees(ListTree.objects.filter(entity=entity.code), user)
    return list(rows.order_by("name", "id")[:MOST_TREES])


def the_tree(entity: Entity, user: User, number: int) -> ListTree:
    """One tree; one that is gone or not shared does not exist."""
    rows = policies.trees(ListTree.objects.filter(entity=entity.code, pk=number), user)
    found = rows.first()
    if found is None:
        raise NotFound(_("There is no such tree, or it is no longer shared with you."))
    return found


def levels_of(entity: Entity, tree: ListTree, user: User) -> tuple[Level, ...]:
    """The levels of a tree as far as this user may ask for them, in their order."""
    found = []
    for text in tree.levels:
        try:
            found.append(read_level(entity, text, user))
        except BadRequest:
            continue
    return tuple(found)


@transaction.atomic
def make_tree(entity: Entity, wanted: Wanted, *, by: User) -> ListTree:
    """Keep a new tree."""
    tree = ListTree(entity=entity.code, owner=by)
    return _written(entity, tree, wanted, by)


@transaction.atomic
def change_tree(entity: Entity, tree: ListTree, wanted: Wanted, *, by: User) -> ListTree:
    """Keep other levels, another name or another circle under the same tree."""
    _demand_own(tree, by)
    return _written(entity, tree, wanted, by)


@transaction.atomic
def delete_tree(tree: ListTree, *, by: User) -> str:
    """Take a tree away; the records stay as they are. Gives the name for the message."""
    _demand_own(tree, by)
    tree.delete()
    return tree.name


def is_own(tree: ListTree, user: User) -> bool:
    """Whether the user may change the tree."""
    return tree.owner_id == user.pk


def _demand_own(tree: ListTree, user: User) -> None:
    if not is_own(tree, user):
        raise Refusal(_("Only the owner changes a tree. Make one of your own."), code="NOT_OWN_TREE")


def _written(entity: Entity, tree: ListTree, wanted: Wanted, by: User) -> ListTree:
    tree.name = _named(wanted.name)
    tree.levels = _checked(entity, wanted.levels, by)
    if wanted.shared not in ("", TEAM, ALL):
        raise BadRequest(_("A tree is shared with nobody, the team or everybody."), field="shared")
    if wanted.shared == TEAM and by.team_id is None:
        raise Refusal(_("You are in no team, so there is nobody to share with."), field="shared")
    tree.team, tree.is_shared = by.team if wanted.shared == TEAM else None, wanted.shared == ALL
    try:
        with transaction.atomic():
            tree.save()
    except IntegrityError as fault:
        raise Refusal(_("You already have a tree of this name. Choose another."), field="name") from fault
    return tree


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(_("Give the tree a name of at most %(most)s characters.") % {"most": LONGEST_NAME}, field="name")
    return name


def _checked(entity: Entity, levels: Sequence[str], by: User) -> list[str]:
    names = [text for text in levels if text]
    if not names:
        raise Refusal(_("Choose at least one level."), field="level1")
    if len(names) > MOST_LEVELS:
        raise Refusal(_("A tree has at most %(most)s levels.") % {"most": MOST_LEVELS}, field="level1")
    told = [read_level(entity, text, by) for text in names]
    for at, level in enumerate(told):
        if level.text in names[:at]:
            raise Refusal(_("“%(level)s” stands in the tree twice.") % {"level": level.label}, field=f"level{at + 1}")
    return names
