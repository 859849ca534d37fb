from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.core.errors import InvalidInput, PreconditionFailed
from apps.notifications.models import Preference
from apps.notifications.selectors.preferences import stored_of
from apps.notifications.services import preferences
from apps.notifications.services.channel_preferences import set_channel
from tests import factories

WRITERS = 4


def write(user: User, seen: str | None, number: int, barrier: Barrier) -> bool:
    """Whether this one was written; every other writer comes through another door."""
    versions = None if seen is None else [seen]
    try:
        barrier.wait()
        if number % 2:
            preferences.update(user, {"digest_weekday": number}, seen=versions)
        else:
            set_channel(user, "in_app", {"max_per_day": number}, seen=versions)
    except PreconditionFailed:
        return False
    else:
        return True
    finally:
        connection.close()


def write_at_once(user: User, seen: str | None) -> list[bool]:
    barrier = Barrier(WRITERS)
    with ThreadPoolExecutor(WRITERS) as threads:
        return list(
            threads.map(lambda number: write(user, seen, number, barrier), range(1, WRITERS + 1))
        )


@pytest.mark.django_db(transaction=True)
def test_of_writers_who_saw_the_same_exactly_one_writes() -> None:
    ana = factories.make_user(business=factories.make_business())
    assert sum(write_at_once(ana, stored_of(ana).version)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_first_writers_at_once_make_one_row() -> None:
    ana = factories.make_user(business=factories.make_business())
    assert all(write_at_once(ana, None))
    assert Preference.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"user": 7}, {"enabled": True, "channels": ["sms"]}], ids=str)
def test_a_name_that_is_no_preference_is_a_mistake_of_the_caller(
    ana: User, changes: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="no preferences"):
        preferences.update(ana, changes)
    assert not Preference.objects.exists()


def test_no_caller_writes_quiet_ranges_that_cannot_be_judged(ana: User) -> None:
    wrong = [{"days": [7], "start": "12:00", "end": "13:00"}]
    with pytest.raises(InvalidInput) as refused:
        preferences.update(ana, {"enabled": False, "quiet_ranges": wrong})
    assert set(refused.value.fields) == {"quiet_ranges.0.days"}
    with pytest.raises(InvalidInput) as refused:
        preferences.update(ana, {"quiet_ranges": None})
    assert set(refused.value.fields) == {"quiet_ranges"}
    assert not Preference.objects.exists()
