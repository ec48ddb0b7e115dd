"""The entity types of activities."""

from krug.activities.entities import intakes  # noqa: F401  # puts the intakes on the list
from krug.activities.entities.activities import INTERACTION, TASK
from krug.activities.entities.calls import CALL, PHONE_EXTENSION, PHONE_LINE
from krug.activities.entities.obligations import OBLIGATION
from krug.activities.entities.roles import CALLS, CONTACTS, LINES, OBLIGATIONS, TASKS
from krug.administration.actions.shipped_roles import ship
from krug.kernel.registry import register

register(INTERACTION, TASK, OBLIGATION, CALL, PHONE_LINE, PHONE_EXTENSION)
ship(CONTACTS, TASKS, OBLIGATIONS, CALLS, LINES)
