"""Real servers on real sockets: one thread accepts, one thread per connection misbehaves."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

from apps.core.http.types import Policy

Handler = Callable[[socket.socket, "Server"], None]


class Server:
    """`requests` are heads and bodies as received; `stopping` tells endless handlers to end."""

    def __init__(self, handler: Handler, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.bytes_sent = 0
        self.stopping = threading.Event()
        self._handler = handler
        self._tls = tls
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept_until_stopped)
        self._acceptor.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def policy(self, host: str = "127.0.0.1") -> Policy:
        return Policy(allow_private=frozenset({f"{host}:{self.port}"}), allow_http=True)

    def _accept_until_stopped(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self.stopping.is_set():
                connection.close()
                return
            self.connections += 1
            self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with closing(connection), suppress(OSError):
            connection.settimeout(10)
            if self._tls is None:
                self._handler(connection, self)
                return
            with self._tls.wrap_socket(connection, server_side=True) as secured:
                self._handler(secured, self)

    def read_request(self, connection: socket.socket) -> bytes:
        """One request with its Content-Length body; b"" when the client has gone."""
        received = b""
        while b"\r\n\r\n" not in received:
            chunk = connection.recv(65_536)
            if not chunk:
                return b""
            received += chunk
        head, _, body = received.partition(b"\r\n\r\n")
        while len(body) < _content_length(head):
            body += connection.recv(65_536)
        self.requests.append(head + b"\r\n\r\n" + body)
        return self.requests[-1]

    def stop(self) -> None:
        """Close the port and end every thread; a second call does nothing."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._acceptor.join(5)
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)


@contextmanager
def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(handler, tls)
    try:
        yield server
    finally:
        server.stop()


def answering(*lines: str, body: bytes = b"", status: str = "200 OK") -> Handler:
    """Every request on every connection gets this answer."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines, "", ""])

    def handle(connection: socket.socket, server: Server) -> None:
        while server.read_request(connection):
            connection.sendall(head.encode() + body)

    return handle


def saying(raw: bytes) -> Handler:
    """One request gets these bytes, whatever they are; then the connection is closed."""

    def handle(connection: socket.socket, server: Server) -> None:
        if server.read_request(connection):
            connection.sendall(raw)

    return handle


def dripping(start: bytes, drop: bytes) -> Handler:
    """`start` at once, then `drop` every 20 ms for as long as anybody listens."""

    def handle(connection: socket.socket, server: Server) -> None:
        if not server.read_request(connection):
            return
        connection.sendall(start)
        while not server.stopping.wait(0.02):
            connection.sendall(drop)

    return handle


def flooding(start: bytes, chunk: bytes, times: int) -> Handler:
    def handle(connection: socket.socket, server: Server) -> None:
        if not server.read_request(connection):
            return
        connection.sendall(start)
        for _ in range(times):
            connection.sendall(chunk)
            server.bytes_sent += len(chunk)

    return handle


def hang(connection: socket.socket, server: Server) -> None:
    """Reads the request and says nothing."""
    server.read_request(connection)
    server.stopping.wait(10)


def hang_at_once(connection: socket.socket, server: Server) -> None:
    """Accepts and reads nothing: no TLS handshake ever ends."""
    server.stopping.wait(10)


def reset(connection: socket.socket, server: Server) -> None:
    """Reads the request, then aborts the connection with a TCP reset."""
    server.read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answer_once_then_vanish(connection: socket.socket, server: Server) -> None:
    """The first request of a connection is answered; the second one is read and not answered."""
    if server.read_request(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    server.read_request(connection)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0
