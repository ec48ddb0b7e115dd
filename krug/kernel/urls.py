"""The addresses that belong to no domain: search, drafts, the gallery, the API."""

from django.urls import include, path

from krug.kernel.matching.pages import duplicates_act, duplicates_page
from krug.kernel.screens.dates import read_date
from krug.kernel.screens.door import SIGNED_IN, door
from krug.kernel.screens.drafts import draft
from krug.kernel.screens.export import export_file, export_run
from krug.kernel.screens.importing import import_act, import_bad_rows, import_page, import_rows, import_run
from krug.kernel.screens.journal import journal_page, run_act, run_page
from krug.kernel.screens.options import people_options
from krug.kernel.screens.searching import search_page
from krug.kernel.screens.undoing import undo_page

urlpatterns = [
    path("duplicates/", duplicates_page, name="duplicates"),
    path("duplicates/<slug:code>/<slug:act>/", duplicates_act, name="duplicates-act"),
    path("exports/<int:number>/", export_run, name="export-run"),
    path("exports/<int:number>/file/", export_file, name="export-file"),
    path("import/", import_page, name="import"),
    path("import/<int:number>/", import_run, name="import-run"),
    path("import/<int:number>/refused.csv", import_bad_rows, name="import-refused"),
    path("import/<int:number>/refused/", import_bad_rows, name="import-refused-rows"),
    path("import/<int:number>/rows/<slug:fate>/", import_rows, name="import-rows"),
    path("import/<int:number>/<slug:act>/", import_act, name="import-act"),
    path("journal/", journal_page, name="journal"),
    path("journal/runs/<int:number>/", run_page, name="run"),
    path("journal/runs/<int:number>/<slug:act>/", run_act, name="run-act"),
    path("journal/<uuid:act>/undo/", undo_page, name="undo"),
    path("search/", search_page, name="search"),
    path("dates/read/", read_date, name="read-date"),
    path("people/options/", door(SIGNED_IN)(people_options), name="people-options"),
    path("drafts/<str:place>/", door(SIGNED_IN)(draft), name="draft"),
    path("", include("krug.kernel.ui.urls")),
    path("", include("krug.kernel.api.urls")),
]
