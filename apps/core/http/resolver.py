"""Resolve once, check every answer, hand over exactly what was checked.

The connector connects to the addresses returned here and never asks again, so a name cannot
change its meaning between the check and the connection (DNS rebinding).
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

from apps.core.http.address import check_address
from apps.core.http.errors import BlockedAddress

# A blocking look-up: (host, port) → every address of that host. Raises OSError.
Lookup: TypeAlias = Callable[[str, int], Sequence[str]]

_LOOKUP_THREADS = 16


def system_lookup(host: str, port: int) -> list[str]:
    """All addresses the operating system knows for `host`, each once, in its order."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class PinnedResolver(AbstractResolver):
    """Refuses a name unless all its addresses are public or its "host:port" is in `exempt`.

    A look-up that outlives its caller's deadline keeps one of its own threads busy, never one of
    the event loop's.
    """

    def __init__(self, *, exempt: frozenset[str], lookup: Lookup = system_lookup) -> None:
        self._exempt = exempt
        self._lookup = lookup
        self._executor = ThreadPoolExecutor(_LOOKUP_THREADS, thread_name_prefix="dns")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        addresses = await loop.run_in_executor(self._executor, self._lookup, host, port)
        if not addresses:
            raise OSError(f"no address for {host}")
        if f"{host}:{port}" not in self._exempt:
            self._require_public(addresses)
        return [_pinned(host, port, address) for address in addresses]

    async def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    @staticmethod
    def _require_public(addresses: Sequence[str]) -> None:
        for address in addresses:
            try:
                check_address(address)
            except BlockedAddress as error:
                raise BlockedAddress("This name leads to an address that is not public") from error


def _pinned(host: str, port: int, address: str) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=socket.AF_INET6 if ":" in address else socket.AF_INET,
        proto=0,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
