"""The live stream over a real server and a real database."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.notifications.engines.cursor import Cursor
from apps.notifications.models import Notification, Presence
from apps.notifications.services import hub, live, reading
from apps.notifications.stream import SIGNS_PER_WINDOW
from tests import factories
from tests.notifications.stream_server import (
    PATIENCE_SECONDS,
    Listener,
    Served,
    serving,
    session_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

Arrives = Callable[..., Notification]


@pytest.fixture
def served(transactional_db: None) -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def port(served: Served) -> int:
    return served.port


@pytest.fixture
def ana() -> User:
    return factories.make_user(name="Ana", business=factories.make_business())


@pytest.fixture
def arrives(ana: User) -> Arrives:
    """Something enters Ana's inbox, signaled in its own transaction."""
    business = Business.objects.get()

    def arrive(title: str, *, user: User = ana, now: datetime | None = None) -> Notification:
        with transaction.atomic():
            event = factories.make_event(business=business, user=user)
            factories.make_classification(event=event)
            row = factories.make_notification(
                event=event, user=user, title=title, now=now or timezone.now()
            )
            live.signal([user.pk])
        return row

    return arrive


def test_nobody_is_let_in_without_a_session(port: int) -> None:
    with closing(Listener(port, {})) as listener:
        assert listener.response.status == 401
        assert listener.response.headers["Content-Type"] == "application/problem+json"
        assert json.loads(listener.response.read())["code"] == "unauthorized"


def test_an_ended_session_opens_nothing(port: int) -> None:
    with closing(Listener(port, {"Cookie": "sessionid=0123456789abcdef"})) as listener:
        assert listener.response.status == 401


def test_only_reading_is_possible(port: int, ana: User) -> None:
    with closing(Listener(port, session_of(ana), method="POST")) as listener:
        assert listener.response.status == 405


def test_the_first_event_says_how_much_is_unread(port: int, ana: User, arrives: Arrives) -> None:
    arrives("One")
    with closing(Listener(port, session_of(ana))) as listener:
        first = listener.next()

    assert listener.response.headers["Content-Type"].startswith("text/event-stream")
    assert (first["event"], first["data"]["unread"]) == ("unread", 1)


def test_a_message_is_there_within_a_second_of_its_commit(
    port: int, ana: User, arrives: Arrives
) -> None:
    with closing(Listener(port, session_of(ana))) as listener:
        listener.next()
        row = arrives("Harbor Bank: your code")
        committed = time.monotonic()
        event = listener.next()

    assert time.monotonic() - committed < 1.0
    assert event["event"] == "proactive_message"
    assert event["data"]["notification"]["id"] == str(row.public_id)
    assert event["data"]["notification"]["title"] == "Harbor Bank: your code"
    assert event["data"]["unread"] == 1


def test_a_message_says_why_it_was_told(port: int, ana: User, arrives: Arrives) -> None:
    with closing(Listener(port, session_of(ana))) as listener:
        listener.next()
        arrives("One")
        why = listener.next()["data"]["notification"]["why"]

    assert why["reason"] == "It passed every filter you set."
    assert why["checks"][0] == {"passed": True, "text": "Notifications: switched on."}
    assert (why["verdict"], why["confidence"]) == ("A message from a person", 0.9)


def test_a_colleagues_message_is_not_heard(port: int, ana: User, arrives: Arrives) -> None:
    boris = factories.make_user(name="Boris", business=Business.objects.get())
    with closing(Listener(port, session_of(ana))) as listener:
        listener.next()
        arrives("For Boris", user=boris)
        arrives("For Ana")
        event = listener.next()

    assert event["data"]["notification"]["title"] == "For Ana"


def test_what_was_missed_comes_after_reconnecting(port: int, ana: User, arrives: Arrives) -> None:
    headers, now = session_of(ana), timezone.now()
    arrives("Heard long ago", now=now - timedelta(minutes=3))
    heard = arrives("Heard", now=now - timedelta(minutes=1))
    arrives("Missed", now=now - timedelta(seconds=30))
    arrives("Missed too", now=now - timedelta(seconds=29))
    place = str(Cursor(at=now - timedelta(minutes=1), public_id=heard.public_id))
    with closing(Listener(port, {**headers, "Last-Event-ID": place})) as listener:
        first, *events = [listener.next() for _ in range(3)]

    assert first["data"]["unread"] == 4
    titles = [event["data"]["notification"]["title"] for event in events]
    assert titles == ["Missed", "Missed too"]


def test_a_fresh_page_says_in_its_address_where_it_stands(
    port: int, ana: User, arrives: Arrives
) -> None:
    headers = session_of(ana)
    with closing(Listener(port, headers)) as listener:
        place = listener.next()["id"]
    arrives("Between page and stream")
    path = f"/api/notifications/stream?since={place}"
    with closing(Listener(port, headers, path=path)) as listener:
        listener.next()
        event = listener.next()

    assert event["data"]["notification"]["title"] == "Between page and stream"


def test_nonsense_for_a_place_begins_now(port: int, ana: User, arrives: Arrives) -> None:
    arrives("Old")
    with closing(Listener(port, {**session_of(ana), "Last-Event-ID": "9' OR 1=1"})) as listener:
        listener.next()
        arrives("New")
        event = listener.next()

    assert event["data"]["notification"]["title"] == "New"


def test_a_commit_that_comes_late_is_told_and_nothing_is_told_twice(
    port: int, ana: User, arrives: Arrives
) -> None:
    now = timezone.now() + timedelta(seconds=1)
    with closing(Listener(port, session_of(ana))) as listener:
        listener.next()
        arrives("Newer", now=now)
        first = listener.next()
        arrives("Older, committed late", now=now - timedelta(seconds=9))
        second = listener.next()
        arrives("Newest", now=now + timedelta(seconds=1))
        third = listener.next()

    titles = [event["data"]["notification"]["title"] for event in (first, second, third)]
    assert titles == ["Newer", "Older, committed late", "Newest"]


def test_what_is_read_in_one_place_is_read_in_the_other(
    port: int, ana: User, arrives: Arrives
) -> None:
    row = arrives("One")
    headers = session_of(ana)
    with closing(Listener(port, headers)) as phone, closing(Listener(port, headers)) as desk:
        phone.next()
        desk.next()
        reading.mark_read(ana, row.public_id, now=timezone.now())
        heard = [phone.next(), desk.next()]

    assert [event["event"] for event in heard] == ["notification_read"] * 2
    assert [event["data"]["unread"] for event in heard] == [0, 0]
    assert heard[1]["data"]["ids"] == [str(row.public_id)]


def test_listening_goes_on_after_the_database_ended_the_connection(
    port: int, ana: User, arrives: Arrives
) -> None:
    with closing(Listener(port, session_of(ana))) as listener:
        listener.next()
        assert _end_listening() == 1
        arrives("After the cut")
        event = listener.next()
        arrives("And one more")
        following = listener.next()

    assert event["data"]["notification"]["title"] == "After the cut"
    assert following["data"]["notification"]["title"] == "And one more"


def test_the_oldest_stream_makes_room_for_one_too_many(
    port: int, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_STREAMS_PER_USER", 1)
    headers = session_of(ana)
    with closing(Listener(port, headers)) as oldest:
        oldest.next()
        with closing(Listener(port, headers)) as newest:
            assert newest.next()["event"] == "unread"
            assert oldest.next()["event"] == "replaced"
            assert oldest.ended()


def test_a_closed_page_is_forgotten(served: Served, ana: User) -> None:
    with closing(Listener(served.port, session_of(ana))) as listener:
        listener.next()
        assert len(served.stream.hub) == 1
    assert served.open_after(seconds=2) == 0


def _end_listening() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
        )
        return int(cursor.fetchone()[0])


def test_who_listens_is_at_the_inbox_for_as_long_as_they_listen(
    transactional_db: None, ana: User, settings: Settings
) -> None:
    settings.PRESENCE_WINDOW_SECONDS = SIGNS_PER_WINDOW  # a sign every second
    with serving() as served:
        with closing(Listener(served.port, session_of(ana))) as listener:
            listener.next()
            assert Presence.objects.get().user_id == ana.pk
            long_ago = timezone.now() - timedelta(hours=1)
            Presence.objects.update(seen_at=long_ago)
            until = time.monotonic() + PATIENCE_SECONDS
            while Presence.objects.get().seen_at == long_ago and time.monotonic() < until:
                time.sleep(0.05)
            assert Presence.objects.get().seen_at > long_ago
        assert served.open_after(PATIENCE_SECONDS) == 0
        assert served.stream.hub.user_ids == []
