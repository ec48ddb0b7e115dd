"""The entity types of activities."""

from krug.activities.entities import intakes  # noqa: F401  # puts the intakes on the list
from krug.activities.entities.activities import INTERACTION, TASK
from krug.activities.entities.roles import CONTACTS, TASKS
from krug.administration.actions.shipped_roles import ship
from krug.kernel.registry import register

register(INTERACTION, TASK)
ship(CONTACTS, TASKS)
