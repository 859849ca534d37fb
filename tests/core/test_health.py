import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from apps.core import health, redis

LOOPBACK = "127.0.0.1"
STRANGER = "203.0.113.7"


@pytest.fixture(autouse=True)
def _own_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_probes", dict(health._probes))


@pytest.fixture
def _only_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_probes", {})
    health.register_probe("fine", lambda: {"rows": 3})


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    """A probe that answers only when the test is over."""
    over = threading.Event()
    health.register_probe("hanging", lambda: {"over": over.wait(30)})
    yield over
    over.set()


def _refuse() -> dict[str, Any]:
    raise RuntimeError("redis://:hunter2@cache refused")


def _get(peer: str = LOOPBACK, **headers: str) -> HttpResponse:
    return health.health(RequestFactory(headers=headers).get("/health", REMOTE_ADDR=peer))


def _body(response: HttpResponse) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(response.content)
    return body


@pytest.mark.usefixtures("_only_fine")
def test_one_failing_probe_makes_it_503() -> None:
    health.register_probe("broken", _refuse)
    response = _get()
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    body = _body(response)
    assert (body["status"], body["checks"]["fine"]["status"]) == ("failing", "ok")
    assert body["checks"]["broken"] == {
        "status": "failing",
        "error": "RuntimeError: redis://[userinfo]@cache refused",
    }


@pytest.mark.usefixtures("_only_fine")
def test_a_hanging_probe_is_given_up(hanging: threading.Event) -> None:
    found = health.run_probes(["fine", "hanging"], seconds=0.1)
    assert found["fine"] == {"status": "ok", "rows": 3}
    assert found["hanging"] == {"status": "failing", "error": "no answer within 0.1 s"}
    assert not hanging.is_set()


@pytest.mark.usefixtures("_only_fine")
@pytest.mark.parametrize("answer", [None, 3, "text"])
def test_a_probe_that_answers_nonsense_fails_without_an_exception(answer: Any) -> None:
    health.register_probe("odd", lambda: answer)
    assert _body(_get())["checks"]["odd"]["status"] == "failing"


def test_an_unknown_probe_fails_without_an_exception() -> None:
    assert health.run_probes(["nothing"])["nothing"]["status"] == "failing"


@pytest.mark.usefixtures("_only_fine")
@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        (STRANGER, {}),
        ("", {}),
        ("not an address", {}),
        (LOOPBACK, {"X-Forwarded-For": STRANGER}),
        (STRANGER, {"Authorization": "Bearer "}),
        (STRANGER, {"X-Forwarded-For": LOOPBACK}),
    ],
)
def test_a_stranger_sees_no_details(peer: str, headers: dict[str, str]) -> None:
    response = _get(peer, **headers)
    assert response.status_code == 200
    assert _body(response) == {"status": "ok", "checks": {"fine": {"status": "ok"}}}


@pytest.mark.usefixtures("_only_fine")
@pytest.mark.parametrize("peer", [LOOPBACK, "::1", "127.8.8.8"])
def test_a_neighbor_sees_details(peer: str) -> None:
    assert _body(_get(peer))["checks"]["fine"] == {"status": "ok", "rows": 3}


@pytest.mark.usefixtures("_only_fine")
def test_the_token_shows_details_and_a_wrong_one_does_not(settings: Settings) -> None:
    settings.HEALTH_TOKEN = "let-me-see"
    wrong = _body(_get(STRANGER, Authorization="Bearer let-me"))
    right = _body(_get(STRANGER, Authorization="Bearer let-me-see"))
    assert "rows" not in wrong["checks"]["fine"]
    assert right["checks"]["fine"]["rows"] == 3


@pytest.mark.usefixtures("_only_fine")
@pytest.mark.parametrize(
    ("forwarded", "seen"), [("10.1.2.3", True), (f"10.1.2.3, {STRANGER}", False), ("", False)]
)
def test_behind_our_proxy_the_forwarded_address_counts(
    settings: Settings, forwarded: str, seen: bool
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    settings.HEALTH_NETWORKS = ["10.0.0.0/8"]
    body = _body(_get(LOOPBACK, **{"X-Forwarded-For": forwarded}))
    assert ("rows" in body["checks"]["fine"]) is seen


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_only_reading_is_allowed(method: str) -> None:
    assert health.health(RequestFactory().generic(method, "/health")).status_code == 405


def test_a_dead_redis_is_reported_in_time(settings: Settings, tmp_path: Any) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    redis.client.cache_clear()
    response = health.health_redis(RequestFactory().get("/health/redis"))
    redis.client.cache_clear()
    assert response.status_code == 503
    assert list(_body(response)["checks"]) == ["redis"]


def test_redis_answers() -> None:
    response = health.health_redis(RequestFactory().get("/health/redis"))
    assert _body(response)["checks"]["redis"]["used_memory_bytes"] > 0


@pytest.mark.django_db(transaction=True)
def test_the_database_answers() -> None:
    response = health.health_db(RequestFactory().get("/health/db"))
    assert _body(response)["checks"]["database"]["read_only"] is False
