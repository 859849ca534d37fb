"""A load generator that costs little: keep-alive connections, prepared bytes, one process.

Run as `python -m apps.pipeline.bench.load PORT MODE CONNECTIONS RATE < requests.pickle`; prints one
JSON line. Closed loop (MODE `closed`) sends as fast as answers come; open loop (`paced`) sends by
the clock, and a latency counts from the moment the request was due.
"""

import asyncio
import json
import pickle
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Tally:
    statuses: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)


class Connection(asyncio.Protocol):
    """One keep-alive connection with one request in flight."""

    def __init__(self) -> None:
        self._answered: asyncio.Future[str] | None = None
        self._received = b""
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, rest = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(rest) >= length:
            self._received = b""
            self._settle(head[9:12].decode())

    def connection_lost(self, exc: Exception | None) -> None:
        self._settle("lost")

    def _settle(self, status: str) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(status)

    async def exchange(self, request: bytes) -> str:
        self._answered = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answered


async def closed(requests: Iterator[bytes], connection: Connection, tally: Tally) -> None:
    for request in requests:
        begun = time.perf_counter()
        tally.statuses[await connection.exchange(request)] += 1
        tally.latencies.append(time.perf_counter() - begun)


async def paced(
    requests: Iterator[tuple[int, bytes]],
    connection: Connection,
    tally: Tally,
    *,
    start: float,
    rate: float,
) -> None:
    for number, request in requests:
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tally.statuses[await connection.exchange(request)] += 1
        tally.latencies.append(time.perf_counter() - due)


async def run(port: int, mode: str, connections: int, rate: float, requests: list[bytes]) -> Tally:
    loop = asyncio.get_running_loop()
    tally = Tally()
    opened = [
        (await loop.create_connection(Connection, "127.0.0.1", port))[1] for _ in range(connections)
    ]
    if mode == "closed":
        shared = iter(requests)
        await asyncio.gather(*(closed(shared, connection, tally) for connection in opened))
    else:
        numbered = enumerate(requests)
        start = time.perf_counter() + 0.2
        await asyncio.gather(*(paced(numbered, c, tally, start=start, rate=rate) for c in opened))
    for connection in opened:
        connection.transport.close()
    return tally


def main() -> None:
    import uvloop

    port, mode, connections, rate = sys.argv[1:]
    requests = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the bench itself
    begun = time.perf_counter()
    tally = uvloop.run(run(int(port), mode, int(connections), float(rate), requests))
    result = {
        "seconds": time.perf_counter() - begun,
        "statuses": tally.statuses,
        "latencies_ms": sorted(latency * 1_000 for latency in tally.latencies),
    }
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()
