"""One port for everything: live events here, files by WhiteNoise, all the rest by Django on a few threads."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krug.config.settings.prod")

from krug.config.serving.dispatcher import Dispatcher
from krug.config.serving.memory import settle
from krug.config.serving.static import with_static_files
from krug.config.wsgi import application as django_application

application = Dispatcher(with_static_files(django_application))
settle()
