"""Two plain answers for whoever watches the installation; what is amiss is told by `krug doctor`, not to strangers."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse

from krug.kernel.screens.door import PUBLIC, door


@door(PUBLIC)
def healthz(request: HttpRequest) -> HttpResponse:
    """This process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


@door(PUBLIC)
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether work can be done: the database answers, its tables are current, the queue can be read."""
    try:
        is_ready = latest_migrations() <= _applied()
    except DatabaseError:
        is_ready = False
    return JsonResponse({"ready": is_ready}, status=200 if is_ready else 503)


@cache
def latest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each package, read once: a check that is asked every second must cost nothing."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _applied() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM procrastinate_jobs LIMIT 1")
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())
