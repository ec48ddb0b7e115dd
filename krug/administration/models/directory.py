"""The directory of a company, which knows its people and their groups (LDAP)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.access.models import Role

THE_ONE = 1


class Directory(models.Model):
    """Where the directory is and how people are found in it; there is at most one, and its password is locked."""

    has_history = False

    class Security(models.TextChoices):
        STARTTLS = "starttls", _("STARTTLS, usually port 389")
        TLS = "tls", _("LDAPS, usually port 636")
        NONE = "none", _("Without encryption, only inside your own network")

    id = models.SmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    is_on = models.BooleanField(_("people may sign in by it"), default=False)
    host = models.CharField(_("server"), max_length=253, blank=True)
    port = models.PositiveIntegerField(_("port"), default=389)
    security = models.CharField(_("encryption"), max_length=8, choices=Security.choices, default=Security.STARTTLS)
    login = models.CharField(_("name to look with"), max_length=300, blank=True)
    secret = models.TextField(blank=True)
    base = models.CharField(_("where people stand"), max_length=300, blank=True)
    person_filter = models.CharField(_("how a person is found"), max_length=300, default="(mail={login})")
    group_filter = models.CharField(_("how groups are found"), max_length=300, default="(member={dn})")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "sign_on_directory"
        constraints = [models.CheckConstraint(condition=Q(id=THE_ONE), name="sign_on_directory_only_one")]

    def __str__(self) -> str:
        return self.host


class GroupRole(models.Model):
    """Whoever stands in this group of the directory holds this role, and loses it with the group."""

    has_history = False

    group = models.CharField(max_length=300, unique=True)
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")

    class Meta:
        db_table = "sign_on_group"
        ordering = ("group",)

    def __str__(self) -> str:
        return self.group
