"""The addresses of the queue of duplicates; those of one type are offered in apps.py."""

from django.urls import path

from krug.duplicates.screens.duplicates import duplicates_act, duplicates_page

urlpatterns = [
    path("duplicates/", duplicates_page, name="duplicates"),
    path("duplicates/<slug:code>/<slug:act>/", duplicates_act, name="duplicates-act"),
]
