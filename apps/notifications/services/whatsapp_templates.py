"""Which approved template a WhatsApp message may use. Chosen in the console, read by every send."""

import threading
import time
from collections.abc import Mapping
from typing import Any

from apps.notifications.models import WhatsAppTemplate

# As long a change may go unnoticed: the rows are few and read for every message.
_BELIEVED_SECONDS = 1.0
_ANY = ""
# A business, or None for every one, and a category, or _ANY.
_Place = tuple[int | None, str]


class Templates:
    """This process's copy of them."""

    def __init__(self) -> None:
        self._rows: dict[_Place, Mapping[str, Any]] = {}
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def of(self, business_id: int, category: str) -> Mapping[str, Any] | None:
        """What the channel finds in its target: `content_sid`, `variables`, `media_url`."""
        rows = self._current()
        places: tuple[_Place, ...] = (
            (business_id, category),
            (business_id, _ANY),
            (None, category),
            (None, _ANY),
        )
        return next((rows[place] for place in places if place in rows), None)

    def forget(self) -> None:
        self._read_at = float("-inf")

    def _current(self) -> Mapping[_Place, Mapping[str, Any]]:
        with self._lock:
            now = time.monotonic()
            if now - self._read_at >= _BELIEVED_SECONDS:
                self._rows = _read()
                self._read_at = now
            return self._rows


templates = Templates()


def _read() -> dict[_Place, Mapping[str, Any]]:
    return {
        (row.business_id, row.category): {
            "content_sid": row.content_sid,
            "variables": row.variables,
            "media_url": row.media_url,
        }
        for row in WhatsAppTemplate.objects.all()
    }
