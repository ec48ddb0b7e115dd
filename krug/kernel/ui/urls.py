"""Addresses of the look itself: preferences, the gallery of components."""

from django.urls import path

from krug.kernel.ui import gallery
from krug.kernel.ui.preferences import set_preferences

urlpatterns = [
    path("me/preferences/", set_preferences, name="preferences"),
    path("ui/", gallery.gallery, name="gallery"),
    path("ui/form/", gallery.gallery_form),
    path("ui/options/", gallery.gallery_options),
    path("ui/layer/", gallery.gallery_layer),
    path("ui/cell/", gallery.gallery_cell),
    path("ui/move/", gallery.gallery_move),
]
