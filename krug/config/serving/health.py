"""Two plain answers for whoever watches the installation."""

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from krug.kernel.screens.door import PUBLIC, door


@door(PUBLIC)
def healthz(request: HttpRequest) -> HttpResponse:
    """This process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


@door(PUBLIC)
def readyz(request: HttpRequest) -> HttpResponse:
    """Work can be done: the database answers, its tables are current, the queue can be read."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
            failed = cursor.fetchone()[0]
    except OperationalError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    state = {"ready": not waiting, "database": True, "migrations": not waiting, "failed_jobs": failed}
    return JsonResponse(state, status=200 if not waiting else 503)
