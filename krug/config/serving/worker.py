"""One worker process: it does what was put off until later, and what the clock asks for."""

import asyncio
import contextlib
import logging
import os

import django
import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from krug.config.serving.children import end_with_parent
from krug.config.serving.memory import settle

AT_ONCE = 4
RESCUE_EVERY = 60.0
MOST_ATTEMPTS = 10
log = logging.getLogger("krug.worker")


def main() -> None:
    """Work until told to stop; finish the jobs in hand first."""
    end_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krug.config.settings.prod")
    django.setup()
    from procrastinate.contrib.django import app

    settle()

    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]  # only the connector of Django has it
        asyncio.run(_work(worker))


async def _work(app: procrastinate.App) -> None:
    async with app.open_async():
        rescuing = asyncio.create_task(_rescue_for_ever(app))
        try:
            await app.run_worker_async(
                concurrency=AT_ONCE,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=20.0,
                delete_jobs="successful",
                install_signal_handlers=True,
            )
        finally:
            rescuing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rescuing


async def _rescue_for_ever(app: procrastinate.App) -> None:
    while True:
        try:
            await rescue(app)
        except ConnectorException as error:
            log.warning("Stalled jobs wait for the database: %s", error)
        await asyncio.sleep(RESCUE_EVERY)


async def rescue(app: procrastinate.App) -> int:
    """Jobs of a worker that was killed are done again; one that kills its workers is laid aside as failed."""
    stalled = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        await _take_up_again(app, job)
    return len(stalled)


async def _take_up_again(app: procrastinate.App, job: Job) -> None:
    if job.attempts < MOST_ATTEMPTS:
        with contextlib.suppress(ConnectorException):
            return await app.job_manager.retry_job(job)
    log.error("job %s (%s) is laid aside after %s attempts", job.id, job.task_name, job.attempts)
    await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


if __name__ == "__main__":
    main()
