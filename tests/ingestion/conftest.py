"""Two ways in, asked the same questions: the ordinary view and a real process with the door."""

import json
from collections.abc import Callable, Iterator

import pytest
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

Gate = Callable[..., Answer]


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Source]:
    """A source that another process can see, too. Whatever comes in through it goes at the end."""
    with django_db_blocker.unblock():
        business = factories.make_business()
        source = factories.make_source(
            business=business, kind="generic", scheme=Scheme.STANDARD_WEBHOOKS
        )
        factories.make_source_secret(source=source)
    yield source
    with django_db_blocker.unblock():
        RawEvent.objects.filter(business=business).delete()
        Source.objects.filter(business=business).delete()
        Business.objects.filter(pk=business.pk).delete()


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
    return web.serve(settings={**ROOMY, "WEBHOOK_READ_DEADLINE_SECONDS": READ_DEADLINE_SECONDS})


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
        content_type=sent.headers.get("content-type", ""),
        headers=headers,
    )
    return Answer(
        status=response.status_code,
        headers={name.lower(): value for name, value in response.items()},
        body=json.loads(response.content or b"{}"),
        seconds=0.0,
    )
