"""The settings of the test suite: the same product, a quick hash, a scratch database."""

import os

os.environ.setdefault("DATABASE_URL", "postgresql://postgres@127.0.0.1:5499/krug")

from krug.config.settings.base import *  # noqa: F403  (settings are read by name)
from krug.config.settings.base import DATABASES

SECRET_KEY = "only-for-tests-" + "k" * 50
ENCRYPTION_KEYS = ["only-for-tests-" + "e" * 50]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["krug.config.settings.hashing.QuickForTests"]
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("KRUG_TEST_DB", "test_krug")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
