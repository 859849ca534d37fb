"""What is inhibited, from a signed body to a decision."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Business, User
from apps.ingestion.models import Source
from apps.notifications.models import Decision, Notification
from tests import factories
from tests.pipeline.builders import Document, drain, mail, receive

STATUS = "Status <status@acme.example>"


@pytest.fixture(autouse=True)
def acme(northwind: Business) -> None:
    factories.make_client(business=northwind, domains=("acme.example",))


def outage() -> Document:
    return mail(sender=STATUS, thread="outage")


def follow_up(**changes: str) -> Document:
    return mail(**{"sender": "Carla <carla@acme.example>", "thread": "outage", **changes})


def a_code(code: str) -> Document:
    text = f"Your verification code is {code}. It is valid for 10 minutes."
    mailed_at = timezone.now().isoformat()
    return follow_up(subject="Your code", text=text) | {"timestamp": mailed_at}


def make_inhibition(business: Business, **changes: Any) -> None:
    """Mail of the status page inhibits other mail."""
    matchers = {"source_category": "", "source_sender": "status@acme.example"}
    factories.make_inhibition(business=business, **{**matchers, **changes})


def reasons() -> list[str]:
    return list(Decision.objects.order_by("id").values_list("reason", flat=True))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"equal": []},
        {"equal": ["thread", "client", "category"]},
        {"target_category": "", "target_sender": "@acme.example"},
        {"source_sender": "@acme.example", "source_max_priority": 10, "equal": []}
        | {"target_category": "", "target_sender": "carla@acme.example"},
    ],
    ids=str,
)
@pytest.mark.parametrize("batches", [1, 2])
def test_what_follows_is_dropped_in_the_same_batch_and_in_the_next(
    mailbox: Source, northwind: Business, changes: dict[str, Any], batches: int
) -> None:
    make_inhibition(northwind, **changes)
    now = timezone.now()
    for documents in {1: [[outage(), follow_up()]], 2: [[outage()], [follow_up()]]}[batches]:
        receive(mailbox, *documents)
        drain(now)
    assert reasons() == ["passed", "inhibited"]
    assert Notification.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "document"),
    [
        ({"equal": ["sender"]}, {}),
        ({"equal": ["thread"]}, {"thread": "holiday"}),
        ({"equal": ["client"]}, {"sender": "Dora <dora@other.example>"}),
        ({"target_category": "risk"}, {}),
        ({"enabled": False}, {}),
        ({}, {"sender": STATUS}),
    ],
    ids=str,
)
def test_what_does_not_agree_is_told(
    mailbox: Source, northwind: Business, changes: dict[str, Any], document: dict[str, str]
) -> None:
    make_inhibition(northwind, **changes)
    receive(mailbox, outage(), follow_up(**document))
    drain()
    assert reasons() == ["passed", "passed"]


def test_after_the_window_it_is_told_again(mailbox: Source, northwind: Business) -> None:
    make_inhibition(northwind, window_minutes=30)
    now = timezone.now()
    for minutes in (0, 29, 30):
        receive(mailbox, follow_up() if minutes else outage())
        drain(now + timedelta(minutes=minutes))
    assert reasons() == ["passed", "inhibited", "passed"]


def test_the_inhibition_of_somebody_else_inhibits_nothing(
    mailbox: Source, northwind: Business, southbank: Business, boris: User
) -> None:
    make_inhibition(northwind, user=boris)
    make_inhibition(southbank)
    receive(mailbox, outage(), follow_up())
    drain()
    assert reasons() == ["passed", "passed"]


def test_a_one_time_code_is_told_unless_codes_are_named(
    mailbox: Source, northwind: Business
) -> None:
    make_inhibition(northwind, target_category="", target_min_priority=1)
    receive(mailbox, outage(), a_code("482913"))
    drain()
    make_inhibition(northwind, target_category="security_code")
    receive(mailbox, a_code("915740"))
    drain()
    assert reasons() == ["passed", "urgent", "inhibited"]


def asked_of(documents: int, mailbox: Source) -> list[str]:
    receive(mailbox, *(follow_up() for _ in range(documents)))
    with CaptureQueriesContext(connection) as asked:
        drain()
    return [query["sql"] for query in asked.captured_queries]


def test_who_has_no_inhibition_is_asked_for_them_once_and_for_nothing_else(
    mailbox: Source, southbank: Business
) -> None:
    make_inhibition(southbank)
    queries = asked_of(3, mailbox)
    assert len([sql for sql in queries if "rules_inhibition" in sql]) == 1
    assert not [sql for sql in queries if "ROW_NUMBER" in sql]


def test_what_was_told_is_asked_for_once_a_batch(mailbox: Source, northwind: Business) -> None:
    without = len(asked_of(3, mailbox))
    make_inhibition(northwind)
    queries = asked_of(5, mailbox)
    assert len([sql for sql in queries if "ROW_NUMBER" in sql]) == 1
    assert len(queries) == without + 2
