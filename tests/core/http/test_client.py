import gzip
import time

import pytest

from apps.core.http.errors import (
    ConnectionFailed,
    DeadlineExceeded,
    HttpError,
    ProtocolViolated,
    RequestRefused,
    ResponseTooLarge,
)
from apps.core.http.types import MAX_BODY_BYTES, Request
from tests.core.http.conftest import Serve, Tls, send
from tests.core.http.servers import (
    Handler,
    answer_once_then_vanish,
    answering,
    dripping,
    flooding,
    hang,
    hang_at_once,
    reset,
    saying,
)

OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(hang, id="silence"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"), id="header drip"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a"), id="header value drip"),
        pytest.param(dripping(OK_HEAD, b"a"), id="body drip"),
        pytest.param(
            dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
            id="chunk drip",
        ),
        pytest.param(dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="endless continue"),
    ],
)
def test_one_deadline_ends_every_way_of_being_slow(serve: Serve, handler: Handler) -> None:
    server = serve(handler)
    started = time.monotonic()
    with pytest.raises(DeadlineExceeded) as caught:
        send(server.policy(), Request(method="POST", url=server.url), deadline_seconds=0.5)
    assert time.monotonic() - started < 1.5
    assert caught.value.sent


def test_a_handshake_that_never_ends_has_sent_nothing(serve: Serve) -> None:
    server = serve(hang_at_once)
    url = server.url.replace("http", "https")
    with pytest.raises(DeadlineExceeded) as caught:
        send(server.policy(), Request(method="GET", url=url), deadline_seconds=0.3)
    assert not caught.value.sent


def test_a_redirect_is_an_answer_not_a_journey(serve: Serve) -> None:
    target = serve(answering(body=b"secret"))
    server = serve(answering(f"Location: {target.url}", status="302 Found"))
    [response] = send(server.policy(), Request(method="GET", url=server.url))
    assert (response.status, response.headers["location"]) == (302, target.url)
    assert target.requests == []


def test_a_body_of_ten_megabytes_is_given_up_early(serve: Serve) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n"
    server = serve(flooding(head, b"a" * 65_536, 160))
    with pytest.raises(ResponseTooLarge) as caught:
        send(server.policy(), Request(method="GET", url=server.url))
    assert (caught.value.sent, caught.value.response_status) == (True, 200)
    server.stop()
    assert server.bytes_sent < 10_485_760


def test_a_body_as_long_as_allowed_is_read(serve: Serve) -> None:
    server = serve(answering(body=b"a" * MAX_BODY_BYTES))
    [response] = send(server.policy(), Request(method="GET", url=server.url))
    assert len(response.body) == MAX_BODY_BYTES


def test_endless_headers_are_refused(serve: Serve) -> None:
    server = serve(flooding(b"HTTP/1.1 200 OK\r\n", b"X-Flood: 1\r\n" * 1_000, 1_000))
    with pytest.raises(ProtocolViolated):
        send(server.policy(), Request(method="GET", url=server.url))


def test_a_compression_bomb_stays_compressed(serve: Serve) -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    server = serve(answering("Content-Encoding: gzip", body=bomb))
    [response] = send(server.policy(), Request(method="GET", url=server.url))
    assert response.body == bomb
    assert b"Accept-Encoding: identity" in server.requests[0]


def test_a_reset_after_the_request_leaves_its_outcome_open(serve: Serve) -> None:
    server = serve(reset)
    with pytest.raises(ConnectionFailed) as caught:
        send(server.policy(), Request(method="POST", url=server.url, body=b"x"))
    assert (caught.value.sent, caught.value.response_status) == (True, None)


def test_a_refused_connection_has_sent_nothing(serve: Serve) -> None:
    server = serve(hang)
    server.stop()
    with pytest.raises(ConnectionFailed) as caught:
        send(server.policy(), Request(method="POST", url=server.url))
    assert not caught.value.sent


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 banana OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot-hex\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
    ],
)
def test_an_answer_that_is_not_http_is_an_error(serve: Serve, raw: bytes) -> None:
    server = serve(saying(raw))
    with pytest.raises(ProtocolViolated) as caught:
        send(server.policy(), Request(method="GET", url=server.url))
    assert caught.value.sent


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET / HTTP/1.1\r\nX: ", {}),
        ("", {}),
        ("GET", {"X-Name": "a\r\nX-Injected: 1"}),
        ("GET", {"X-Name": "a\0"}),
        ("GET", {"X-Name: 1\r\nX-Injected": "1"}),
        ("GET", {"Host": "example.com"}),
        ("GET", {"content-length": "5"}),
        ("GET", {"Transfer-Encoding": "chunked"}),
    ],
)
def test_a_request_that_would_break_the_wire_never_leaves(
    serve: Serve, method: str, headers: dict[str, str]
) -> None:
    server = serve(answering())
    with pytest.raises(RequestRefused) as caught:
        send(server.policy(), Request(method=method, url=server.url, headers=headers))
    assert not caught.value.sent
    assert server.requests == []


def test_a_failed_request_on_a_stale_connection_is_not_repeated(serve: Serve) -> None:
    server = serve(answer_once_then_vanish)
    request = Request(method="GET", url=server.url)
    with pytest.raises(HttpError) as caught:
        send(server.policy(), request, request)
    assert caught.value.sent
    assert len(server.requests) == 2


def test_connections_are_reused(serve: Serve) -> None:
    server = serve(answering())
    request = Request(method="GET", url=server.url)
    send(server.policy(), request, request, request)
    assert (len(server.requests), server.connections) == (3, 1)


def test_cookies_are_not_kept(serve: Serve) -> None:
    server = serve(answering("Set-Cookie: a=1"))
    request = Request(method="GET", url=server.url)
    send(server.policy(), request, request)
    assert b"cookie" not in server.requests[1].lower()


def test_proxies_of_the_environment_are_ignored(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = serve(answering()), serve(answering())
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("ALL_PROXY", proxy.url)
    send(server.policy(), Request(method="GET", url=server.url))
    assert (len(server.requests), len(proxy.requests)) == (1, 0)


def test_headers_and_body_arrive_as_given(serve: Serve) -> None:
    server = serve(answering("X-Twice: a", "X-Twice: b", body=b"done", status="201 Created"))
    request = Request(
        method="POST",
        url=f"{server.url}hook?a=%20b",
        headers={"content-type": "application/json", "user-agent": "Test"},
        body=b'{"a":1}',
    )
    [response] = send(server.policy(), request)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?a=%20b HTTP/1.1\r\n")
    assert head.lower().count(b"user-agent: test") == 1
    assert body == request.body
    assert (response.status, response.body) == (201, b"done")
    assert response.headers["x-twice"] == "a, b"
    assert 0 < response.elapsed_seconds < 5


def test_tls_checks_the_name_although_the_connection_goes_to_an_address(
    serve: Serve, tls: Tls
) -> None:
    server = serve(answering(), tls.server)
    [response] = send(
        server.policy("vigil.test"),
        Request(method="GET", url=f"https://vigil.test:{server.port}/"),
        lookup=lambda host, port: ["127.0.0.1"],
        ssl_context=tls.client,
    )
    assert response.status == 200
    assert f"Host: vigil.test:{server.port}".encode() in server.requests[0]


def test_a_certificate_for_another_name_is_refused(serve: Serve, tls: Tls) -> None:
    server = serve(answering(), tls.server)
    with pytest.raises(ConnectionFailed) as caught:
        send(
            server.policy("other.test"),
            Request(method="POST", url=f"https://other.test:{server.port}/"),
            lookup=lambda host, port: ["127.0.0.1"],
            ssl_context=tls.client,
        )
    assert not caught.value.sent
    assert server.requests == []
