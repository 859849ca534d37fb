"""Messages and targets for channels that are tried alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

from apps.core.identifiers import uuid7
from apps.notifications.channels.base import Links, Message, Target

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def message(**values: Any) -> Message:
    defaults: dict[str, Any] = {
        "ref": uuid7(),
        "key": uuid7(),
        "business_id": 1,
        "user_id": 1,
        "title": "Carla: Offer",
        "body": "Please have a look.",
        "category": "message",
        "priority": 8,
        "correlation_id": uuid7(),
        "created_at": NOON,
        "expires_at": NOON + timedelta(days=7),
        "links": Links(open="https://vigil.example/n/1"),
    }
    return Message(**{**defaults, **values})


def target(value: str = "+4915123456789", **details: Any) -> Target:
    return Target(address_id=1, value=value, details=details)
