from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse

from apps.accounts.pages.forms import LoginForm

# What a refused try is answered with; any other one shows the form again.
_STATUS = {"rate_limited": 429, "unavailable": 503}


class LoginPage(LoginView):
    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        codes = (str(error.code) for error in form.non_field_errors().as_data())
        response.status_code = next((_STATUS[code] for code in codes if code in _STATUS), 200)
        return response


class LogoutPage(LogoutView):
    """Asks first: a link that logs out is a link that others can make somebody follow."""

    template_name = "accounts/logout.html"
    http_method_names = ["get", "head", "post", "options"]
