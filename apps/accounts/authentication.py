"""Who is asking: a person with an access token or a session, or a program with an API key.

A credential that is given but wrong is refused (401); it never falls back to another one.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import NoReturn

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import ApiKey, User
from apps.accounts.services import api_keys
from apps.accounts.services.access_tokens import user_of_access
from apps.core.errors import Unauthorized

__all__ = [
    "API_KEY_HEADER",
    "ApiKeyAuthentication",
    "JwtAuthentication",
    "SessionAuthentication",
    "user_of_headers",
]

API_KEY_HEADER = "X-API-Key"


class JwtAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`; `request.auth` stays None."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        token = _credential(request.headers.get("Authorization", ""), "bearer")
        if token is None:
            return None
        try:
            return user_of_access(token), None
        except Unauthorized as error:
            _refuse(error)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Api-Key <key>` or `X-API-Key: <key>`; `request.auth` is the ApiKey."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        text = _credential(request.headers.get("Authorization", ""), "api-key")
        text = text if text is not None else request.headers.get(API_KEY_HEADER)
        if text is None:
            return None
        try:
            key = api_keys.check(text, now=timezone.now())
        except Unauthorized as error:
            _refuse(error)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return "Api-Key"


def user_of_headers(headers: Mapping[str, str], cookies: Mapping[str, str]) -> User | None:
    """Who opens a native connection: a bearer token, or else the session; None for nobody.

    `headers` have lower-case names. Reads the database, so call it from a thread.
    """
    token = _credential(headers.get("authorization", ""), "bearer")
    if token is None:
        return _user_of_session(cookies.get(settings.SESSION_COOKIE_NAME))
    try:
        return user_of_access(token)
    except Unauthorized:
        return None


def _user_of_session(key: str | None) -> User | None:
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user if isinstance(user, User) else None


def _credential(header: str, scheme: str) -> str | None:
    """What follows the scheme, "" when nothing does; None for another scheme."""
    word, _, rest = header.strip().partition(" ")
    return rest.strip() if word.lower() == scheme else None


def _refuse(error: Unauthorized) -> NoReturn:
    raise AuthenticationFailed(error.detail) from None
