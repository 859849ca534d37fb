"""Between our values and aiohttp's: what is written, what was read, what went wrong."""

import re
from types import SimpleNamespace

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from apps.core.http.errors import (
    BlockedAddress,
    ConnectionFailed,
    DeadlineExceeded,
    HttpError,
    ProtocolViolated,
    RequestRefused,
)
from apps.core.http.types import ParsedUrl, Request

_OWN_HEADERS = {"User-Agent": "Vigil", "Accept-Encoding": "identity"}
_RESERVED_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te"}
)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN_IN_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Progress(SimpleNamespace):
    """How far one request came: what its failure will have to tell."""

    sent: bool = False
    status: int | None = None


def headers_of(request: Request) -> CIMultiDict[str]:
    """The request's headers over our own, or RequestRefused (injection, a reserved name)."""
    for name, value in request.headers.items():
        if name.lower() in _RESERVED_HEADERS:
            raise RequestRefused("A header of this request belongs to the connection")
        if not _TOKEN.fullmatch(name) or _FORBIDDEN_IN_VALUE.search(value):
            raise RequestRefused("A header of this request is malformed")
    headers: CIMultiDict[str] = CIMultiDict(_OWN_HEADERS)
    headers.update(request.headers)
    return headers


def method_of(request: Request) -> str:
    if not _TOKEN.fullmatch(request.method):
        raise RequestRefused("The method of this request is malformed")
    return request.method.upper()


def target_of(url: ParsedUrl) -> URL:
    """Built from checked parts, so that no second parser can read the host differently."""
    return URL.build(
        scheme=url.scheme,
        host=url.host,
        port=url.port,
        path=url.path,
        query_string=url.query,
        encoded=True,
    )


def joined_headers(answer: aiohttp.ClientResponse) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in answer.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


def translated(error: Exception, progress: Progress) -> HttpError:
    """The HttpError that stands for `error`, an exception of asyncio, aiohttp or the system."""
    failure: type[HttpError] = ProtocolViolated
    if isinstance(error, TimeoutError):
        failure = DeadlineExceeded
    elif isinstance(error, aiohttp.InvalidURL):
        failure = BlockedAddress
    elif isinstance(error, aiohttp.ClientConnectionError | OSError):
        failure = ConnectionFailed
    return failure(sent=progress.sent, response_status=progress.status)


def progress_trace() -> aiohttp.TraceConfig:
    """Marks a request as sent as soon as it owns a connection it could be written to."""

    async def mark_sent(
        session: aiohttp.ClientSession, context: SimpleNamespace, params: object
    ) -> None:
        context.trace_request_ctx.sent = True

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(mark_sent)
    trace.on_connection_reuseconn.append(mark_sent)
    return trace
