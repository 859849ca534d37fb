"""Django itself: who is installed, in the order of the stack (bottom first)."""

import warnings
import zoneinfo
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.env import env

# Zones come from the locked tzdata package, the same on every machine.
zoneinfo.reset_tzpath(to=())

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# Where the embedded servers, generated keys and report files live.
DATA_DIR = Path(env.str("VIGIL_DATA_DIR", default=str(BASE_DIR / ".vigil")))

ENVIRONMENT = env.str("VIGIL_ENVIRONMENT", default="development")
# A production that is misspelled must not come up as a development with open doors.
if ENVIRONMENT not in ("development", "production"):
    raise ImproperlyConfigured(
        f'VIGIL_ENVIRONMENT is "{ENVIRONMENT}": it must be "development" or "production".'
    )
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", default=False)

STACK = [
    "apps.core",
    "apps.accounts",
    "apps.audit",
    "apps.ingestion",
    "apps.rules",
    "apps.classification",
    "apps.notifications",
    "apps.pipeline",
    "apps.reports",
    "apps.schedules",
]

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "django_celery_beat",
    "django_prometheus",
    *STACK,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.correlation.CorrelationMiddleware",
    "apps.core.middleware.SecurityHeadersMiddleware",
    "apps.core.middleware.KnownLengthMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# Without collectstatic there is no such folder, and none is needed.
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
# Serves straight from the apps' static folders, so `up` needs no collectstatic.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/inbox/"
LOGOUT_REDIRECT_URL = "/login/"

PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")
