"""The addresses of the API, each with and without the slash at its end: a redirect would lose what was sent."""

from django.urls import URLPattern, path
from django.urls.resolvers import RoutePattern

from krug.kernel.api.service import service


def both_ways(pattern: URLPattern) -> list[URLPattern]:
    """The address as it is published, and its twin that answers the same."""
    route = str(pattern.pattern)
    twin = route.removesuffix("/") if route.endswith("/") else f"{route}/"
    return [pattern, URLPattern(RoutePattern(twin, is_endpoint=True), pattern.callback)] if route else [pattern]


calls, app, namespace = service().urls
twins = [twin for known in calls if isinstance(known, URLPattern) for twin in both_ways(known)]
urlpatterns = [path("api/v1/", (twins, app, namespace))]
