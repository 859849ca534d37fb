"""One exchange with a model's API through the guarded client, every failure with its name.

What comes back is at most 256 KiB of strict JSON with a status of success.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from django.conf import settings

from apps.classification.engines.answers import MAX_ANSWER_BYTES
from apps.classification.providers.base import Failure, ProviderError
from apps.classification.providers.loops import ClientsByLoop
from apps.core import strictjson
from apps.core.errors import VigilError
from apps.core.http.client import GuardedClient, Request, Response, default_policy
from apps.core.http.errors import FailureKind, HttpError
from apps.core.json_types import Json

_MAX_RETRY_AFTER_SECONDS: Final = 3_600.0
_FAILURES: Final = {
    FailureKind.TIMEOUT: Failure.TIMEOUT,
    FailureKind.CONNECT: Failure.UNAVAILABLE,
    FailureKind.BLOCKED: Failure.REFUSED,
    FailureKind.PROTOCOL: Failure.GARBAGE,
    FailureKind.TOO_LARGE: Failure.GARBAGE,
}

_clients: ClientsByLoop[GuardedClient] = ClientsByLoop()


@asynccontextmanager
async def within(deadline_seconds: float) -> AsyncIterator[None]:
    """The total deadline of everything inside, as a ProviderError."""
    try:
        async with asyncio.timeout(deadline_seconds):
            yield
    except TimeoutError:
        raise ProviderError(Failure.TIMEOUT) from None


async def exchange(request: Request, *, deadline_seconds: float) -> tuple[Response, Json]:
    """The answer and the document in it, or a ProviderError."""
    policy = replace(
        default_policy(),
        max_body_bytes=MAX_ANSWER_BYTES,
        # All of a round and its shadow: whoever waits in line loses time of its deadline.
        connections_per_host=2 * settings.LLM_BATCH_ROWS,
    )
    client = await _clients.get(policy, lambda: GuardedClient(policy))
    try:
        response = await client.send(request, deadline_seconds=deadline_seconds)
    except HttpError as error:
        raise ProviderError(_FAILURES[error.kind], f"{error.kind.label}: {error.title}") from error
    if not 200 <= response.status < 300:
        raise _refusal(response)
    try:
        return response, strictjson.loads(response.body, max_bytes=MAX_ANSWER_BYTES)
    except VigilError as error:
        raise ProviderError(Failure.GARBAGE, f"Not a JSON answer ({error.code})") from None


def _refusal(response: Response) -> ProviderError:
    """By status alone: the body of a refusal may repeat what was asked, or the key."""
    return ProviderError(
        _failure_of(response.status),
        f"HTTP status {response.status}",
        retry_after=_retry_after(response.headers.get("retry-after", "")),
    )


def _failure_of(status: int) -> Failure:
    if status == 429:
        return Failure.RATE_LIMITED
    if status >= 500:
        return Failure.UNAVAILABLE
    return Failure.TIMEOUT if status == 408 else Failure.REFUSED


def _retry_after(header: str) -> float | None:
    """Seconds; the other form, a date, would need a clock that agrees with theirs."""
    seconds = header.strip()
    if not seconds.isascii() or not seconds.isdigit():
        return None
    return min(float(seconds[:9]), _MAX_RETRY_AFTER_SECONDS)
