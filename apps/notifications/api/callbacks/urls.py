from django.urls import path

from apps.notifications.api.callbacks import sendgrid

urlpatterns = [
    path("sendgrid/events", sendgrid.events, name="sendgrid-events"),
]
