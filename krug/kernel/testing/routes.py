"""The addresses of the house with the ready-made routes of every type behind them, whatever a domain shows itself."""

from django.urls import include, path

from krug.kernel.registry import entities
from krug.kernel.screens.urls import entity_urls

urlpatterns = [
    path("", include("krug.config.urls")),
    *(route for entity in entities() for route in entity_urls(entity)),
]
handler404 = "krug.kernel.screens.refusals.no_such_page"
