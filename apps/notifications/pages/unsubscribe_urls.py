from django.urls import path

from apps.notifications.pages import tracking, unsubscribing

urlpatterns = [
    path("o/<str:token>", tracking.opened, name="mail-opened"),
    path("c/<str:token>", tracking.clicked, name="mail-clicked"),
    path("<str:token>", unsubscribing.unsubscribe, name="unsubscribe"),
]
