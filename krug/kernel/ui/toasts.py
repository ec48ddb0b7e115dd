"""Short messages after a deed, each with one way back."""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

KEPT_AS = "toasts"


@dataclass(frozen=True)
class Toast:
    """«Done», with an undo where one exists."""

    text: str
    undo_url: str = ""
    undo_label: str = ""


def toast(request: HttpRequest, text: str, *, undo_url: str = "", undo_label: str = "") -> None:
    """Show this message on the next answer to this person."""
    waiting = request.session.get(KEPT_AS, [])
    request.session[KEPT_AS] = [*waiting, asdict(Toast(str(text), undo_url, str(undo_label)))]


def take_toasts(request: HttpRequest) -> list[Toast]:
    """The messages that wait for this person; each is shown once."""
    session = getattr(request, "session", None)
    if session is None or KEPT_AS not in session:
        return []
    return [Toast(**kept) for kept in session.pop(KEPT_AS)]
