"""What only the door itself can be asked: raw sockets, slow senders, full queues."""

import http.client
import socket
import time
from contextlib import suppress

import pytest
from django.db import connection

from apps.ingestion.models import RawEvent, Source
from tests.faults.harness import ROOMY, Workers
from tests.ingestion.conftest import READ_DEADLINE_SECONDS, Elsewhere
from tests.ingestion.posting import Letter, fresh, post

pytestmark = [pytest.mark.processes, pytest.mark.django_db]

MEBIBYTE = 1_048_576


@pytest.fixture
def sent(committed: Source) -> Letter:
    return fresh(committed)


def head(sent: Letter, *lines: str) -> bytes:
    headers = [f"{name}: {value}" for name, value in sent.headers.items()]
    start = [f"POST {sent.path} HTTP/1.1", "Host: door.example"]
    return "\r\n".join([*start, *headers, *lines, "", ""]).encode()


def converse(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Everything the server says until it closes, after these bytes were sent one by one."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        answer = b""
        with suppress(ConnectionResetError):  # it closed without having read everything
            while chunk := connection.recv(65_536):
                answer += chunk
    return answer


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_an_announced_length_of_ten_gigabytes_is_refused_before_a_byte_is_read(
    port: int, sent: Letter
) -> None:
    started = time.monotonic()
    answer = converse(port, head(sent, "Content-Length: 10000000000"), b"x")
    assert status_of(answer) == 413
    assert b"payload_too_large" in answer
    assert time.monotonic() - started < READ_DEADLINE_SECONDS


def test_a_chunked_body_is_refused_at_the_limit(port: int, sent: Letter) -> None:
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head(sent, "Transfer-Encoding: chunked") + chunk * 17)
        assert status_of(connection.recv(65_536)) == 413


def test_a_chunked_body_within_the_limit_is_accepted(port: int, sent: Letter) -> None:
    size = f"{len(sent.body):x}\r\n".encode()
    parts = head(sent, "Transfer-Encoding: chunked", "Connection: close"), size
    answer = converse(port, *parts, sent.body + b"\r\n0\r\n\r\n")
    assert status_of(answer) == 202


def test_a_body_that_never_comes_ends_at_the_deadline(port: int, sent: Letter) -> None:
    started = time.monotonic()
    answer = converse(port, head(sent, "Content-Length: 100"), b"{")
    assert status_of(answer) == 408
    assert b"request_timeout" in answer
    assert b"took too long" in answer
    assert READ_DEADLINE_SECONDS <= time.monotonic() - started < READ_DEADLINE_SECONDS + 2


def test_a_body_that_drips_ends_at_the_same_deadline(port: int, sent: Letter) -> None:
    started = time.monotonic()
    answer = converse(port, head(sent, "Content-Length: 100"), *[b"{"] * 3, pause=0.12)
    assert status_of(answer) == 408
    assert time.monotonic() - started < READ_DEADLINE_SECONDS + 2


def test_a_sender_that_hangs_up_leaves_no_row_and_no_trouble(port: int, sent: Letter) -> None:
    before = RawEvent.objects.count()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(head(sent, "Content-Length: 100") + b"{")
    assert post(port, sent).status == 202
    assert RawEvent.objects.count() == before + 1


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: five"],
        ["Content-Length: -1"],
    ],
    ids=["both", "twice", "word", "negative"],
)
def test_a_request_with_two_meanings_is_refused_by_the_server(
    port: int, sent: Letter, lines: list[str]
) -> None:
    assert status_of(converse(port, head(sent, *lines) + b"0\r\n\r\n")) == 400


def test_a_signature_of_a_mebibyte_is_unauthorized(port: int, sent: Letter) -> None:
    sent.headers["webhook-signature"] = "v1," + "A" * MEBIBYTE
    answer = converse(port, head(sent, "Content-Length: 0", "Connection: close"))
    assert status_of(answer) == 401


def test_the_head_method_is_not_allowed_and_gets_no_body(port: int, sent: Letter) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("HEAD", sent.path, headers=sent.headers)
    response = connection.getresponse()
    assert (response.status, response.read()) == (405, b"")
    connection.close()


def test_one_connection_carries_many_letters(port: int, committed: Source) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    statuses = []
    for _ in range(3):
        sent = fresh(committed)
        connection.request("POST", sent.path, body=sent.body, headers=sent.headers)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()
    assert statuses == [202, 202, 202]


@pytest.fixture
def full_door(web: Workers, committed: Source) -> int:
    return web.serve(settings={**ROOMY, "WEBHOOK_QUEUE_LIMIT": 0})


def test_a_full_queue_says_when_to_come_again(full_door: int, sent: Letter) -> None:
    answer = post(full_door, sent)
    assert (answer.status, answer.body["code"], answer.body["number"]) == (503, "queue_full", 5032)
    assert answer.headers["retry-after"] == "5"


def test_a_full_inbox_says_when_to_come_again(port: int, web: Workers, sent: Letter) -> None:
    assert post(port, sent).status == 202
    crowded = web.start("web", settings={**ROOMY, "INBOX_HIGH_WATER_ROWS": 0})["port"]
    answers = [post(crowded, sent) for _ in range(1)]
    while answers[-1].body["detail"] == "Starting":
        time.sleep(0.05)
        answers.append(post(crowded, sent))
    assert (answers[-1].status, answers[-1].body["code"]) == (503, "queue_full")
    assert answers[-1].headers["retry-after"] == "15"


def test_a_table_that_changed_under_the_door_costs_one_answer(
    port: int, committed: Source, elsewhere: Elsewhere
) -> None:
    """What was planned for the table of before goes with its connection."""
    assert post(port, fresh(committed)).status == 202
    elsewhere(lambda: _retype("text"))
    try:
        assert [post(port, fresh(committed)).status for _ in range(2)] == [503, 202]
    finally:
        elsewhere(lambda: _retype("uuid"))
    assert [post(port, fresh(committed)).status for _ in range(2)] == [503, 202]


def _retype(kind: str) -> None:
    table = RawEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE {table} ALTER correlation_id TYPE {kind} USING correlation_id::{kind}"
        )
