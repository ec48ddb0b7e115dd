"""Users, teams, roles, grants and the keys to the doors."""

from krug.access.models.doors import ApiToken, AttemptCounter, Session
from krug.access.models.factors import CodeKey, Passkey, RecoveryCode
from krug.access.models.people import Team, User
from krug.access.models.roles import Grant, Level, Reach, Role, every_field

__all__ = [
    "ApiToken",
    "AttemptCounter",
    "CodeKey",
    "Grant",
    "Level",
    "Passkey",
    "Reach",
    "RecoveryCode",
    "Role",
    "Session",
    "Team",
    "User",
    "every_field",
]
