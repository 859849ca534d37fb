"""Finding a port to listen on."""

import errno
import socket

from config.bootstrap.errors import SetupError

ATTEMPTS = 20
HIGHEST_PORT = 65_535
CONNECT_TIMEOUT_SECONDS = 0.2


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next free one of twenty. Raises SetupError when none is."""
    last = min(wanted + ATTEMPTS, HIGHEST_PORT)
    for port in range(wanted, last + 1):
        if is_free(host, port):
            return port
    raise SetupError(f"every port from {wanted} to {last} is taken. Choose another with --port.")


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now. Raises SetupError when this host never could."""
    if _answers("127.0.0.1", port):
        return False
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return False
        raise SetupError(f"cannot listen on {host}:{port}: {error}.") from error
    return True


def _answers(host: str, port: int) -> bool:
    """A wildcard listener does not stop a bind to one address everywhere, but it does answer."""
    with socket.socket() as probe:
        probe.settimeout(CONNECT_TIMEOUT_SECONDS)
        return probe.connect_ex((host, port)) == 0
