from django.urls import include, path

from apps.notifications.api.consent_views import ConsentsView
from apps.notifications.api.feedback_views import FeedbackView
from apps.notifications.api.history_views import HistoryView, ReadView
from apps.notifications.api.preference_views import ChannelPreferencesView
from apps.notifications.api.proposal_views import (
    AcceptView,
    KeepView,
    ProposalsView,
    RejectView,
    UndoView,
)
from apps.notifications.api.push_views import PushActionView, SubscribeView, UnsubscribeView
from apps.notifications.api.silence_views import PostponeView, SilencesView, SilenceView, SnoozeView
from apps.notifications.api.trying_views import TrialView

urlpatterns = [
    path("preferences", ChannelPreferencesView.as_view(), name="notification-preferences"),
    path("test", TrialView.as_view(), name="notification-test"),
    path("consents", ConsentsView.as_view(), name="notification-consents"),
    path("push/subscribe", SubscribeView.as_view(), name="push-subscribe"),
    path("push/unsubscribe", UnsubscribeView.as_view(), name="push-unsubscribe"),
    path("push/act", PushActionView.as_view(), name="push-act"),
    path("", include("apps.notifications.api.hook_urls")),
    path("history", HistoryView.as_view(), name="notification-history"),
    path("snooze", SnoozeView.as_view(), name="notification-snooze"),
    path("silences", SilencesView.as_view(), name="notification-silences"),
    path("silences/<uuid:public_id>", SilenceView.as_view(), name="notification-silence"),
    path("proposals", ProposalsView.as_view(), name="notification-proposals"),
    path("proposals/<uuid:public_id>/accept", AcceptView.as_view(), name="proposal-accept"),
    path("proposals/<uuid:public_id>/reject", RejectView.as_view(), name="proposal-reject"),
    path("proposals/<uuid:public_id>/keep", KeepView.as_view(), name="proposal-keep"),
    path("proposals/<uuid:public_id>/undo", UndoView.as_view(), name="proposal-undo"),
    path("<uuid:public_id>/read", ReadView.as_view(), name="notification-read"),
    path("<uuid:public_id>/snooze", PostponeView.as_view(), name="notification-postpone"),
    path("<uuid:public_id>/feedback", FeedbackView.as_view(), name="notification-feedback"),
]
