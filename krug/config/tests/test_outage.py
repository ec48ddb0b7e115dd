"""A database that is gone is said plainly and at once, and it heals by itself."""

import pytest
from django.db import connection


@pytest.fixture
def gone(transactional_db, settings):
    """The database refuses to be reached for the time of a test."""
    connection.close()
    given = connection.settings_dict["PORT"], connection.settings_dict["HOST"]
    connection.settings_dict["PORT"], connection.settings_dict["HOST"] = "1", "127.0.0.1"
    yield
    connection.settings_dict["PORT"], connection.settings_dict["HOST"] = given
    connection.close()


def test_pages_and_the_api_answer_503_while_the_database_is_gone(gone, client):
    client.raise_request_exception = False
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"ready": False})
    client.cookies["session"] = "a" * 32
    page = client.get("/parties/?view=board&page=2")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "5"
    assert "does not answer" in page.content.decode()
    assert '<a href="/parties/?view=board&amp;page=2">Try again</a>' in page.content.decode()
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.django_db
def test_strangers_are_told_no_more_than_whether_work_can_be_done(client):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, status, queue_name) VALUES ('secret_job', 'failed', 'clock')"
        )
        assert client.get("/readyz").json() == {"ready": True}
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sales'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})
