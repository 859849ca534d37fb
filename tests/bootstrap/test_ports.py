import socket
from collections.abc import Iterator

import pytest

from config.bootstrap.errors import SetupError
from config.bootstrap.ports import HIGHEST_PORT, free_port, is_free


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_port_somebody_listens_on_is_taken(listener: socket.socket) -> None:
    assert not is_free("127.0.0.1", listener.getsockname()[1])


def test_a_listener_on_one_address_blocks_the_port_for_all_addresses(
    listener: socket.socket,
) -> None:
    assert not is_free("0.0.0.0", listener.getsockname()[1])


def test_the_next_free_port_is_found(listener: socket.socket) -> None:
    taken = listener.getsockname()[1]
    assert free_port("127.0.0.1", taken) in range(taken + 1, taken + 21)


def test_the_search_ends_at_the_highest_port() -> None:
    with (
        socket.create_server(("127.0.0.1", HIGHEST_PORT)),
        pytest.raises(SetupError, match="taken"),
    ):
        free_port("127.0.0.1", HIGHEST_PORT)


def test_an_address_that_is_not_ours_is_an_error_and_not_a_taken_port() -> None:
    with pytest.raises(SetupError, match=r"cannot listen on 192\.0\.2\.1"):
        free_port("192.0.2.1", 8000)


def test_a_port_stays_free_after_it_was_looked_at() -> None:
    port = free_port("127.0.0.1", 20_000)
    assert free_port("127.0.0.1", port) == port
