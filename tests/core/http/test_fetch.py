from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from apps.core.http import background
from apps.core.http.client import default_policy, fetch
from apps.core.http.errors import BlockedAddress, DeadlineExceeded
from apps.core.http.transaction import NetworkInsideTransaction
from apps.core.http.types import Policy, Request
from tests.core.http.conftest import Serve
from tests.core.http.servers import answering, hang


@pytest.mark.django_db
def test_no_network_inside_a_transaction(serve: Serve) -> None:
    server = serve(answering())
    request = Request(method="GET", url=server.url)
    with pytest.raises(NetworkInsideTransaction), transaction.atomic():
        fetch(request, deadline_seconds=1, policy=server.policy())
    assert server.connections == 0


@pytest.mark.django_db
def test_no_coroutine_is_started_inside_a_transaction() -> None:
    started: list[bool] = []

    async def exchange() -> None:
        started.append(True)

    with pytest.raises(NetworkInsideTransaction), transaction.atomic():
        background.run(exchange(), timeout_seconds=1)
    assert started == []


@pytest.mark.django_db
def test_the_transaction_around_a_test_does_not_count(serve: Serve) -> None:
    server = serve(answering(body=b"ok"))
    response = fetch(
        Request(method="GET", url=server.url), deadline_seconds=5, policy=server.policy()
    )
    assert response.body == b"ok"


def test_a_thread_meets_the_same_guard() -> None:
    with pytest.raises(BlockedAddress):
        fetch(Request(method="GET", url="https://127.0.0.1/"), deadline_seconds=1, policy=Policy())


def test_a_thread_meets_the_same_deadline(serve: Serve) -> None:
    server = serve(hang)
    request = Request(method="GET", url=server.url)
    with pytest.raises(DeadlineExceeded):
        fetch(request, deadline_seconds=0.2, policy=server.policy())


def test_many_threads_share_one_pool(serve: Serve) -> None:
    server = serve(answering(body=b"ok"))
    request = Request(method="GET", url=server.url)

    def one(_: int) -> bytes:
        return fetch(request, deadline_seconds=5, policy=server.policy()).body

    with ThreadPoolExecutor(8) as threads:
        bodies = list(threads.map(one, range(40)))
    assert bodies == [b"ok"] * 40
    assert server.connections <= 8


def test_the_settings_make_the_default_policy(settings: object) -> None:
    settings.HTTP_ALLOW_PRIVATE = ["127.0.0.1:8000"]  # type: ignore[attr-defined]  # a fixture
    settings.HTTP_EXTRA_PORTS = [8443]  # type: ignore[attr-defined]  # a fixture
    settings.HTTP_ALLOW_HTTP = True  # type: ignore[attr-defined]  # a fixture
    assert default_policy() == Policy(
        allow_private=frozenset({"127.0.0.1:8000"}),
        extra_ports=frozenset({8443}),
        allow_http=True,
    )
