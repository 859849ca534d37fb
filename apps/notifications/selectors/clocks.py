"""By which clock people are judged."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from apps.accounts.models import User
from apps.core.errors import InvalidInput
from apps.core.timing import zone
from apps.notifications.models import Preference


def clock_of(user: User) -> ZoneInfo:
    """The zone by which this person is judged, in which their pages tell the time.

    UTC where the stored name is none (any more).
    """
    chosen = Preference.objects.filter(user=user).values_list("time_zone", flat=True).first()
    return _clock(chosen or user.time_zone)


def clocks_of(user_ids: Collection[int]) -> dict[int, ZoneInfo]:
    """Person → `clock_of`. Two queries for all of them, and none about nobody."""
    own = User.objects.filter(pk__any_of=user_ids).values_list("pk", "time_zone")
    chosen = Preference.objects.filter(user_id__any_of=user_ids).values_list("user_id", "time_zone")
    return {user: _clock(name) for user, name in {**dict(own), **dict(chosen)}.items()}


def _clock(name: str) -> ZoneInfo:
    try:
        return zone(name)
    except InvalidInput:
        return zone("UTC")
