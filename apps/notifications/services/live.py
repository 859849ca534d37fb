"""Telling open pages that something changed for somebody. Ids only, in the same transaction.

NOTIFY travels with the commit, so a page never hears of what was rolled back; the page then reads
what is new for itself, so a lost signal costs a moment, not a message.
"""

from collections.abc import Iterable

from django.db import connection

CHANNEL = "vigil_live"
# PostgreSQL's limit is 8,000 bytes a payload; ids are at most 20 characters with their comma.
_IDS_PER_SIGNAL = 380


def signal(user_ids: Iterable[int]) -> None:
    ids = sorted(set(user_ids))
    with connection.cursor() as cursor:
        for start in range(0, len(ids), _IDS_PER_SIGNAL):
            payload = ",".join(map(str, ids[start : start + _IDS_PER_SIGNAL]))
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
