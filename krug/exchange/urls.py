"""The addresses of imports and exports; those of one type are offered in apps.py."""

from django.urls import path

from krug.exchange.screens.export import export_cancel, export_file, export_run
from krug.exchange.screens.importing import import_act, import_bad_rows, import_page, import_rows, import_run

urlpatterns = [
    path("exports/<int:number>/", export_run, name="export-run"),
    path("exports/<int:number>/file/", export_file, name="export-file"),
    path("exports/<int:number>/cancel/", export_cancel, name="export-cancel"),
    path("import/", import_page, name="import"),
    path("import/<int:number>/", import_run, name="import-run"),
    path("import/<int:number>/refused.csv", import_bad_rows, name="import-refused"),
    path("import/<int:number>/refused/", import_bad_rows, name="import-refused-rows"),
    path("import/<int:number>/rows/<slug:fate>/", import_rows, name="import-rows"),
    path("import/<int:number>/<slug:act>/", import_act, name="import-act"),
]
