"""Which template words a message, in which variant, and how much room a channel has. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The most characters of a title and of a body."""

    title: int = 200
    body: int = 10_000


ROOMS: Mapping[str, Room] = {
    "web_push": Room(title=120, body=900),
    "sms": Room(title=70, body=400),
    "whatsapp": Room(title=120, body=1_024),
    "slack": Room(title=150),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Whom a template is for: "" and None are everybody, every channel, every category."""

    business_id: int | None
    channel: str
    category: str

    def fits(self, business_id: int, channel: str, category: str) -> bool:
        return (
            self.business_id in (None, business_id)
            and self.channel in ("", channel)
            and self.category in ("", category)
        )

    @property
    def closeness(self) -> tuple[bool, bool, bool]:
        """A business's own goes before anything, then what names the channel, then the category."""
        return self.business_id is not None, bool(self.channel), bool(self.category)


def room_of(channel: str) -> Room:
    return ROOMS.get(channel, Room())


def closest(slots: Sequence[Slot], business_id: int, channel: str, category: str) -> Slot | None:
    """The most specific of those that fit."""
    fitting = [slot for slot in slots if slot.fits(business_id, channel, category)]
    return max(fitting, key=lambda slot: slot.closeness, default=None)


def pick(weights: Mapping[str, int], seed: str) -> str:
    """The variant for `seed`, the same at every call; over many seeds each by its weight.

    Weights are at least 1, and there is at least one.
    """
    drawn = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    drawn %= sum(weights.values())
    for name in sorted(weights):
        drawn -= weights[name]
        if drawn < 0:
            return name
    raise AssertionError("the weights are less than their sum")
