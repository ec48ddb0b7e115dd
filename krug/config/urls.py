"""The addresses of the whole house: each domain brings its own."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from krug.administration.settings_past import about_page
from krug.config.demo_data import demo_page, has_demo
from krug.config.menu import create_for, line_above, menu_for
from krug.config.serving.health import healthz, readyz
from krug.config.welcome import welcome
from krug.kernel.ui.frame import use_about, use_above, use_menus

use_menus(main=menu_for, create=create_for)
use_about(about_page)
use_above(line_above)

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    *([path("settings/demo/", demo_page, name="settings-demo")] if has_demo() else []),
    path("welcome/<str:token>/", welcome, name="welcome"),
    *(path("", include(f"krug.{name}.urls")) for name in settings.BUILT if find_spec(f"krug.{name}.urls")),
]

handler400 = "krug.kernel.ui.errors.bad_request"
handler403 = "krug.kernel.ui.errors.not_allowed"
handler404 = "krug.kernel.screens.refusals.no_such_page"
handler500 = "krug.config.serving.outage.broken"
