"""This installation's push key, and the headers made with it."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from apps.notifications.engines.push.vapid import VapidKey

# A service takes at most 24 hours. One of 12 is renewed an hour before its end.
LIFETIME = timedelta(hours=12)
_USED_FOR = timedelta(hours=11)
# Services have many hosts: what is signed again costs 35 µs.
_MOST_ORIGINS = 256


def vapid_key() -> VapidKey | None:
    """None where VAPID_PRIVATE_KEY is not set: nobody is told by push."""
    text: str = settings.VAPID_PRIVATE_KEY
    return _parsed(text) if text else None


class Authorizations:
    """Headers by origin, each used until it is 11 hours old. For the background loop."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], tuple[str, datetime]] = {}

    def header(self, key: VapidKey, origin: str, *, now: datetime) -> str:
        subject: str = settings.VAPID_SUBJECT
        name = (key.public, subject, origin)
        header, until = self._known.get(name, ("", now))
        if now >= until:
            header = key.authorization(origin=origin, subject=subject, expires_at=now + LIFETIME)
            if len(self._known) >= _MOST_ORIGINS:
                self._known.clear()
            self._known[name] = (header, now + _USED_FOR)
        return header


@lru_cache(maxsize=4)
def _parsed(text: str) -> VapidKey:
    return VapidKey.parse(text)
