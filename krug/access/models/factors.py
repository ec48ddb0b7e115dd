"""The second step of signing in: an app that shows codes, codes for an emergency, and passkeys."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.access.models.people import User


class CodeKey(models.Model):
    """What a person's phone and the house both know, so that both can tell the code of this half minute."""

    has_history = False

    user = models.OneToOneField(User, models.CASCADE, related_name="code_key")
    secret = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        db_table = "user_code_key"

    def __str__(self) -> str:
        return f"{self.user_id}"


class RecoveryCode(models.Model):
    """One of ten codes that open the door once when the phone is lost; only its keyed hash is kept."""

    has_history = False

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "user_recovery_code"
        indexes = [models.Index(fields=["user"], condition=Q(used_at=None), name="user_recovery_left")]

    def __str__(self) -> str:
        return f"{self.user_id}"


class Passkey(models.Model):
    """A key that a device or a token on a chain keeps for a person; the house knows its public half."""

    has_history = False

    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=80)
    credential = models.CharField(max_length=2046, unique=True)
    public = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        db_table = "user_passkey"
        ordering = ("created_at",)

    def __str__(self) -> str:
        return self.name
