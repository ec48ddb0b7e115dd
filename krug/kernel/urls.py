"""The addresses that belong to no domain: search, drafts, the gallery, the API."""

from django.urls import include, path

from krug.kernel.screens.searching import search_page

urlpatterns = [
    path("search/", search_page, name="search"),
    path("", include("krug.kernel.ui.urls")),
]
