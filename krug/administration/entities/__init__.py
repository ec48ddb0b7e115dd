"""The entity types of administration."""

from krug.administration.entities.people import ROLE, TEAM, USER
from krug.kernel.registry import register

register(USER, TEAM, ROLE)

__all__ = ["ROLE", "TEAM", "USER"]
