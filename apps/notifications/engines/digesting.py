"""Many held-back things as few messages: which, in which order, in which words, under which key.

items ─► the most urgent that fit ─► by client, then by thread ─► chunks ─► texts
           └► the rest, counted
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from apps.notifications.engines.standing import while_away
from apps.notifications.engines.wording import cut
from apps.notifications.types import Frequency, MootReason

_SNIPPET_LIMIT = 160
_OTHERS = "Everything else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something to be told in a digest. Its words are those it would have been told in alone.

    `client` is a name or "", `thread` a key or "" (a thread of its own); `came_at` orders equals.
    """

    key: int
    title: str
    body: str
    priority: int
    client: str
    thread: str
    came_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One message's worth, in reading order. `left_out` things are told nowhere else."""

    items: tuple[Item, ...]
    number: int
    of: int
    left_out: tuple[Item, ...] = ()
    moot: tuple[MootReason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A digest as plain text; the body has several lines."""

    title: str
    body: str


def plan(
    items: Iterable[Item], moot: Sequence[MootReason], *, max_items: int, chunk_items: int
) -> tuple[Chunk, ...]:
    """Every item in exactly one chunk, or left out by the last; no items, no chunks.

    At most `max_items` are told, the most urgent; the last chunk says what else there was.
    """
    by_weight = sorted(items, key=_weight)
    told, left_out = in_order(by_weight[:max_items]), tuple(by_weight[max_items:])
    size = max(1, chunk_items)
    parts = [told[start : start + size] for start in range(0, len(told), size)]
    last = len(parts) - 1
    return tuple(
        Chunk(
            items=part,
            number=at + 1,
            of=len(parts),
            left_out=left_out if at == last else (),
            moot=tuple(moot) if at == last else (),
        )
        for at, part in enumerate(parts)
    )


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """Clients together and threads together; whoever has the most urgent thing comes first, and
    what is about no client stands last.
    """
    items = sorted(items, key=_weight)
    clients: dict[str, int] = {}
    threads: dict[tuple[str, str], int] = {}
    for at, item in enumerate(items):
        clients.setdefault(item.client, at)
        threads.setdefault(_thread(item), at)

    def place(item: Item) -> tuple[bool, int, int, tuple[int, datetime, int]]:
        return item.client == "", clients[item.client], threads[_thread(item)], _weight(item)

    return tuple(sorted(items, key=place))


def render(chunk: Chunk, *, slot: datetime, zone: ZoneInfo) -> Words:
    """`slot` is when it is told; it is named on the reader's clock."""
    count = len(chunk.items) + (len(chunk.left_out) if chunk.of == 1 else 0)
    name = f"Your digest of {slot.astimezone(zone):%a %d %b, %H:%M}"
    part = f" (part {chunk.number} of {chunk.of})" if chunk.of > 1 else ""
    lines = []
    for client, items in groupby(chunk.items, key=lambda item: item.client):
        lines += ["", client or _OTHERS, *map(_line, items)]
    more = [f"And {len(chunk.left_out)} more that did not fit."] if chunk.left_out else []
    away = [while_away(chunk.moot)] if chunk.moot else []
    body = "\n".join([*lines, *(["", *more, *away] if more or away else [])])
    return Words(title=f"{name}: {_things(count)}{part}", body=body.strip("\n"))


def period_key(frequency: Frequency, slot: datetime, zone: ZoneInfo) -> str:
    """What makes two digests of one person the same: the local day, the ISO week, or the round.

    >>> period_key(Frequency.WEEKLY, datetime(2027, 1, 1, 12, tzinfo=UTC), ZoneInfo("UTC"))
    'weekly:2026-W53'
    """
    local = slot.astimezone(zone)
    if frequency is Frequency.WEEKLY:
        year, week, _ = local.isocalendar()
        return f"weekly:{year}-W{week:02}"
    if frequency is Frequency.DAILY:
        return f"daily:{local:%Y-%m-%d}"
    return f"batch:{slot.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _weight(item: Item) -> tuple[int, datetime, int]:
    """Smallest first: the most urgent, then what has waited longest."""
    return -item.priority, item.came_at, item.key


def _thread(item: Item) -> tuple[str, str]:
    return item.client, item.thread or f"\0{item.key}"


def _line(item: Item) -> str:
    snippet = cut(item.body, _SNIPPET_LIMIT)
    return f"- {item.title} — {snippet}" if snippet else f"- {item.title}"


def _things(count: int) -> str:
    return "1 thing" if count == 1 else f"{count} things"
