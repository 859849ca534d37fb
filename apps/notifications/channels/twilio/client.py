"""The vendor's SDK over our one HTTP client.

The SDK writes requests and reads answers. Connections, the deadline and the size are the guarded
client's, which never tries again: a client of ours stands where the SDK's would, whose own has no
time-out at all.
"""

import asyncio
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings

from apps.core.engines.circuit import Outcome
from apps.core.http.client import default_policy
from apps.core.http.types import Request
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear
from apps.notifications.channels.posting import post
from apps.notifications.channels.twilio.failures import refusal

# A page of messages; our own limit for anything else is lower.
_MAX_BODY_BYTES: Final = 1_048_576
_HOST: Final = ".twilio.com"
# Given an empty one, the SDK reads the process's: TWILIO_EDGE and TWILIO_REGION are no settings.
_ENVIRONMENT: Final = {"TWILIO_REGION": ""}
# What the SDK would import when it is first used, which is in the loop's thread.
_USED: Final = (
    "twilio.rest.api.v2010.account.message",
    "twilio.rest.verify.v2.service.verification_check",
)


def is_set_up() -> bool:
    return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN)


async def ready() -> Any:
    """The SDK's client, for coroutines of `background`. Twilio is imported with the first one."""
    return await asyncio.to_thread(
        _client, settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_API_URL
    )


@contextmanager
def readable(*, posted: bool = True) -> Iterator[None]:
    """The SDK builds its objects without looking, so what it reads may be of any type.

    A success that cannot be read is one all the same where something was `posted`: raises
    DeliveryUnclear then, else DeliveryError.
    """
    try:
        yield
    except (DeliveryError, DeliveryUnclear):
        raise
    except _unreadable() as error:
        problem = f"Its answer cannot be read ({type(error).__name__})"
        fault, code = Outcome.SERVER_ERROR, "unreadable_answer"
        if posted:
            raise DeliveryUnclear(problem, fault=fault, code=code) from None
        raise DeliveryError(problem, permanent=False, fault=fault, code=code) from None


def _unreadable() -> tuple[type[Exception], ...]:
    """The SDK's own, its parser's (ValueError), and those of an answer of another shape."""
    from twilio.base.exceptions import TwilioException

    return (TwilioException, ValueError, TypeError, AttributeError, LookupError)


@cache
def _client(account: str, token: str, api_url: str) -> Any:
    from twilio.http import AsyncHttpClient
    from twilio.http.response import Response
    from twilio.rest import Client

    class GuardedHttpClient(AsyncHttpClient):  # type: ignore[misc]  # the SDK has no types
        """The SDK's way out, made here because the vendor's package is imported here."""

        async def request(self, method: str, uri: str, **parts: Any) -> Any:
            request = Request(
                method=method,
                url=_url(uri, parts.get("params"), api_url),
                headers={**(parts.get("headers") or {}), "Authorization": _basic(account, token)},
                body=urlencode(parts.get("data") or {}, doseq=True).encode(),
            )
            return Response(*await _exchange(request))

    for module in _USED:
        import_module(module)
    client = GuardedHttpClient(None, True)
    return Client(account, token, http_client=client, environment=_ENVIRONMENT)


async def _exchange(request: Request) -> tuple[int, str]:
    """Status and text of a success. Raises DeliveryError, and DeliveryUnclear for a POST only."""
    posts = request.method == "POST"
    try:
        response = await post(
            request, policy=replace(default_policy(), max_body_bytes=_MAX_BODY_BYTES)
        )
    except DeliveryUnclear as error:
        if posts:
            raise
        raise DeliveryError(
            error.detail, permanent=False, fault=error.fault, code=error.code
        ) from error
    failure = refusal(response, posted=posts)
    if failure is not None:
        raise failure
    return response.status, response.body.decode("utf-8", "replace")


def _url(uri: str, params: Mapping[str, object] | None, api_url: str) -> str:
    """The SDK's address, or the same place of TWILIO_API_URL. No other host is told the token."""
    parts = urlsplit(uri)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host.endswith(_HOST) or parts.username is not None:
        raise DeliveryError("Not an address of Twilio's", permanent=True)
    query = "&".join(part for part in (parts.query, urlencode(params or {}, doseq=True)) if part)
    if api_url:
        own = urlsplit(api_url)
        path = own.path.rstrip("/") + parts.path
        return urlunsplit((own.scheme, own.netloc, path, query, ""))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()
