"""What a live connection is told, as Server-Sent Events; pure of sockets.

    unread              {type, unread, timestamp}
    proactive_message   {type, auraId, notification, unread, timestamp}   id: its cursor
    notification_read   {type, unread, ids, timestamp}
    replaced            {type, timestamp}       the same person opened too many connections

Every message arrives at least once. After a reconnection with Last-Event-ID the last few seconds
before it come again; `notification.id` tells one that is known already.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.notifications.engines.cursor import Cursor, Position, beginning
from apps.notifications.selectors import inbox
from apps.notifications.selectors.entries import Entry, Why
from apps.notifications.selectors.inbox import NEWS_ROWS, News

# How far back a replay reaches; what is older stands in the list.
REPLAY = timedelta(hours=24)
RETRY = b"retry: 3000\n\n"
HEARTBEAT = b": heartbeat\n\n"


class Follower:
    """Where one connection stands. Reads the database, in one thread at a time."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._unread = 0
        # More waits than one read brought.
        self.behind = False

    def begin(self, since: Cursor | None, *, now: datetime) -> list[bytes]:
        """The first words: how much is unread, then what came after `since` if that is given."""
        start = min(max(since or beginning(now), beginning(now - REPLAY)), beginning(now))
        self._arrived, self._read = Position(cursor=start), Position(cursor=beginning(now))
        self._arrived.note([start])
        news = self._news()
        self._unread = news.unread
        self._read.note(news.read)
        first = _event("unread", {"unread": news.unread}, now, cursor=start)
        if since is not None:
            return [RETRY, first, *self._messages(news.arrived, now)]
        self._arrived.note(entry.cursor for entry in news.arrived)
        return [RETRY, first]

    def follow(self, *, now: datetime) -> list[bytes]:
        """What changed since the last call."""
        news = self._news()
        fell = news.unread < self._unread
        self._unread = news.unread
        messages = self._messages(news.arrived, now)
        if news.read or fell:
            self._read.note(news.read)
            ids = [str(cursor.public_id) for cursor in news.read]
            messages.append(_event("notification_read", {"unread": news.unread, "ids": ids}, now))
        return messages

    def _news(self) -> News:
        news = inbox.news(
            self._user,
            arrived_since=self._arrived.since,
            known=self._arrived.known,
            read_since=self._read.since,
            known_read=self._read.known,
        )
        self.behind = NEWS_ROWS in (len(news.arrived), len(news.read))
        return news

    def _messages(self, entries: Sequence[Entry], now: datetime) -> list[bytes]:
        frames = []
        for entry in entries:
            self._arrived.note([entry.cursor])
            words = {"auraId": None, "notification": _notification(entry), "unread": self._unread}
            frames.append(_event("proactive_message", words, now, cursor=self._arrived.cursor))
        return frames


def replaced(*, now: datetime) -> bytes:
    """The last word to a connection that made room for a newer one of the same person."""
    return _event("replaced", {}, now)


def _event(
    name: str, words: dict[str, Any], now: datetime, *, cursor: Cursor | None = None
) -> bytes:
    data = json.dumps({"type": name, **words, "timestamp": now.isoformat()})
    place = f"id: {cursor}\n" if cursor else ""
    return f"event: {name}\n{place}data: {data}\n\n".encode()


def _notification(entry: Entry) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "title": entry.title,
        "headline": entry.headline,
        "message": entry.message,
        "sender": entry.sender,
        "category": entry.category,
        "categoryLabel": entry.category_label,
        "priority": entry.priority,
        "urgency": entry.urgency.value,
        "status": entry.status,
        "deliveredAt": entry.delivered_at.isoformat(),
        "eventId": str(entry.event_id),
        "inDigest": entry.in_digest,
        "why": _why(entry.why),
    }


def _why(why: Why) -> dict[str, Any]:
    return {
        "reason": why.reason,
        "checks": [{"passed": check.passed, "text": check.text} for check in why.checks],
        "verdict": why.verdict,
        "method": why.method,
        "confidence": why.confidence,
    }
