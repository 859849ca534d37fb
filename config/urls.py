"""One table of all prefixes."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.core import health, metrics
from apps.ingestion.api.webhooks import webhook
from apps.notifications.api.push_views import PushKeyView
from apps.notifications.pages.push import worker

urlpatterns = [
    path("", RedirectView.as_view(url="/inbox/"), name="home"),
    re_path(r"^webhooks(?:/|$)", webhook, name="webhook"),
    path("v3/proactive/", include("apps.notifications.api.proactive_urls")),
    path("api/notifications/", include("apps.notifications.api.urls")),
    path("api/v1/user-preferences/", include("apps.notifications.api.preference_urls")),
    path("api/auth/", include("apps.accounts.api.urls")),
    path(".well-known/vigil-push", PushKeyView.as_view(), name="push-key"),
    path("service-worker.js", worker, name="push-worker"),
    path("inbox/", include("apps.notifications.pages.urls")),
    path("preferences/", include("apps.notifications.pages.preference_urls")),
    path("u/", include("apps.notifications.pages.unsubscribe_urls")),
    path("callbacks/", include("apps.notifications.api.callbacks.urls")),
    path("api/v1/email-logs/", include("apps.notifications.api.email_log_urls")),
    path("", include("apps.accounts.pages.urls")),
    path("health", health.health, name="health"),
    path("health/redis", health.health_redis, name="health-redis"),
    path("health/db", health.health_db, name="health-db"),
    # Browsers ask for it on every page that names no icon, such as an error's.
    path("favicon.ico", RedirectView.as_view(url=static("inbox/icon.svg")), name="favicon"),
    path("metrics", metrics.export, name="metrics"),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("admin/", admin.site.urls),
]

handler400 = "apps.core.api.problems.handler400"
handler403 = "apps.core.api.problems.handler403"
handler404 = "apps.core.api.problems.handler404"
handler500 = "apps.core.api.problems.handler500"
