import time

import pytest

from apps.core.http.errors import BlockedAddress, ConnectionFailed, DeadlineExceeded
from apps.core.http.types import Policy, Request
from tests.core.http.conftest import Serve, send
from tests.core.http.servers import Server, answering


def open_port(server: Server) -> Policy:
    """Any public name may be asked on the server's port; nothing private is exempt."""
    return Policy(allow_http=True, extra_ports=frozenset({server.port}))


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
        ["2606:4700:4700::1111", "::ffff:127.0.0.1"],
        ["93.184.216.34", "169.254.169.254"],
    ],
)
def test_one_private_record_blocks_the_name(serve: Serve, addresses: list[str]) -> None:
    server = serve(answering())
    request = Request(method="POST", url=f"http://rebound.example:{server.port}/")
    with pytest.raises(BlockedAddress) as caught:
        send(open_port(server), request, lookup=lambda host, port: addresses)
    assert not caught.value.sent
    assert server.connections == 0


def test_a_name_is_looked_up_once_and_pinned(serve: Serve) -> None:
    server = serve(answering())
    lookups: list[str] = []

    def lookup(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"]

    request = Request(method="GET", url=f"http://pinned.test:{server.port}/")
    [response] = send(server.policy("pinned.test"), request, lookup=lookup)
    assert response.status == 200
    assert lookups == ["pinned.test"]


def test_a_name_that_turns_private_between_two_requests_is_blocked(serve: Serve) -> None:
    server = serve(answering("Connection: close"))
    answers = iter([["127.0.0.1"], ["127.0.0.1"]])
    exempted = f"http://first.test:{server.port}/"
    request = Request(method="GET", url=exempted)
    send(server.policy("first.test"), request, lookup=lambda host, port: next(answers))
    with pytest.raises(BlockedAddress):
        send(open_port(server), request, lookup=lambda host, port: next(answers))
    assert len(server.requests) == 1


def test_an_unknown_name_is_a_failed_connection() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(ConnectionFailed) as caught:
        send(Policy(), Request(method="GET", url="https://unknown.example/"), lookup=unknown)
    assert not caught.value.sent


def test_a_name_without_addresses_is_a_failed_connection() -> None:
    with pytest.raises(ConnectionFailed):
        send(
            Policy(),
            Request(method="GET", url="https://empty.example/"),
            lookup=lambda host, port: [],
        )


def test_the_deadline_covers_a_slow_look_up() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(1.0)
        return ["93.184.216.34"]

    started = time.monotonic()
    with pytest.raises(DeadlineExceeded) as caught:
        send(
            Policy(),
            Request(method="GET", url="https://slow.example/"),
            lookup=slow,
            deadline_seconds=0.2,
        )
    assert time.monotonic() - started < 0.9
    assert not caught.value.sent
