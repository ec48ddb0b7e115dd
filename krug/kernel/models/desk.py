"""What each user keeps on the desk: saved views, unfinished drafts, what was looked at last."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.access.models import Role, Team, User


class SavedView(models.Model):
    """A named list: filter, columns, sort and layout of one entity type, for one user, a team or everybody."""

    entity = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    is_shared = models.BooleanField(_("for everybody"), default=False)
    default_for = models.ForeignKey(Role, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.JSONField(default=dict)
    position = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "saved_view"
        constraints = [models.UniqueConstraint(fields=["owner", "entity", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """Text that somebody typed and has not saved yet; it survives a reload and another device."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    place = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "draft"
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="draft_once")]


class Seen(models.Model):
    """When a user last opened a record; gives the recent list and the line “new since you last looked”."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    entity = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    class Meta:
        db_table = "seen"
        constraints = [models.UniqueConstraint(fields=["user", "entity", "record_id"], name="seen_once")]
        indexes = [models.Index(fields=["user", "-at"], name="seen_recent")]
