from django.urls import path

from apps.notifications.pages import opinions, snoozing, views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("held/", views.held, name="inbox-held"),
    path("snooze/", snoozing.snooze, name="inbox-snooze"),
    path("snooze/end/", snoozing.wake, name="inbox-wake"),
    path("proposals/", opinions.offered, name="inbox-proposals"),
    *(
        path(f"proposals/<uuid:public_id>/{word}/", opinions.answer, {"word": word}, name=name)
        for word, name in (
            ("accept", "inbox-accept"),
            ("reject", "inbox-reject"),
            ("keep", "inbox-keep"),
            ("undo", "inbox-undo"),
        )
    ),
    path("read/", views.read_all, name="inbox-read-all"),
    path("<uuid:public_id>/", views.entry, name="inbox-entry"),
    path("<uuid:public_id>/read/", views.read, name="inbox-read"),
    path("<uuid:public_id>/snooze/", snoozing.postpone, name="inbox-postpone"),
    path("<uuid:public_id>/feedback/", opinions.say, name="inbox-say"),
]
