"""The inbox's only way in: durable, deduplicated, limited, and a poisonous row fails alone."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection
from pytest_django import Settings

from apps.accounts.models import Business
from apps.core.errors import Conflict, InvalidInput, RateLimited, Unavailable, VigilError
from apps.core.identifiers import uuid7
from apps.core.redis import client
from apps.ingestion.models import RawEvent, Source
from apps.ingestion.services.receiving import Outcome, accept
from apps.ingestion.types import Envelope, Parcel, Receipt
from tests.pipeline import builders


@pytest.fixture
def source(northwind: Business) -> Source:
    return builders.news_source(northwind)


def parcel(source: Source, message_id: str = "", **news: str) -> Parcel:
    return builders.parcel(source, builders.news(**news), message_id=message_id)


def again(sent: Parcel) -> Parcel:
    """The same body as it comes a second time: inspected anew, under a new id of ours."""
    return replace(sent, correlation_id=uuid7())


def only(outcomes: list[Outcome]) -> Outcome:
    [outcome] = outcomes
    return outcome


def accept_in_thread(sent: Parcel) -> Outcome:
    try:
        return only(accept([sent]))
    finally:
        connection.close()


def test_a_new_body_is_a_waiting_row_under_the_id_its_sender_is_given(source: Source) -> None:
    sent = parcel(source)
    assert only(accept([sent])) == Receipt(event_id=sent.correlation_id)
    row = RawEvent.objects.get()
    assert (row.correlation_id, row.state) == (sent.correlation_id, RawEvent.State.RECEIVED)
    assert bytes(row.body) == sent.body
    assert row.accounts == ["external_user:ana"]


def test_the_stored_body_is_not_readable_in_the_table(source: Source) -> None:
    sent = parcel(source, title="Quarterly figures")
    accept([sent])
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ingestion_rawevent")
        [(stored,)] = cursor.fetchall()
    assert b"Quarterly" not in bytes(stored)


def test_the_same_body_again_is_a_duplicate_with_the_first_id(source: Source) -> None:
    sent = parcel(source)
    accept([sent])
    assert only(accept([again(sent)])) == Receipt(event_id=sent.correlation_id, duplicate=True)
    assert RawEvent.objects.count() == 1


def test_another_body_under_a_used_id_is_a_conflict_and_the_first_one_stays(
    source: Source,
) -> None:
    first = parcel(source, "msg_taken")
    accept([first])
    outcome = only(accept([parcel(source, "msg_taken")]))
    assert isinstance(outcome, Conflict)
    assert (outcome.status_code, outcome.code) == (409, "idempotency_conflict")
    assert RawEvent.objects.get().correlation_id == first.correlation_id


def test_two_of_the_same_in_one_batch_are_one_row_and_one_duplicate(source: Source) -> None:
    sent = parcel(source)
    assert accept([sent, again(sent)]) == [
        Receipt(event_id=sent.correlation_id),
        Receipt(event_id=sent.correlation_id, duplicate=True),
    ]
    assert RawEvent.objects.count() == 1


def test_two_bodies_under_one_id_in_one_batch_are_a_row_and_a_conflict(source: Source) -> None:
    first, second = accept([parcel(source, "msg_taken"), parcel(source, "msg_taken")])
    assert isinstance(first, Receipt)
    assert isinstance(second, Conflict)


def test_the_same_id_of_two_senders_is_two_rows(source: Source, southbank: Business) -> None:
    other = builders.news_source(southbank)
    outcomes = accept([parcel(source, "msg_1"), parcel(other, "msg_1")])
    assert [outcome.duplicate for outcome in outcomes if isinstance(outcome, Receipt)] == [
        False,
        False,
    ]


def test_outcomes_come_in_the_order_of_their_parcels(source: Source) -> None:
    sent = [parcel(source) for _ in range(20)]
    accept(sent[::2])
    outcomes = accept([again(one) for one in sent])
    assert [o.event_id for o in outcomes if isinstance(o, Receipt) and o.duplicate] == [
        one.correlation_id for one in sent[::2]
    ]
    assert [isinstance(o, Receipt) and o.duplicate for o in outcomes] == [True, False] * 10


@pytest.mark.django_db(transaction=True)
def test_a_row_that_cannot_be_stored_fails_alone(source: Source) -> None:
    poison = replace(parcel(source), envelope=Envelope(event_type="a\x00b"))
    before, broken, after = accept([parcel(source), poison, parcel(source)])
    assert isinstance(before, Receipt)
    assert isinstance(broken, InvalidInput)
    assert broken.status_code == 422
    assert isinstance(after, Receipt)
    assert RawEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_row_of_a_source_that_has_just_been_removed_fails_alone(source: Source) -> None:
    gone = builders.news_source(source.business)
    orphan = parcel(gone)
    gone.delete()
    outcome, neighbour = accept([orphan, parcel(source)])
    assert isinstance(outcome, Unavailable)
    assert outcome.retry_after == 1
    assert isinstance(neighbour, Receipt)


def test_a_body_of_unknown_shape_is_refused_and_kept_in_quarantine(source: Source) -> None:
    sent = builders.parcel(source, {"data": {"title": "no type"}})
    outcome = only(accept([sent]))
    assert isinstance(outcome, VigilError)
    assert (outcome.status_code, outcome.code) == (422, "schema_invalid")
    row = RawEvent.objects.get()
    assert (row.state, row.reason) == (RawEvent.State.QUARANTINED, "schema_invalid")


@pytest.mark.parametrize(
    "limit",
    [
        "RATE_LIMIT_USER_PER_MINUTE",
        "RATE_LIMIT_SOURCE_PER_MINUTE",
        "RATE_LIMIT_GLOBAL_PER_MINUTE",
        "RATE_LIMIT_COMMUNITY_IP_PER_MINUTE",
    ],
)
@pytest.mark.usefixtures("_fresh_limits")
def test_a_burst_above_any_limit_is_told_when_to_come_again(
    limit: str, northwind: Business, settings: Settings
) -> None:
    setattr(settings, limit, 3)
    source = builders.community_source(northwind)
    outcomes = accept(
        [builders.parcel(source, builders.profile(value=f"Engineer {n}")) for n in range(5)]
    )
    assert [type(outcome) for outcome in outcomes] == [Receipt] * 3 + [RateLimited] * 2
    refused = outcomes[-1]
    assert isinstance(refused, RateLimited)
    assert refused.retry_after is not None
    assert 0 < refused.retry_after <= 60
    assert RawEvent.objects.count() == 3


@pytest.mark.usefixtures("_fresh_limits")
def test_one_persons_flood_leaves_the_others_room(source: Source, settings: Settings) -> None:
    settings.RATE_LIMIT_USER_PER_MINUTE = 2
    flood = [parcel(source) for _ in range(4)]
    [honest] = accept([*flood, parcel(source, user="boris")])[4:]
    assert isinstance(honest, Receipt)


@pytest.mark.django_db(transaction=True)
def test_fifty_identical_bodies_at_once_are_one_row_and_forty_nine_duplicates(
    source: Source,
) -> None:
    sent = parcel(source)
    with ThreadPoolExecutor(10) as threads:
        outcomes = list(threads.map(accept_in_thread, [again(sent) for _ in range(50)]))
    duplicates = Counter(o.duplicate for o in outcomes if isinstance(o, Receipt))
    assert duplicates == {False: 1, True: 49}
    stored = RawEvent.objects.get().correlation_id
    assert {o.event_id for o in outcomes if isinstance(o, Receipt)} == {stored}


@pytest.mark.django_db(transaction=True)
def test_batches_that_overlap_in_any_order_never_wait_in_a_circle(
    source: Source, settings: Settings
) -> None:
    settings.RATE_LIMIT_USER_PER_MINUTE = 1_000
    sent = [parcel(source) for _ in range(30)]

    def accept_batch(step: int) -> list[Outcome]:
        try:
            return accept([again(one) for one in sent[::step]])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        batches = list(threads.map(accept_batch, [1, -1] * 8))
    outcomes = [outcome for batch in batches for outcome in batch]
    assert {type(outcome) for outcome in outcomes} == {Receipt}
    assert RawEvent.objects.count() == 30


@pytest.fixture
def _unreachable_database(transactional_db: None) -> Iterator[None]:
    """The next connection goes to a host that has no server."""
    connection.close()
    host, connection.settings_dict["HOST"] = connection.settings_dict["HOST"], "/nowhere"
    yield
    connection.settings_dict["HOST"] = host
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_makes_every_sender_try_again(
    source: Source, request: pytest.FixtureRequest
) -> None:
    sent = [parcel(source), parcel(source)]
    request.getfixturevalue("_unreachable_database")
    outcomes = [outcome for outcome in accept(sent) if isinstance(outcome, Unavailable)]
    assert [(o.status_code, o.code, o.number, o.retry_after) for o in outcomes] == [
        (503, "database_error", 5033, 5)
    ] * 2


@pytest.fixture
def _fresh_limits() -> None:
    """No earlier test has used any of this minute's allowance."""
    for key in client().scan_iter("rl:*"):
        client().delete(key)


def test_rows_of_one_batch_wait_in_the_order_in_which_they_came(source: Source) -> None:
    sent = [parcel(source) for _ in range(20)]
    accept(sent)
    waiting = RawEvent.objects.order_by("id").values_list("correlation_id", flat=True)
    assert list(waiting) == [one.correlation_id for one in sent]
