"""Which screens of activities are ready-made and which are ours."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from krug.activities.entities.activities import INTERACTION, TASK
from krug.activities.entities.calls import CALL, PHONE_EXTENSION, PHONE_LINE
from krug.activities.entities.obligations import OBLIGATION
from krug.activities.screens.log import log_sheet
from krug.activities.screens.next_step import next_step_panel
from krug.activities.screens.obligations import obligations_panel
from krug.activities.screens.participants import participants_panel
from krug.kernel.screens.door import door
from krug.kernel.screens.page import contribute
from krug.kernel.screens.urls import entity_urls
from krug.parties.entities.contacts import CONTACT
from krug.parties.entities.parties import PARTY

contribute("next_step", "activities/_next_step.html", next_step_panel, to=(PARTY, CONTACT))
contribute("obligations", "activities/_obligations.html", obligations_panel, to=(PARTY, CONTACT))
contribute("participants", "activities/_participants.html", participants_panel, to=(INTERACTION,))


def to_calendar(request: HttpRequest) -> HttpResponse:
    """The calendar of tasks."""
    return HttpResponseRedirect("/tasks/?view=calendar")


urlpatterns = [
    path("calendar/", door("task.view")(to_calendar), name="calendar"),
    path("log/", door("interaction.create")(log_sheet), name="log"),
    path("interactions/new/", door("interaction.create")(log_sheet)),
    *entity_urls(INTERACTION),
    *entity_urls(TASK),
    *entity_urls(OBLIGATION),
    *entity_urls(CALL),
    *entity_urls(PHONE_LINE),
    *entity_urls(PHONE_EXTENSION),
]
