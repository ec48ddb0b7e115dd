"""One worker process: it does what was put off until later, and what the clock asks for."""

import asyncio
import os

import django

from krug.config.serving.children import end_with_parent


def main() -> None:
    """Work until told to stop; finish the jobs in hand first."""
    end_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krug.config.settings.prod")
    django.setup()
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        asyncio.run(_work(worker))


async def _work(app: "object") -> None:
    async with app.open_async():  # type: ignore[attr-defined]
        await app.run_worker_async(  # type: ignore[attr-defined]
            concurrency=4,
            fetch_job_polling_interval=1.0,
            shutdown_graceful_timeout=20.0,
            delete_jobs="successful",
            install_signal_handlers=True,
        )


if __name__ == "__main__":
    main()
