"""The settings under which people work."""

import os

from krug.config.settings.base import *  # noqa: F403  (settings are read by name)
from krug.config.settings.base import BASE_URL, DATA, urlsplit
from krug.config.settings.secrets import encryption_keys, secret_key

SECRET_KEY = secret_key(DATA)
ENCRYPTION_KEYS = encryption_keys(DATA)
ALLOWED_HOSTS = [
    name.strip()
    for name in (os.environ.get("KRUG_ALLOWED_HOSTS") or f"{urlsplit(BASE_URL).hostname},127.0.0.1,localhost").split(
        ","
    )
    if name.strip()
]
