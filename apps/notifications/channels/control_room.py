"""The token of an Automation Anywhere control room: asked for once, kept until it expires."""

import asyncio
import base64
import json
import time
from typing import Any

from django.conf import settings

from apps.core.engines.circuit import Outcome
from apps.core.http.types import Request, Response
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear
from apps.notifications.channels.posting import post, refused

# A token that does not say when it ends is taken to last so long; one ends a little early.
_LIFE_SECONDS = 600.0
_EARLY_SECONDS = 30.0
_LOGIN_SHARE = 0.4


class Tokens:
    """This process's token. Used in the background loop only."""

    def __init__(self) -> None:
        self._token = ""
        self._ends = 0.0
        self._owner: tuple[str, str] = ("", "")

    async def current(self) -> str:
        """A valid token. Raises DeliveryError: whatever happens here, nothing was delivered."""
        owner = (settings.AA_CONTROL_ROOM_URL, settings.AA_USERNAME)
        if not self._token or owner != self._owner or time.time() >= self._ends:
            token = _token_of(await _authenticate())
            self._token, self._ends, self._owner = token, _end_of(token), owner
        return self._token

    def forget(self) -> None:
        self._token = ""


def control_room_url(path: str) -> str:
    return f"{settings.AA_CONTROL_ROOM_URL.rstrip('/')}/{path.lstrip('/')}"


async def _authenticate() -> Response:
    """Wrong credentials are an operator's to mend, so no message fails for good by them."""
    secret = (
        {"apiKey": settings.AA_API_KEY}
        if settings.AA_API_KEY
        else {"password": settings.AA_PASSWORD}
    )
    order = {"username": settings.AA_USERNAME, **secret}
    order["multipleLogin"] = settings.AA_MULTIPLE_LOGIN
    request = Request(
        method="POST",
        url=control_room_url(settings.AA_AUTH_PATH),
        headers={"content-type": "application/json"},
        body=json.dumps(order).encode(),
    )
    try:
        # What is left of the deadline is the deployment's.
        async with asyncio.timeout(settings.SEND_DEADLINE_SECONDS * _LOGIN_SHARE):
            response = await post(request)
    except (TimeoutError, DeliveryUnclear) as error:
        fault = error.fault if isinstance(error, DeliveryUnclear) else Outcome.TIMEOUT
        detail = "The control room did not answer to the log-in"
        raise DeliveryError(detail, permanent=False, fault=fault, code="login") from error
    if refusal := refused(response):
        refusal.permanent, refusal.code = False, f"login_{response.status}"
        raise refusal
    return response


def _token_of(response: Response) -> str:
    answer = _parsed(response.body)
    token = answer.get("token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise DeliveryError("The log-in gave no token", permanent=False, code="login")
    return token


def _end_of(token: str) -> float:
    """Unix seconds. The token is not checked: it is the control room's own to trust."""
    part = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims = _parsed(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        claims = {}
    end = claims.get("exp")
    if isinstance(end, int | float):
        return end - _EARLY_SECONDS
    return time.time() + _LIFE_SECONDS


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
