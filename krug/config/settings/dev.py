"""The settings for a developer at home: pages of Django explain what broke."""

from krug.config.settings.prod import *  # noqa: F403  (settings are read by name)

DEBUG = True
