from django.urls import path

from apps.notifications.api.callbacks import twilio

urlpatterns = [
    path("twilio/inbound", twilio.inbound, name="callback-twilio-inbound"),
    path("twilio/<uuid:ref>", twilio.status, name="callback-twilio-status"),
]
