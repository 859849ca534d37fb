from django.urls import path

from apps.notifications.pages import snoozing, views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("held/", views.held, name="inbox-held"),
    path("snooze/", snoozing.snooze, name="inbox-snooze"),
    path("snooze/end/", snoozing.wake, name="inbox-wake"),
    path("read/", views.read_all, name="inbox-read-all"),
    path("<uuid:public_id>/read/", views.read, name="inbox-read"),
]
