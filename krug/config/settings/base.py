"""What is true however Krug is run."""

import os
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from krug.config.settings.database import database_from
from krug.config.settings.places import PACKAGE, PROJECT, data_folder

DATA = data_folder()
PROCESS = os.environ.get("KRUG_PROCESS", "command")
BASE_URL = os.environ.get("KRUG_BASE_URL") or "http://127.0.0.1:8000"
DEBUG = False

DOMAINS = [
    "access",
    "kernel",
    "duplicates",
    "exchange",
    "lists",
    "administration",
    "notifications",
    "parties",
    "activities",
    "catalogue",
    "documents",
    "marketing",
    "tracking",
    "sales",
    "orders",
    "service",
    "loyalty",
    "analytics",
    "integrations",
    "portals",
    "flows",
]
BUILT = [name for name in DOMAINS if (PACKAGE / name / "apps.py").is_file()]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    *(f"krug.{name}" for name in BUILT),
]
MIDDLEWARE = [
    "krug.config.serving.headers.security_headers",
    "krug.kernel.ui.submits.told_where",
    "krug.kernel.attributes.catalogue.attributes_afresh",
    "krug.kernel.sight.looks_afresh",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "krug.administration.doorkeeper.doorkeeper",
    "krug.kernel.screens.refusals.Refusals",
]
ROOT_URLCONF = "krug.config.urls"
WSGI_APPLICATION = "krug.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["krug.administration.backend.PeopleBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / name / "templates" for name in [*BUILT, "kernel/ui"]],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "krug.kernel.ui.environment.environment"},
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {"default": database_from(os.environ.get("DATABASE_URL", "postgresql:///krug"), PROCESS)}
SESSION_ENGINE = "krug.access.session_store"
SESSION_COOKIE_AGE = 7 * 24 * 3600
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["krug.config.settings.hashing.Argon2"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = []

LANGUAGE_CODE = "en"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [PACKAGE / "locale" if (PACKAGE / "locale").is_dir() else PROJECT / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

BUNDLE = PACKAGE / "kernel" / "ui" / "bundle"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BUNDLE] if BUNDLE.is_dir() else []
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]

SECURE = urlsplit(BASE_URL).scheme == "https"
HOST_PREFIX = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{HOST_PREFIX}session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "krug.kernel.ui.errors.not_allowed"
CSRF_COOKIE_NAME = f"{HOST_PREFIX}csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []
LANGUAGE_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
USE_X_FORWARDED_HOST = False
KRUG_API_LIMITS = {"token": 1_200, "user": 2_400, "address": 6_000, "route": 600}
KRUG_OUTGOING_ALLOWED = os.environ.get("KRUG_OUTGOING_ALLOWED", "").split(",")
KRUG_TRUSTED_PROXIES = os.environ.get("KRUG_TRUSTED_PROXIES", "").split(",")
KRUG_IMPORT_MB = int(os.environ.get("KRUG_IMPORT_MB") or 512)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MEDIA_ROOT = DATA / "files"

PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "krug.config.serving.logging.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "krug": {"level": "INFO" if PROCESS in ("web", "worker") else "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
