"""What a push service is told of a message it cannot read (RFC 8030 §5)."""

from datetime import datetime
from uuid import UUID

from apps.classification.types import Urgency
from apps.notifications.engines.push.encoding import to_base64url

# Four weeks: services refuse or shorten anything longer.
MOST_TTL_SECONDS = 2_419_200

_URGENCIES = {
    Urgency.LOW: "low",
    Urgency.MEDIUM: "normal",
    Urgency.HIGH: "high",
    Urgency.CRITICAL: "high",
}


def ttl_seconds(expires_at: datetime, *, now: datetime) -> int:
    """How long the service keeps it for a browser that is away; 0: only if it is there now."""
    return min(max(0, int((expires_at - now).total_seconds())), MOST_TTL_SECONDS)


def urgency_word(priority: int) -> str:
    """How much of its battery a device may spend on it."""
    return _URGENCIES[Urgency.of(priority)]


def topic(key: UUID) -> str:
    """22 characters: one that still waits under the same topic is replaced."""
    return to_base64url(key.bytes)
