"""The server refuses to start in a state that nobody should be served from (CFG-01)."""

from django.conf import settings

from krug.config.serving.installation import Unfit

SHORTEST_KEY = 50


def refuse_unsafe_settings() -> None:
    """No debug pages, no guessable key, no answer to any host name."""
    if settings.DEBUG:
        raise Unfit("The server does not start with debug on: the developer's settings are not for serving.")
    if len(settings.SECRET_KEY) < SHORTEST_KEY or len(set(settings.SECRET_KEY)) < 5:
        raise Unfit(f"The secret key is too short: it needs {SHORTEST_KEY} random characters or more.")
    if any(host.strip().startswith("*") for host in settings.ALLOWED_HOSTS):
        raise Unfit("KRUG_ALLOWED_HOSTS must name hosts: * would answer to any.")
