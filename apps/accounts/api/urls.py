from django.urls import path

from apps.accounts.api import schema  # noqa: F401  # registers the ways in with OpenAPI
from apps.accounts.api.views import RefreshView, TokenView

urlpatterns = [
    path("token", TokenView.as_view(), name="auth-token"),
    path("refresh", RefreshView.as_view(), name="auth-refresh"),
]
