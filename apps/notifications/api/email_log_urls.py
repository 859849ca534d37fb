from django.urls import path

from apps.notifications.api.email_log_views import (
    EmailFiguresView,
    EmailLogsView,
    EmailLogView,
    EventsEmailLogsView,
    PersonsEmailLogsView,
)

urlpatterns = [
    path("", EmailLogsView.as_view(), name="email-logs"),
    path("stats/summary", EmailFiguresView.as_view(), name="email-log-summary"),
    path("user/<uuid:public_id>", PersonsEmailLogsView.as_view(), name="email-logs-of-person"),
    path("event/<uuid:public_id>", EventsEmailLogsView.as_view(), name="email-logs-of-event"),
    path("<uuid:public_id>", EmailLogView.as_view(), name="email-log"),
]
