from django.urls import path

from apps.notifications.api.preference_views import PreferenceView
from apps.notifications.api.preview_views import PreferencePreviewView
from apps.notifications.api.proactive_views import EventsView, EventView, VipsView, VipView

urlpatterns = [
    path("preferences", PreferenceView.as_view(), name="proactive-preferences"),
    path(
        "preferences/preview",
        PreferencePreviewView.as_view(),
        name="proactive-preferences-preview",
    ),
    path("vips", VipsView.as_view(), name="proactive-vips"),
    path("vips/<uuid:public_id>", VipView.as_view(), name="proactive-vip"),
    path("events", EventsView.as_view(), name="proactive-events"),
    path("events/<uuid:public_id>", EventView.as_view(), name="proactive-event"),
]
