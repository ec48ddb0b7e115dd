"""Documents have the ready-made screens."""

from krug.documents.entities.files import DOCUMENT
from krug.kernel.screens.urls import entity_urls

urlpatterns = [*entity_urls(DOCUMENT)]
