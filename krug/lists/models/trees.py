"""A named hierarchy over the fields of one type."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.access.models import Team, User


class ListTree(models.Model):
    """Fields in an order, such as region, industry, class; for one user, a team or everybody."""

    entity = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    is_shared = models.BooleanField(_("for everybody"), default=False)
    levels = models.JSONField(_("levels"), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "list_tree"
        constraints = [models.UniqueConstraint(fields=["owner", "entity", "name"], name="list_tree_once")]
        indexes = [models.Index(fields=["entity", "name"], name="list_tree_of_type")]

    def __str__(self) -> str:
        return self.name
