"""The next step with a customer, a person or a deal, on their pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from krug.access.models import User
from krug.activities.entities.activities import TASK
from krug.kernel.dates import today_in, zone_called
from krug.kernel.links import link_to
from krug.kernel.registry import entity_of
from krug.kernel.ui import formats
from krug.kernel.ui.names import short_name
from krug.kernel.visibility import may

SHOWN = 3


def next_step_panel(record: Any, user: User) -> dict[str, Any]:
    """The nearest open tasks about the record, or the words that there is none and the way to set one."""
    link = link_to(record)
    today = today_in(zone_called(user.timezone), now=timezone.now())
    about = (
        {link.entity: link.id}
        if link.entity in ("party", "contact")
        else {"about_entity": link.entity, "about_id": link.id}
    )
    tasks = TASK.rows_for(user).open().filter(**about).select_related("assignee").by_day()[:SHOWN]
    given = {"party": record.pk} if link.entity == "party" else {"about": str(link)} if link.entity != "contact" else {}
    return {
        "steps": [
            {
                "name": task.name,
                "url": TASK.url(task.pk),
                "when": formats.short_date(task.due_on) if task.due_on else "",
                "time": formats.clock(task.due_time) if task.due_time else "",
                "full": formats.long_date(task.due_on) if task.due_on else "",
                "is_late": bool(task.due_on and task.due_on < today),
                "who": short_name(task.assignee.surname, task.assignee.given_name, task.assignee.patronymic),
                "version": task.version,
            }
            for task in tasks
        ],
        "back": (entity_of(type(record)) or TASK).url(record.pk),
        "log_url": f"/log/?{urlencode(given)}" if may(user, "interaction", "create") and given else "",
        "may_finish": may(user, "task", "complete"),
    }
