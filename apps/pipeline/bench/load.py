"""A load generator that costs little: keep-alive connections, prepared bytes, one thread.

Run as `python -m apps.pipeline.bench.load PORT CONNECTIONS RATE < requests.pickle`; prints one JSON
line. RATE 0 is a closed loop, which sends as fast as answers come; any other sends by the clock,
and a latency counts from the moment the request was due.
"""

import json
import pickle
import select
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

CONNECT_PAUSE_SECONDS = 0.005


@dataclass(slots=True)
class Tally:
    statuses: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0


class Connection:
    """One keep-alive connection with at most one request in flight."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.since = 0.0
        self._received = b""

    def send(self, request: bytes, *, since: float) -> None:
        self.since = since
        with suppress(OSError):  # a closed connection says so when it is read
            self.socket.sendall(request)

    def answer(self) -> str:
        """The status, once the whole answer is there; "" until then, "lost" when it closed."""
        try:
            received = self.socket.recv(65_536)
        except OSError:
            received = b""
        if not received:
            return "lost"
        if self._received:
            received = self._received + received
        if not _is_whole(received):
            self._received = received
            return ""
        self._received = b""
        return received[9:12].decode()


def _is_whole(answer: bytes) -> bool:
    head_ends = answer.find(b"\r\n\r\n")
    if head_ends < 0:
        return False
    length = answer[:head_ends].lower().partition(b"content-length: ")[2].partition(b"\r")[0]
    return len(answer) - head_ends - len(b"\r\n\r\n") >= int(length)


class Generator:
    """Sends every request once, on whichever connection is free."""

    def __init__(self, port: int, connections: int) -> None:
        self._poll = select.poll()
        self._open: dict[int, Connection] = {}
        self._free: deque[Connection] = deque()
        for _ in range(connections):
            connection = Connection(port)
            self._poll.register(connection.socket, select.POLLIN)
            self._open[connection.socket.fileno()] = connection
            self._free.append(connection)
            # Of several processes at one port, each takes its share.
            time.sleep(CONNECT_PAUSE_SECONDS)

    def run(self, requests: Sequence[bytes], *, rate: float) -> Tally:
        tally, sent = Tally(), 0
        begun = time.perf_counter()
        interval = 1 / rate if rate else 0.0
        while len(tally.latencies) < len(requests) and self._open:
            now = time.perf_counter()
            while self._free and sent < len(requests) and begun + sent * interval <= now:
                due = begun + sent * interval if rate else now
                self._free.popleft().send(requests[sent], since=due)
                sent += 1
            idle = self._free and sent < len(requests)
            wait = begun + sent * interval - now
            self._receive(tally, max(0.0, wait * 1_000) if idle else None)
        tally.seconds = time.perf_counter() - begun
        return tally

    def _receive(self, tally: Tally, milliseconds: float | None) -> None:
        for number, _ in self._poll.poll(milliseconds):
            connection = self._open[number]
            status = connection.answer()
            if status == "lost":
                self._poll.unregister(number)
                del self._open[number]
                if connection in self._free:
                    self._free.remove(connection)
                    continue
            elif status:
                self._free.append(connection)
            if status:
                tally.statuses[status] += 1
                tally.latencies.append(time.perf_counter() - connection.since)


def main() -> None:
    port, connections, rate = sys.argv[1:]
    requests = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the bench itself
    tally = Generator(int(port), int(connections)).run(requests, rate=float(rate))
    result = {
        "seconds": tally.seconds,
        "statuses": {status: count for status, count in tally.statuses.items() if count},
        "latencies_ms": sorted(latency * 1_000 for latency in tally.latencies),
    }
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()
