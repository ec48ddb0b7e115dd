"""Who works here: users and the tree of teams they belong to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from krug.access.models.roles import Role


class Team(models.Model):
    """A working group; teams form a tree, and a head sees the work of the teams below."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    head = models.ForeignKey(
        "access.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("head")
    )
    office = models.CharField(_("office"), max_length=120, blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    version = models.IntegerField(default=1, editable=False)
    custom = models.JSONField(_("attributes"), default=dict, blank=True, editable=False)

    class Meta:
        db_table = "team"
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(Lower("name"), "parent", name="team_name_once", nulls_distinct=False),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="team_not_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail without regard to case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person, or a named system actor such as the clock, who does things in Krug."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As on the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMPACT = "compact", _("Compact")
        NORMAL = "normal", _("Normal")
        TOUCH = "touch", _("For touch")

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    surname = models.CharField(_("surname"), max_length=60, blank=True)
    given_name = models.CharField(_("given name"), max_length=60, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=60, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    roles: models.ManyToManyField[Role, models.Model] = models.ManyToManyField(
        "access.Role", related_name="users", blank=True, db_table="user_role"
    )
    language = models.CharField(
        _("language"), max_length=2, default="ru", choices=[("ru", "Русский"), ("en", "English")]
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow")
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    density = models.CharField(_("density"), max_length=8, choices=Density.choices, default=Density.NORMAL)
    has_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_system = models.BooleanField(_("system actor"), default=False, editable=False)
    is_archived = models.BooleanField(_("archived"), default=False)
    source = models.CharField(_("source"), max_length=60, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    version = models.IntegerField(default=1, editable=False)
    custom = models.JSONField(_("attributes"), default=dict, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        db_table = "person"
        ordering = ("surname", "given_name")
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Surname, given name and patronymic as far as they are known; otherwise the e-mail."""
        return " ".join(filter(None, (self.surname, self.given_name, self.patronymic))) or self.email

    @property
    def is_inactive(self) -> bool:
        """Whether the person was sent away and may be let in again."""
        return not self.is_active

    @property
    def has_second_step(self) -> bool:
        """Whether the person shows a code or a passkey beside the password."""
        from krug.access.models.factors import CodeKey, Passkey

        has_app = CodeKey.objects.filter(user=self, confirmed_at__isnull=False).exists()
        return has_app or Passkey.objects.filter(user=self).exists()

    @cached_property
    def lacks_second_step(self) -> bool:
        """Whether a role asks for a second step today and there is none; asked once per request."""
        from krug.access.second_step import lacks_step

        return lacks_step(self)

    @property
    def may_be_served(self) -> bool:
        """Whether programs and jobs may work in this person's name now."""
        return self.may_come_in and not self.lacks_second_step

    @property
    def may_come_in(self) -> bool:
        """Whether a door may open for this person at all."""
        return self.is_active and not self.is_archived and not self.is_system

    @property
    def short_name(self) -> str:
        """Surname with initials, as lists show a person."""
        initials = "".join(f"\N{NO-BREAK SPACE}{part[0]}." for part in (self.given_name, self.patronymic) if part)
        return f"{self.surname}{initials}" if self.surname else self.full_name
