"""All components with all their states, on one page, for administrators; small addresses let behaviours be tried."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from krug.kernel.testing.gallery_story import COMPANIES, story
from krug.kernel.ui.environment import LIBRARY
from krug.kernel.ui.pages import done, render
from krug.kernel.ui.toasts import toast

SPRITE = LIBRARY.parent / "assets" / "icons.svg"
PARTS = ("look", "fields", "forms", "records", "lists", "work")


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    icons = re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8"))
    return render(request, "gallery/gallery.html", {"icons": icons, "parts": PARTS, **story()})


def gallery_form(request: HttpRequest) -> HttpResponse:
    """Refuse a form with its summary of errors, or say that it was kept."""
    name = request.POST.get("name", "")
    if name:
        toast(request, _("Saved: %(name)s.") % {"name": name}, undo_url="/ui/form/")
        return done(request, "/ui/")
    errors = {
        "name": _("Enter the name of the customer."),
        "inn": _("A tax number has 10 or 12 digits; this one has 9."),
    }
    return render(request, "gallery/layer.html", {"errors": errors}, status=422)


def gallery_options(request: HttpRequest) -> HttpResponse:
    """Answer the combobox and the palette of the gallery."""
    asked = request.GET.get("q", "").lower()
    return render(request, "gallery/_options.html", {"found": [one for one in COMPANIES if asked in one[1].lower()]})


def gallery_layer(request: HttpRequest) -> HttpResponse:
    """What opens in the drawer, the sheet and the dialog."""
    return render(request, "gallery/layer.html")


def gallery_cell(request: HttpRequest) -> HttpResponse:
    """Edit one value where it stands."""
    return render(
        request,
        "gallery/_cell.html",
        {"value": request.POST.get("value", "620 000"), "saved": request.method == "POST"},
    )


def gallery_move(request: HttpRequest) -> HttpResponse:
    """A card moved to the second column stays, to the third is asked more, to the first is refused."""
    column = request.POST.get("column")
    if column == "3":
        return render(request, "gallery/layer.html", status=422)
    if column == "1":
        return HttpResponse(_("A deal does not go back to the first stage."), status=422)
    return HttpResponse(status=204)
