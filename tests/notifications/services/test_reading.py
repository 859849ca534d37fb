from collections.abc import Iterator
from datetime import datetime

import psycopg
import pytest
from django.db import connection

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.notifications.models import Notification
from apps.notifications.services import live, reading
from tests import factories

Status = Notification.Status


@pytest.fixture
def listener(transactional_db: None) -> Iterator[psycopg.Connection]:
    """An open page's connection, which hears what others commit."""
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    wanted = {name: parameters[name] for name in names if name in parameters}
    with psycopg.connect(**wanted, autocommit=True) as other:
        other.execute(f"LISTEN {live.CHANNEL}")
        yield other


def heard(listener: psycopg.Connection) -> list[str]:
    return [note.payload for note in listener.notifies(timeout=0.5)]


def told(business: Business, user: User, status: Status = Status.DELIVERED) -> Notification:
    event = factories.make_event(business=business, user=user)
    return factories.make_notification(event=event, user=user, status=status)


def test_nothing_unread_is_no_news(listener: psycopg.Connection, now: datetime) -> None:
    business = factories.make_business()
    ana = factories.make_user(business=business)
    assert reading.mark_all_read(ana, now=now) == 0
    assert heard(listener) == []


def test_open_pages_hear_of_a_reading_once(listener: psycopg.Connection, now: datetime) -> None:
    business = factories.make_business()
    ana = factories.make_user(business=business)
    notification = told(business, ana)
    reading.mark_read(ana, notification.public_id, now=now)
    reading.mark_read(ana, notification.public_id, now=now)
    assert heard(listener) == [str(ana.pk)]


@pytest.mark.django_db
def test_everything_in_the_inbox_is_read_at_once(
    northwind: Business, ana: User, boris: User, now: datetime
) -> None:
    unread = [told(northwind, ana), told(northwind, ana)]
    others = [told(northwind, ana, Status.QUEUED), told(northwind, boris)]
    assert reading.mark_all_read(ana, now=now) == 2
    read = Notification.objects.filter(status=Status.READ, read_at=now)
    assert set(read) == set(unread)
    assert not set(read) & set(others)


@pytest.mark.django_db
def test_each_of_them_is_recorded(northwind: Business, ana: User, now: datetime) -> None:
    told(northwind, ana)
    told(northwind, ana)
    reading.mark_all_read(ana, now=now)
    assert AuditEvent.objects.filter(actor=ana).count() == 2
