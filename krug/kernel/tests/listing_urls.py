"""The routes of the two types of listing_cast, for tests that open pages."""

from krug.config.urls import handler400, handler403, handler404, handler500  # noqa: F401  (Django looks for these names)
from krug.config.urls import urlpatterns as usual
from krug.kernel.screens.urls import entity_urls
from krug.kernel.tests.listing_cast import CREW, HUMAN

urlpatterns = [*entity_urls(CREW), *entity_urls(HUMAN), *usual]
