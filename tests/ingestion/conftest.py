"""Two ways in, asked the same questions: the ordinary view and a real process with the door."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from apps.accounts.models import Business
from apps.core.signing import Scheme
from apps.ingestion.models import RawEvent, Source
from apps.ingestion.services.directory import directory
from tests import factories
from tests.faults.harness import ROOMY, Workers
from tests.ingestion.posting import Answer, Letter, post

READ_DEADLINE_SECONDS = 0.5
REFRESH_SECONDS = 0.1

OTHER_SECRET = "whsec_YW5vdGhlciBzZWNyZXQsIG9ubHkgZm9yIHRoZXNlIHRlc3Rz"

Gate = Callable[..., Answer]
Sources = Callable[..., Source]
Secrets = Callable[..., Source]
Elsewhere = Callable[[Callable[[], Any]], Any]


@pytest.fixture(scope="module")
def committed_business(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Business]:
    """What another process can see, too. Whatever came in for it goes at the end."""
    with django_db_blocker.unblock():
        business = factories.make_business()
    yield business
    with django_db_blocker.unblock():
        RawEvent.objects.filter(business=business).delete()
        Source.objects.filter(business=business).delete()
        Business.objects.filter(pk=business.pk).delete()


@pytest.fixture(scope="module")
def committed(committed_business: Business, django_db_blocker: DjangoDbBlocker) -> Source:
    with django_db_blocker.unblock():
        return _source(committed_business)


@pytest.fixture(scope="module")
def web(
    django_db_setup: None,
    committed: Source,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Workers]:
    with django_db_blocker.unblock():
        started = Workers(tmp_path_factory.mktemp("web"))
    yield started
    started.stop()
    started.close()


@pytest.fixture(scope="module")
def port(web: Workers) -> int:
    """Of the door in a process of its own, impatient with slow bodies."""
    impatient = {
        "WEBHOOK_READ_DEADLINE_SECONDS": READ_DEADLINE_SECONDS,
        "SOURCE_CACHE_SECONDS": REFRESH_SECONDS,
    }
    return web.serve(settings={**ROOMY, **impatient})


@pytest.fixture(params=["view", "door"])
def gate(request: pytest.FixtureRequest, db: None, client: Client, settings: Settings) -> Gate:
    """Posts a letter and answers what the sender was answered."""
    if request.param == "door":
        port: int = request.getfixturevalue("port")
        return lambda sent, method="POST": post(port, sent, method=method)
    for name, value in ROOMY.items():
        setattr(settings, name, value)
    directory.forget()
    return lambda sent, method="POST": _ask_view(client, sent, method)


def _ask_view(client: Client, sent: Letter, method: str) -> Answer:
    headers = {name: value for name, value in sent.headers.items() if name != "content-type"}
    response = client.generic(
        method,
        sent.path,
        sent.body,
        headers=headers,
        CONTENT_TYPE=sent.headers.get("content-type", ""),
    )
    return Answer(
        status=response.status_code,
        headers={name.lower(): value for name, value in response.items()},
        body=json.loads(response.content or b"{}"),
        seconds=0.0,
    )


@pytest.fixture
def committed_source(gate: Gate, committed_business: Business, elsewhere: Elsewhere) -> Sources:
    """Makes sources that the door knows by now."""
    return lambda **values: elsewhere(lambda: _source(committed_business, **values))


@pytest.fixture
def committed_secret(committed_source: Sources, elsewhere: Elsewhere) -> Secrets:
    """Makes sources with another secret besides their own, valid for a while."""

    def make(**validity: datetime) -> Source:
        source = committed_source()
        elsewhere(
            lambda: factories.make_source_secret(source=source, value=OTHER_SECRET, **validity)
        )
        return source

    return make


@pytest.fixture
def elsewhere() -> Elsewhere:
    """Runs something in a thread, and so in a transaction of its own; the directories notice."""

    def and_close(make: Callable[[], Any]) -> Any:
        try:
            return make()
        finally:
            connection.close()

    def run(make: Callable[[], Any]) -> Any:
        with ThreadPoolExecutor(1) as thread:
            made = thread.submit(and_close, make).result()
        directory.forget()
        time.sleep(3 * REFRESH_SECONDS)
        return made

    return run


def _source(business: Business, **values: Any) -> Source:
    source = factories.make_source(
        business=business, kind="generic", scheme=Scheme.STANDARD_WEBHOOKS, **values
    )
    factories.make_source_secret(source=source)
    return source
