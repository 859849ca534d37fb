from django.urls import path

from apps.notifications.api.history_views import HistoryView, ReadView

urlpatterns = [
    path("history", HistoryView.as_view(), name="notification-history"),
    path("<uuid:public_id>/read", ReadView.as_view(), name="notification-read"),
]
