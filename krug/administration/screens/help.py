"""Help: the few things that make the daily work quick, in the reader's language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krug.kernel.screens.door import SIGNED_IN, door
from krug.kernel.ui.pages import render


@door(SIGNED_IN)
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The keys, the search box, plain dates, and what happens to what one types."""
    return render(request, "administration/help.html", {"chapters": chapters()})


def chapters() -> list[tuple[str, list[tuple[str, str]]]]:
    """Each chapter with its lines: what to press or write, and what it does."""
    return [
        (
            _("Find"),
            [
                ("Ctrl+K, /", _("One box for everything: customers, people, deals. Any part of a name works.")),
                ("0142", _("The last four digits of a phone, or a tax number.")),
                ("atljhjdf", _("A wrong keyboard layout, Latin letters and one typo in a long word are understood.")),
                ("Shift+Enter", _("What can be started from the found record: an interaction, a deal, a task.")),
            ],
        ),
        (
            _("Log"),
            [
                (
                    "L, F9",
                    _("Log an interaction from anywhere: one line, then Ctrl+Enter. The next step is set at once."),
                ),
                (
                    _("tomorrow 10"),
                    _("Dates in plain words: “fri 15:30”, “in 2 weeks”, “25.12”. What was understood is shown."),
                ),
                ("N", _("A new customer: a name, a phone, a person. Look-alikes are shown while you type.")),
                ("Esc", _("Closes the sheet; what you typed stays as a draft.")),
            ],
        ),
        (
            _("Lists and boards"),
            [
                ("J, K, Enter", _("Next row, previous row, open.")),
                (_("Space"), _("See a record beside the list.")),
                ("E", _("Edit a cell in place; Esc leaves the old value.")),
                ("M, 1–9", _("Move a deal to the stage of that number; dragging does the same.")),
            ],
        ),
        (
            _("Good to know"),
            [
                (_("Nothing is lost"), _("A form left open while the session ended is saved after you sign in again.")),
                (
                    _("Two people editing"),
                    _("Changes of different fields are merged; for the same field you choose between both values."),
                ),
                (_("Every number opens"), _("A figure on the board or in the funnel opens exactly its records.")),
                ("?", _("The keys of the page you are on.")),
            ],
        ),
    ]
