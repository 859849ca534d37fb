"""The one guarded HTTP client.

One total deadline covers look-up, connection, TLS, sending and reading. A name is resolved once,
refused unless all its addresses are public, and connected to by address while TLS still checks
the name. No redirect is followed, nothing is read from the environment, no cookie is kept,
nothing is decompressed, and no failed request is tried again.
"""

import asyncio
import atexit
import os
import ssl
from types import TracebackType
from typing import Self

import aiohttp
from django.conf import settings

from apps.core.http import background
from apps.core.http.address import check_url
from apps.core.http.errors import DeadlineExceeded, HttpError, ResponseTooLarge
from apps.core.http.resolver import Lookup, PinnedResolver, system_lookup
from apps.core.http.types import ParsedUrl, Policy, Request, Response
from apps.core.http.wire import (
    Progress,
    headers_of,
    joined_headers,
    method_of,
    progress_trace,
    target_of,
    translated,
)

__all__ = [
    "GuardedClient",
    "Policy",
    "Request",
    "Response",
    "default_policy",
    "fetch",
    "shared_client",
]

_CONNECTIONS = 128
# Below what common servers keep: a request on a connection just being closed has no known outcome.
_KEEPALIVE_SECONDS = 4.0
# What a busy background loop may add to a deadline before its caller stops waiting.
_GRACE_SECONDS = 1.0


class GuardedClient:
    """`async with GuardedClient(policy) as client: await client.send(request, deadline_seconds=5)`.

    Holds one pool of connections and belongs to the event loop that entered it. `ssl_context`
    replaces the system's trusted authorities, `lookup` the system's resolver.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        ssl_context: ssl.SSLContext | None = None,
        lookup: Lookup = system_lookup,
    ) -> None:
        self.policy = policy
        self._ssl_context = ssl_context
        self._lookup = lookup
        self._resolver: PinnedResolver | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._opened()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None and self._resolver is not None:
            await self._session.close()
            await self._resolver.close()
        self._session = self._resolver = None

    async def send(self, request: Request, *, deadline_seconds: float) -> Response:
        """The answer, whatever its status, or an HttpError at the latest when the deadline passes.

        A coroutine cannot see its caller's transaction: synchronous code uses `fetch`, or
        `background.run` with `shared_client`, which can.
        """
        url = check_url(request.url, policy=self.policy)
        progress = Progress()
        try:
            async with asyncio.timeout(deadline_seconds):
                return await self._exchange(request, url, progress)
        except HttpError:
            raise
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise translated(error, progress) from error

    async def _exchange(self, request: Request, url: ParsedUrl, progress: Progress) -> Response:
        loop = asyncio.get_running_loop()
        started = loop.time()
        async with self._opened().request(
            method_of(request),
            target_of(url),
            headers=headers_of(request),
            data=request.body or None,
            allow_redirects=False,
            trace_request_ctx=progress,
        ) as answer:
            progress.status = answer.status
            body = await self._read(answer)
        return Response(
            status=answer.status,
            headers=joined_headers(answer),
            body=body,
            elapsed_seconds=loop.time() - started,
        )

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in answer.content.iter_any():
            body += chunk
            if len(body) > self.policy.max_body_bytes:
                answer.close()
                raise ResponseTooLarge(sent=True, response_status=answer.status)
        return bytes(body)

    def _opened(self) -> aiohttp.ClientSession:
        """Made on first use, because a pool belongs to the loop it was made in."""
        if self._session is None:
            self._resolver = PinnedResolver(exempt=self.policy.allow_private, lookup=self._lookup)
            self._session = aiohttp.ClientSession(
                connector=self._connector(self._resolver),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                skip_auto_headers=("Content-Type", "Accept"),
                trace_configs=[progress_trace()],
            )
            # aiohttp repeats GET, PUT and DELETE on a stale connection: a second, unlogged request.
            self._session._retry_connection = False  # noqa: SLF001  # there is no public switch
        return self._session

    def _connector(self, resolver: PinnedResolver) -> aiohttp.TCPConnector:
        return aiohttp.TCPConnector(
            resolver=resolver,
            use_dns_cache=False,
            ssl=self._ssl_context or True,
            limit=max(_CONNECTIONS, self.policy.connections_per_host),
            limit_per_host=self.policy.connections_per_host,
            keepalive_timeout=_KEEPALIVE_SECONDS,
        )


# Per process and policy, used in the background loop only. A forked child keeps, and never
# touches, its parent's: closing one would unregister the parent's sockets.
_clients: dict[tuple[int, Policy], GuardedClient] = {}


def default_policy() -> Policy:
    """What the settings allow: HTTP_ALLOW_PRIVATE, HTTP_ALLOW_HTTP, HTTP_EXTRA_PORTS."""
    return Policy(
        allow_private=frozenset(getattr(settings, "HTTP_ALLOW_PRIVATE", ())),
        allow_http=getattr(settings, "HTTP_ALLOW_HTTP", False),
        extra_ports=frozenset(getattr(settings, "HTTP_EXTRA_PORTS", ())),
    )


def fetch(request: Request, *, deadline_seconds: float, policy: Policy | None = None) -> Response:
    """`GuardedClient.send` for a thread: same promises, one shared pool per process and policy.

    Raises NetworkInsideTransaction when this thread has an open `atomic` block.
    """
    exchange = _send_shared(request, deadline_seconds, policy or default_policy())
    try:
        return background.run(exchange, timeout_seconds=deadline_seconds + _GRACE_SECONDS)
    except TimeoutError as error:
        raise DeadlineExceeded(sent=True) from error


def shared_client(policy: Policy) -> GuardedClient:
    """This process's client for `policy`, to be used by coroutines of `background.run` only."""
    return _clients.setdefault((os.getpid(), policy), GuardedClient(policy))


async def _send_shared(request: Request, deadline_seconds: float, policy: Policy) -> Response:
    return await shared_client(policy).send(request, deadline_seconds=deadline_seconds)


def _close_all() -> None:
    own = [client for (pid, _), client in _clients.items() if pid == os.getpid()]
    for client in own:
        background.run(client.close(), timeout_seconds=_GRACE_SECONDS)


atexit.register(_close_all)
