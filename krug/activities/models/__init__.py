"""Interactions with customers, and the tasks and obligations that follow from them."""

from krug.activities.models.interactions import Interaction, InteractionColleague, InteractionContact
from krug.activities.models.obligations import Obligation
from krug.activities.models.tasks import Task

__all__ = ["Interaction", "InteractionColleague", "InteractionContact", "Obligation", "Task"]
