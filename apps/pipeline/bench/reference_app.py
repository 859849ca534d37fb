"""The reference view behind the same server: Django under WSGI in a thread pool, nothing native."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from typing import Any, cast

import django
from a2wsgi import WSGIMiddleware
from django.core.handlers.wsgi import WSGIHandler
from django.urls import path

django.setup(set_prefix=False)

from apps.pipeline.bench.reference_door import WebhookView  # noqa: E402  # after Django has been set up

urlpatterns = [path("webhooks/bench", WebhookView.as_view())]


class _Reference(WSGIHandler):
    def get_response(self, request: Any) -> Any:
        request.urlconf = __name__
        return super().get_response(request)


app: Any = WSGIMiddleware(cast("Any", _Reference()), workers=8)
