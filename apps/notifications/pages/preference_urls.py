from django.urls import path

from apps.notifications.pages import phones, preferences

urlpatterns = [
    path("", preferences.own, name="preferences"),
    path("consents/<slug:purpose>/", preferences.consent, name="preferences-consent"),
    path("try/", preferences.trying, name="preferences-try"),
    path("channels/<slug:channel>/", preferences.channel, name="preferences-channel"),
    path("phones/<slug:channel>/", phones.add, name="preferences-phone-add"),
    path("phones/<uuid:public_id>/verify/", phones.verify, name="preferences-phone-verify"),
    path("phones/<uuid:public_id>/again/", phones.again, name="preferences-phone-again"),
    path("phones/<uuid:public_id>/remove/", phones.remove, name="preferences-phone-remove"),
]
