"""The addresses that belong to no domain: search, drafts, the gallery, the API."""

from django.urls import include, path

from krug.kernel.screens.dates import read_date
from krug.kernel.screens.door import SIGNED_IN, door
from krug.kernel.screens.drafts import draft
from krug.kernel.screens.options import people_options
from krug.kernel.screens.searching import search_page
from krug.kernel.screens.undoing import undo_page

urlpatterns = [
    path("journal/<uuid:act>/undo/", undo_page, name="undo"),
    path("search/", search_page, name="search"),
    path("dates/read/", read_date, name="read-date"),
    path("people/options/", door(SIGNED_IN)(people_options), name="people-options"),
    path("drafts/<str:place>/", door(SIGNED_IN)(draft), name="draft"),
    path("", include("krug.kernel.ui.urls")),
    path("", include("krug.kernel.api.urls")),
]
