"""The one identifier that follows a fact from the door to the delivery, across processes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.http import HttpRequest, HttpResponseBase

from apps.core.identifiers import uuid7

HTTP_HEADER = "X-Request-ID"
TASK_HEADER = "vigil_correlation_id"
# Where a request keeps it for Django, which speaks of an answer when the block is over.
META_NAME = "vigil.correlation_id"

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_current: ContextVar[UUID | None] = ContextVar("correlation_id", default=None)


def current() -> UUID | None:
    """The identifier of the work this thread or coroutine is doing, if it has one."""
    return _current.get()


@contextmanager
def bind(correlation_id: UUID) -> Iterator[UUID]:
    """Make `correlation_id` the current one for the block, then restore what was before."""
    token = _current.set(correlation_id)
    try:
        yield correlation_id
    finally:
        _current.reset(token)


def parse(text: object) -> UUID | None:
    """The UUID in its usual spelling with hyphens, or nothing: no other text gets through."""
    return UUID(text) if isinstance(text, str) and _UUID.fullmatch(text) else None


class CorrelationMiddleware:
    """Bind the caller's X-Request-ID when it is a UUID, otherwise a new one, and answer with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with bind(parse(request.headers.get(HTTP_HEADER)) or uuid7()) as correlation_id:
            request.META[META_NAME] = str(correlation_id)
            response = self.get_response(request)
            response.headers[HTTP_HEADER] = str(correlation_id)
            return response


def connect_celery() -> None:
    """Carry the identifier in task messages; a task that came without one gets a new one."""
    before_task_publish.connect(_attach, dispatch_uid="correlation", weak=False)
    task_prerun.connect(_enter, dispatch_uid="correlation", weak=False)
    task_postrun.connect(_leave, dispatch_uid="correlation", weak=False)


def _attach(headers: dict[str, Any] | None = None, **_: Any) -> None:
    correlation_id = current()
    if headers is not None and correlation_id is not None:
        headers.setdefault(TASK_HEADER, str(correlation_id))


def _enter(task: Any, **_: Any) -> None:
    received = parse(task.request.get(TASK_HEADER))
    task.request.correlation_token = _current.set(received or current() or uuid7())


def _leave(task: Any, **_: Any) -> None:
    token = task.request.get("correlation_token")
    if token is not None:
        _current.reset(token)
