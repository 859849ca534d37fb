"""A channel that only tests have: it asks for consent and for a verified address."""

import pytest

from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import Message, Receipt, Target
from apps.notifications.channels.remote import RemoteChannel


class Careful(RemoteChannel):
    needs_consent = True
    needs_verification = True

    def __init__(self) -> None:
        self.sent: list[Message] = []

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        self.sent.append(message)
        return Receipt()


def install(monkeypatch: pytest.MonkeyPatch, name: str = "sms") -> Careful:
    """In the table under `name` for the rest of the test."""
    careful, loaded = Careful(), CHANNELS.get
    monkeypatch.setitem(CHANNELS.entries, name, "unused")
    monkeypatch.setattr(CHANNELS, "get", lambda key: careful if key == name else loaded(key))
    return careful
