"""A message and where it goes, as the machine hands them to the e-mail channel."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from apps.core.http import background
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import Links, Message, Receipt, Target
from tests.factories.values import NOON

REF = UUID("01970000-0000-7000-8000-000000000001")
KEY = UUID("01970000-0000-7000-8000-000000000002")
LINKS = Links(
    open="https://vigil.example/inbox/#n",
    why="https://vigil.example/inbox/?why",
    less="https://vigil.example/inbox/?less",
    unsubscribe="https://vigil.example/u/" + "t" * 88,
)
BORIS = Target(address_id=12, value="boris@example.com")


def a_message(**changes: Any) -> Message:
    values: dict[str, Any] = {
        "ref": REF,
        "key": KEY,
        "business_id": 1,
        "user_id": 2,
        "title": "Carla: Offer",
        "body": "Please have a look.",
        "category": "message",
        "priority": 5,
        "correlation_id": UUID(int=3),
        "created_at": NOON,
        "expires_at": NOON + timedelta(days=7),
        "links": LINKS,
    }
    return Message(**{**values, **changes})


def send(provider: str, *, to: Target = BORIS, **changes: Any) -> Receipt:
    sending = CHANNELS.get("email").send(a_message(**changes), to, provider)
    return background.run(sending, timeout_seconds=20)
