from django.urls import path

from apps.notifications.api.feedback_views import FeedbackView
from apps.notifications.api.history_views import HistoryView, ReadView
from apps.notifications.api.preference_views import ChannelPreferencesView

urlpatterns = [
    path("preferences", ChannelPreferencesView.as_view(), name="notification-preferences"),
    path("history", HistoryView.as_view(), name="notification-history"),
    path("<uuid:public_id>/read", ReadView.as_view(), name="notification-read"),
    path("<uuid:public_id>/feedback", FeedbackView.as_view(), name="notification-feedback"),
]
