from django.urls import path

from apps.accounts.pages.views import LoginPage, LogoutPage

urlpatterns = [
    path("login/", LoginPage.as_view(), name="login"),
    path("logout/", LogoutPage.as_view(), name="logout"),
]
