"""The addresses of the whole house: each domain brings its own."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from krug.config.serving.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("language/", set_language, name="set_language"),
    *(path("", include(f"krug.{name}.urls")) for name in settings.BUILT if find_spec(f"krug.{name}.urls")),
]
