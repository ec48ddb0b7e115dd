"""One port for everything: live events here, files by WhiteNoise, all the rest by Django on four threads."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krug.config.settings.prod")

from krug.config.serving.dispatcher import Dispatcher  # noqa: E402
from krug.config.serving.static import with_static_files  # noqa: E402
from krug.config.wsgi import application as django_application  # noqa: E402

application = Dispatcher(with_static_files(django_application))
