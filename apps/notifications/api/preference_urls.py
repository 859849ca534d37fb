from django.urls import path

from apps.notifications.api.preference_views import (
    MyPreferencesView,
    NewPreferencesView,
    PersonsPreferencesView,
)

urlpatterns = [
    path("", NewPreferencesView.as_view(), name="user-preferences"),
    path("me", MyPreferencesView.as_view(), name="user-preferences-me"),
    path("<uuid:public_id>", PersonsPreferencesView.as_view(), name="user-preferences-of"),
]
