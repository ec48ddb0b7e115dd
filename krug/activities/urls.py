"""Which screens of activities are ready-made and which are ours."""

from django.urls import path

from krug.activities.entities.activities import INTERACTION, TASK
from krug.activities.screens.log import log_sheet, step_preview
from krug.kernel.screens.urls import door, entity_urls

urlpatterns = [
    path("log/", door("interaction", "create")(log_sheet), name="log"),
    path("log/step/", door("interaction", "create")(step_preview), name="log-step"),
    *entity_urls(INTERACTION),
    *entity_urls(TASK),
]
