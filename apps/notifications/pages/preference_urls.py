from django.urls import path

from apps.notifications.pages import preferences, push

urlpatterns = [
    path("", preferences.own, name="preferences"),
    path("consents/<slug:purpose>/", preferences.consent, name="preferences-consent"),
    path("push/", push.state, name="preferences-push"),
    path("try/", preferences.trying, name="preferences-try"),
    path("channels/<slug:channel>/", preferences.channel, name="preferences-channel"),
]
