"""Interactions and calls with customers, and the tasks and obligations that follow from them."""

from krug.activities.models.calls import Call, PhoneExtension, PhoneLine
from krug.activities.models.interactions import Interaction, InteractionColleague, InteractionContact
from krug.activities.models.obligations import Obligation
from krug.activities.models.tasks import Task

__all__ = [
    "Call",
    "Interaction",
    "InteractionColleague",
    "InteractionContact",
    "Obligation",
    "PhoneExtension",
    "PhoneLine",
    "Task",
]
