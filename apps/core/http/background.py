"""One event loop in one daemon thread per process, for callers that have none of their own.

This is where a transaction is noticed: Django's connections are invisible from a coroutine, so
synchronous code must come through here and not through a loop of its own.
"""

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from apps.core.http.transaction import NetworkInsideTransaction, refuse_inside_transaction

ResultT = TypeVar("ResultT")

_lock = threading.Lock()
# Kept per process: a fork inherits the object but not the thread that runs it.
_loop: asyncio.AbstractEventLoop | None = None


def run(coroutine: Coroutine[Any, Any, ResultT], *, timeout_seconds: float) -> ResultT:
    """Run `coroutine` in the background loop and wait.

    Raises TimeoutError when it does not end in time, and NetworkInsideTransaction.
    """
    future = start(coroutine)
    try:
        return future.result(timeout_seconds)
    except TimeoutError:
        future.cancel()
        raise


def start(coroutine: Coroutine[Any, Any, ResultT]) -> Future[ResultT]:
    """Begin `coroutine` in the background loop. Raises NetworkInsideTransaction."""
    try:
        refuse_inside_transaction()
    except NetworkInsideTransaction:
        coroutine.close()
        raise
    return asyncio.run_coroutine_threadsafe(coroutine, _running_loop())


def _running_loop() -> asyncio.AbstractEventLoop:
    global _loop
    with _lock:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="http", daemon=True).start()
        return _loop


def _forget_after_fork() -> None:
    global _loop, _lock
    _lock = threading.Lock()
    _loop = None


os.register_at_fork(after_in_child=_forget_after_fork)
