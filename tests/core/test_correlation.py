import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from apps.core import correlation

GIVEN = UUID("019abcde-1234-7abc-8def-0123456789ab")

app = Celery("correlation-tests", broker="memory://", set_as_current=False)
app.conf.update(task_ignore_result=True, worker_hijack_root_logger=False)

seen: list[UUID | None] = []
ran = threading.Event()


@app.task(name="remember")
def remember() -> None:
    seen.append(correlation.current())
    ran.set()


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    seen.clear()
    ran.clear()


@pytest.fixture(scope="module")
def _worker() -> Iterator[None]:
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
        yield


def _answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(correlation.current()))


def _through_middleware(**headers: str) -> HttpResponse:
    request = RequestFactory().get("/", headers=headers)
    response = correlation.CorrelationMiddleware(_answer)(request)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "x\r\nSet-Cookie: a=b",
        "{019abcde-1234-7abc-8def-0123456789ab}",
        "019abcde12347abc8def0123456789ab",
        "019abcde-1234-7abc-8def-0123456789ab\n",
        "٠١٩abcde-1234-7abc-8def-0123456789ab",
    ],
)
def test_what_is_no_uuid_is_replaced_by_a_new_one(text: str) -> None:
    response = _through_middleware(**{"X-Request-ID": text})
    assert UUID(response["X-Request-ID"]).version == 7


def test_the_callers_uuid_is_used_and_answered() -> None:
    response = _through_middleware(**{"X-Request-ID": str(GIVEN)})
    assert response["X-Request-ID"] == response.content.decode() == str(GIVEN)


def test_nothing_stays_bound_after_a_request() -> None:
    _through_middleware()
    assert correlation.current() is None


def test_bindings_nest_and_are_restored_when_the_block_fails() -> None:
    with correlation.bind(GIVEN):
        with pytest.raises(ZeroDivisionError), correlation.bind(UUID(int=1)):
            _ = 1 / 0
        assert correlation.current() == GIVEN


def test_another_thread_does_not_see_the_binding() -> None:
    found: list[UUID | None] = []
    with correlation.bind(GIVEN):
        thread = threading.Thread(target=lambda: found.append(correlation.current()))
        thread.start()
        thread.join()
    assert found == [None]


@pytest.mark.usefixtures("_worker")
def test_a_task_carries_the_identifier_to_the_worker() -> None:
    with correlation.bind(GIVEN):
        remember.delay()
    assert ran.wait(10)
    assert seen == [GIVEN]


@pytest.mark.usefixtures("_worker")
def test_a_task_sent_without_one_gets_its_own() -> None:
    remember.delay()
    assert ran.wait(10)
    assert seen[0] is not None
    assert seen[0].version == 7


def test_a_task_run_on_the_spot_keeps_the_callers_identifier() -> None:
    with correlation.bind(GIVEN):
        remember.apply()
        assert correlation.current() == GIVEN
    assert seen == [GIVEN]


def test_nothing_stays_bound_after_a_task() -> None:
    remember.apply()
    assert correlation.current() is None
