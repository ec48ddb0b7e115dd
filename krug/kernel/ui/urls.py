"""Addresses of the look itself: preferences, the gallery of components."""

from django.urls import path

from krug.kernel.screens.door import door
from krug.kernel.testing import gallery
from krug.kernel.ui.preferences import set_preferences

for_builders = door("gallery.open")
urlpatterns = [
    path("me/preferences/", set_preferences, name="preferences"),
    path("ui/", for_builders(gallery.gallery), name="gallery"),
    path("ui/form/", for_builders(gallery.gallery_form)),
    path("ui/options/", for_builders(gallery.gallery_options)),
    path("ui/layer/", for_builders(gallery.gallery_layer)),
    path("ui/cell/", for_builders(gallery.gallery_cell)),
    path("ui/move/", for_builders(gallery.gallery_move)),
]
