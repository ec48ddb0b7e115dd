"""The entity types of activities."""

from krug.activities.entities.activities import INTERACTION, TASK
from krug.kernel.registry import register

register(INTERACTION, TASK)
