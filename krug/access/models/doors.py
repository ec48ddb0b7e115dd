"""Keys to the doors: API tokens, sessions, and the counters that slow down guessing."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krug.access.models.people import User


class ApiToken(models.Model):
    """A personal key for programs; only its hash is kept, and it never reaches further than its owner."""

    has_history = False

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80, blank=True)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        db_table = "api_token"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name or self.prefix

    @property
    def is_valid(self) -> bool:
        """Whether a program may still come in with it."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class Session(AbstractBaseSession):
    """One signed-in device of one user, which the user can see and end."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "user_session"
        indexes = [models.Index(fields=["user", "-seen_at"], name="user_session_of")]

    @classmethod
    def get_session_store_class(cls):  # type: ignore[no-untyped-def]  # the signature is Django's
        from krug.access.session_store import SessionStore

        return SessionStore


class AttemptCounter(models.Model):
    """How often one door was tried for one account or address within one window."""

    key = models.CharField(max_length=160, primary_key=True)
    count = models.IntegerField(default=0)
    window_started_at = models.DateTimeField()

    class Meta:
        db_table = "attempt_counter"
        constraints = [models.CheckConstraint(condition=Q(count__gte=0), name="attempt_counter_not_negative")]

    def __str__(self) -> str:
        return self.key
