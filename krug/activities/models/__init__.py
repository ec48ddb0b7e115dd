"""Interactions with customers and the tasks that follow from them."""

from krug.activities.models.interactions import Interaction, InteractionColleague, InteractionContact
from krug.activities.models.tasks import Task

__all__ = ["Interaction", "InteractionColleague", "InteractionContact", "Task"]
