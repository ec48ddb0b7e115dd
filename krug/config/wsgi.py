"""Django behind WSGI, with the front end's files served beside it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krug.config.settings.prod")

application = get_wsgi_application()
