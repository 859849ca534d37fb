"""IANA time zones by name."""

import re
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from apps.core.errors import InvalidInput

_NAME = re.compile(r"[A-Za-z0-9_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
# In the database, but nobody lives there: placeholders and the server's own clock.
_NO_PLACES = {"Factory", "localtime", "posixrules"}


def zone(name: str) -> ZoneInfo:
    """The zone of that exact IANA name. Raises InvalidInput (invalid_timezone)."""
    if not _NAME.fullmatch(name) or name not in zone_names():
        problem = "not the name of a time zone, such as Europe/Berlin"
        raise InvalidInput(problem, code="invalid_timezone", fields={"timezone": problem})
    return _zone(name)


@cache
def zone_names() -> frozenset[str]:
    """Every name that `zone` accepts."""
    return frozenset(available_timezones() - _NO_PLACES)


@lru_cache(maxsize=1_024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
