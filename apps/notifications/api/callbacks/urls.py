from django.urls import path

from apps.notifications.api.callbacks import sendgrid, twilio

urlpatterns = [
    path("sendgrid/events", sendgrid.events, name="sendgrid-events"),
    path("twilio/inbound", twilio.inbound, name="callback-twilio-inbound"),
    path("twilio/<uuid:ref>", twilio.status, name="callback-twilio-status"),
]
