"""A channel that only tests have: it answers what it is told to, and remembers its messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import (
    DeliveryError,
    DeliveryUnclear,
    Message,
    OnUnknown,
    Receipt,
    Sent,
    Target,
)
from apps.notifications.channels.remote import RemoteChannel

Answer = Receipt | DeliveryError | DeliveryUnclear | None


@dataclass(frozen=True, slots=True)
class Call:
    message: Message
    target: Target
    provider: str


@dataclass
class Scripted(RemoteChannel):
    """`answers` are given in turn, then Receipts; `found` is what look-ups find."""

    answers: list[Answer] = field(default_factory=list)
    found: list[Answer] = field(default_factory=list)
    names: tuple[str, ...] = ("",)
    sent: list[Call] = field(default_factory=list)
    looked_up: list[Sent] = field(default_factory=list)

    def providers(self, target: Target) -> Sequence[str]:
        return self.names

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        self.sent.append(Call(message, target, provider))
        answer = self.answers.pop(0) if self.answers else Receipt()
        assert answer is not None
        return _given(answer)

    async def look_up(self, sent: Sent, target: Target, provider: str) -> Receipt | None:
        self.looked_up.append(sent)
        answer = self.found.pop(0)
        return None if answer is None else _given(answer)


def _given(answer: Receipt | DeliveryError | DeliveryUnclear) -> Receipt:
    if isinstance(answer, Receipt):
        return answer
    raise answer


def install(monkeypatch: pytest.MonkeyPatch, name: str = "pager", **flags: object) -> Scripted:
    """In the table under `name` for the rest of the test, with these class members."""
    members = {"addressed": False, "on_unknown": OnUnknown.RESEND, **flags}
    channel, loaded = type("_Scripted", (Scripted,), members)(), CHANNELS.get
    assert isinstance(channel, Scripted)
    monkeypatch.setitem(CHANNELS.entries, name, "unused")
    monkeypatch.setattr(CHANNELS, "get", lambda key: channel if key == name else loaded(key))
    return channel
