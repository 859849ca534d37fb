"""One person's digest, worked out but not written: the same for a preview and for real."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from apps.core.timing import zone
from apps.notifications.channels import CHANNELS
from apps.notifications.engines.digesting import Chunk, Item, Words, period_key, plan, render
from apps.notifications.engines.standing import while_away
from apps.notifications.models import DigestItem
from apps.notifications.selectors.digests import Pair
from apps.notifications.selectors.standing import Waiting
from apps.notifications.types import PreferenceValues

Place = DigestItem.Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message of a digest. `places` says of each notification, by its key, where it went."""

    business_id: int
    user_id: int
    channel: str
    local: bool
    preference: PreferenceValues
    period_key: str
    slot: datetime
    number: int
    of: int
    words: Words
    priority: int
    places: dict[int, DigestItem.Place]
    counts: dict[str, Any]

    @property
    def key(self) -> tuple[int, str, str]:
        return self.user_id, self.channel, self.period_key

    @property
    def told(self) -> list[int]:
        return [key for key, place in self.places.items() if place == Place.TOLD]


def parts_of(pair: Pair, gathered: Sequence[Waiting], preference: PreferenceValues) -> list[Part]:
    """The messages for every channel; none is empty, and moot things alone ring nowhere.

    Somebody who has switched notifications off since then, or withdrawn consent, finds it all in
    the inbox.
    """
    return [
        _part(pair, channel, chunk, there, preference)
        for channel in preference.channels
        if (preference.consented and preference.enabled) or CHANNELS.get(channel).local
        for there in (_there(gathered, channel, preference),)
        for chunk in _chunks(channel, there)
    ]


def _there(
    gathered: Sequence[Waiting], channel: str, preference: PreferenceValues
) -> list[Waiting]:
    mute = preference.muted_topics.get(channel, ())
    return [one for one in gathered if one.goes_to(channel) and one.row.category not in mute]


def _chunks(channel: str, gathered: Sequence[Waiting]) -> Iterable[Chunk]:
    """The inbox shows items by themselves, so there a digest is whole, and may be a mere line."""
    items = [entry.item for entry in gathered if entry.moot is None]
    moot = [entry.moot for entry in gathered if entry.moot is not None]
    if not CHANNELS.get(channel).local:
        return plan(
            items,
            moot,
            max_items=settings.DIGEST_MAX_ITEMS,
            chunk_items=settings.DIGEST_CHUNK_ITEMS,
        )
    if not items and moot:
        return [Chunk(items=(), number=1, of=1, moot=tuple(moot))]
    return plan(items, moot, max_items=len(items), chunk_items=len(items))


def _part(
    pair: Pair,
    channel: str,
    chunk: Chunk,
    gathered: Sequence[Waiting],
    preference: PreferenceValues,
) -> Part:
    business_id, user_id = pair
    slot = max(entry.slot for entry in gathered)
    last = chunk.number == chunk.of
    moot = [entry.item for entry in gathered if entry.moot is not None] if last else []
    return Part(
        business_id=business_id,
        user_id=user_id,
        channel=channel,
        local=CHANNELS.get(channel).local,
        preference=preference,
        period_key=period_key(preference.frequency, slot, zone(preference.time_zone)),
        slot=slot,
        number=chunk.number,
        of=chunk.of,
        words=_words(chunk, slot, preference),
        priority=max((item.priority for item in chunk.items), default=1),
        places=_places(chunk, moot),
        counts=counts_of(chunk),
    )


def counts_of(chunk: Chunk) -> dict[str, Any]:
    """What `Digest.counts` holds."""
    return {
        "items": len(chunk.items),
        "left_out": len(chunk.left_out),
        "moot": dict(Counter(reason.value for reason in chunk.moot)),
    }


def _words(chunk: Chunk, slot: datetime, preference: PreferenceValues) -> Words:
    if chunk.items:
        return render(chunk, slot=slot, zone=zone(preference.time_zone))
    return Words(title="While you were away", body=while_away(chunk.moot))


def _places(chunk: Chunk, moot: Sequence[Item]) -> dict[int, DigestItem.Place]:
    sections = ((chunk.items, Place.TOLD), (chunk.left_out, Place.LEFT_OUT), (moot, Place.MOOT))
    return {item.key: place for items, place in sections for item in items}
