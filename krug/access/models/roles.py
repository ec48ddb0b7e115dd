"""What people may do: roles, and the reach and verbs that each role grants per entity type."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Reach(models.TextChoices):
    """How far a role sees, from nothing to everything."""

    NONE = "none", _("Nothing")
    OWN = "own", _("Own")
    TEAM = "team", _("Own and the team's")
    TERRITORY = "territory", _("Own, the team's and of the territory")
    ALL = "all", _("Everything")

    @property
    def rank(self) -> int:
        """The order in which reaches widen."""
        return list(Reach).index(self)


class Level(models.TextChoices):
    """What a role may do with one group of fields."""

    HIDDEN = "hidden", pgettext_lazy("group of fields", "Hidden")
    READ = "read", pgettext_lazy("group of fields", "Read")
    EDIT = "edit", pgettext_lazy("group of fields", "Edit")

    @property
    def rank(self) -> int:
        """The order in which levels widen."""
        return list(Level).index(self)


def every_field() -> dict[str, str]:
    """The usual level: groups that are not named stand open; without it they would be hidden."""
    return {"*": Level.EDIT.value}


class Role(models.Model):
    """A named set of grants; a user may hold several and gets the widest of each."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    factor_from = models.DateField(
        _("second step of sign-in required from"),
        null=True,
        blank=True,
        help_text=_(
            "From this day whoever holds the role shows a code or a passkey beside the password. Empty: as each likes."
        ),
    )
    is_shipped = models.BooleanField(default=False, editable=False)
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    version = models.IntegerField(default=1, editable=False)
    custom = models.JSONField(_("attributes"), default=dict, blank=True, editable=False)

    class Meta:
        db_table = "role"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        is_russian = (get_language() or "en").startswith("ru")
        return (self.name_ru or self.name_en) if is_russian else (self.name_en or self.name_ru)


class Grant(models.Model):
    """What one role may see and do with one entity type; `*` stands for every type, verb or group of fields."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="grants")
    entity = models.CharField(_("object"), max_length=60)
    reach = models.CharField(_("reach"), max_length=10, choices=Reach.choices, default=Reach.NONE)
    verbs = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    fields = models.JSONField(_("fields"), default=every_field, blank=True)

    class Meta:
        db_table = "role_grant"
        constraints = [models.UniqueConstraint(fields=["role", "entity"], name="role_grant_once")]

    def __str__(self) -> str:
        return f"{self.role_id}:{self.entity}:{self.reach}"
