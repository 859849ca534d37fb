from django.urls import path

from apps.notifications.api.hook_views import (
    EnableView,
    HooksView,
    HookView,
    RecoverView,
    RotateView,
)

urlpatterns = [
    path("hooks", HooksView.as_view(), name="hooks"),
    path("hooks/<uuid:public_id>", HookView.as_view(), name="hook"),
    path("hooks/<uuid:public_id>/rotate", RotateView.as_view(), name="hook-rotate"),
    path("hooks/<uuid:public_id>/enable", EnableView.as_view(), name="hook-enable"),
    path("hooks/<uuid:public_id>/recover", RecoverView.as_view(), name="hook-recover"),
]
