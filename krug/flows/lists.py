"""What follows when lists are arranged for others."""

from krug.kernel.journal.auditing import audit
from krug.kernel.journal.recording import on
from krug.lists.events import FirstViewSet, FirstViewTaken


@on(FirstViewSet)
def first_view_set(event: FirstViewSet) -> None:
    """The next opening of the list shows it; who arranges the lists of others is written into the audit record."""
    audit("view.first", actor=event.by, object=f"role:{event.role.pk}", data={"view": event.view, "list": event.entity})


@on(FirstViewTaken)
def first_view_taken(event: FirstViewTaken) -> None:
    """The list opens as it is declared; who arranges the lists of others is written into the audit record."""
    audit("view.first", actor=event.by, object=f"role:{event.role.pk}", data={"view": "", "list": event.entity})
