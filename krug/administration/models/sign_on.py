"""Sign-in by accounts kept elsewhere: who vouches for people, and whom they vouched for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.access.models import Role, Team, User


class Provider(models.Model):
    """A service that knows our people, by OpenID Connect; its secret is locked."""

    has_history = False

    name = models.CharField(_("name"), max_length=60)
    issuer = models.URLField(_("issuer"), max_length=300, unique=True)
    client = models.CharField(_("client ID"), max_length=200)
    secret = models.TextField(blank=True)
    domains = models.CharField(_("e-mail domains"), max_length=300, blank=True)
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("role of new people")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team of new people")
    )
    is_on = models.BooleanField(_("offered at sign-in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "sign_on_provider"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """An account elsewhere that is this person, told apart by issuer and subject and never by e-mail (AUT-14)."""

    has_history = False

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    name = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "user_identity"
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="user_identity_once")]

    def __str__(self) -> str:
        return f"{self.issuer} {self.name}"
