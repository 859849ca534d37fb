"""One client per event loop: a pool of connections must not be used from another loop.

A client is closed when its loop shuts its asynchronous generators down, which `asyncio.run` does
by itself, so nobody has to remember it.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    async def close(self) -> None: ...


ClientT = TypeVar("ClientT", bound=Closable)
_Key = tuple[asyncio.AbstractEventLoop, Hashable]


class ClientsByLoop(Generic[ClientT]):
    """`await clients.get(credentials, make)`: made once per loop and credentials, then shared."""

    def __init__(self) -> None:
        # The generator that closes a client is kept here, for its loop holds it only weakly.
        self._held: dict[_Key, tuple[ClientT, AsyncGenerator[None, None]]] = {}

    async def get(self, credentials: Hashable, make: Callable[[], ClientT]) -> ClientT:
        key = (asyncio.get_running_loop(), credentials)
        if key not in self._held:
            client = make()
            closer = self._close_with_loop(key, client)
            self._held[key] = (client, closer)
            await anext(closer)
        return self._held[key][0]

    async def _close_with_loop(self, key: _Key, client: ClientT) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            del self._held[key]
            await client.close()
