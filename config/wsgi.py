"""Django itself, for everything that is neither a webhook nor a live stream."""

import os

from django.core.wsgi import get_wsgi_application

import config.celery  # noqa: F401  # the application that `shared_task` hints go through

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
