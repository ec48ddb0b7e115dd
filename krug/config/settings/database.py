"""A PostgreSQL address becomes Django's description of a database."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

LIMITS = {
    "web": {
        "statement_timeout": "10s",
        "lock_timeout": "3s",
        "idle_in_transaction_session_timeout": "30s",
        "max_parallel_workers_per_gather": "0",
    },
    "worker": {"statement_timeout": "15min", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "5min"},
}
NAMES = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT", "dbname": "NAME"}


def database_from(address: str, process: str = "command") -> dict[str, Any]:
    """Read a postgresql:// address and add the time limits of the process that will use it."""
    given = {key: str(value) for key, value in conninfo_to_dict(address).items()}
    description: dict[str, Any] = {name: given.pop(key, "") for key, name in NAMES.items()}
    limits = " ".join(f"-c {name}={value}" for name, value in LIMITS.get(process, {}).items())
    given["options"] = f"{given.get('options', '')} {limits}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        **description,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"application_name": f"krug-{process}", **{key: value for key, value in given.items() if value}},
    }
