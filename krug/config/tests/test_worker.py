"""Jobs of a worker that was killed are not forgotten."""

import procrastinate
import pytest
from django.db import connection
from procrastinate.contrib.django import app as django_app

from krug.config.serving.worker import MOST_ATTEMPTS, rescue
from krug.kernel.testing.looping import run_apart


def _stalled(attempts: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, worker_id)"
            " VALUES ('flows', 'a long story', 'doing', %s, %s) RETURNING id",
            [attempts, worker],
        )
        return int(cursor.fetchone()[0])


def _status(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        return str(cursor.fetchone()[0])


async def _rescue() -> int:
    connector = django_app.connector.get_worker_connector()
    app: procrastinate.App = django_app.with_connector(connector)
    async with app.open_async():
        return await rescue(app)


@pytest.mark.parametrize(("attempts", "status"), [(0, "todo"), (MOST_ATTEMPTS, "failed")])
def test_a_stalled_job_is_done_again_but_not_for_ever(transactional_db, attempts, status):
    job = _stalled(attempts)
    assert run_apart(_rescue()) == 1
    assert _status(job) == status
