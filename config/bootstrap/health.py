"""Whether a web process is well. Containers run `python -m config.bootstrap.health PORT`."""

import http.client
import os
import sys

TIMEOUT_SECONDS = 5.0
DEFAULT_PORT = 8000


def is_healthy(
    port: int, host_header: str = "127.0.0.1", *, timeout: float = TIMEOUT_SECONDS
) -> bool:
    """Whether GET /health answers 200. Production does so on plain http too, for probes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/health", headers={"Host": host_header})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def allowed_host() -> str:
    """The first real name in ALLOWED_HOSTS, because any other is answered with 400."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first and first != "*" else "127.0.0.1"


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_PORT
    sys.exit(0 if is_healthy(wanted, allowed_host()) else 1)
