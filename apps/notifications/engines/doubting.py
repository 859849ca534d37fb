"""Whether a change that was accepted has proved wrong: pure, from what was said since.

A proposal is made because next to nothing of a sender or of a category helped. Nobody can say of
what is held back that it would have helped, but of what comes through all the same, or comes in a
digest, they can: once they call more of that helpful than not, the reason is gone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from apps.classification.types import Category, Urgency
from apps.notifications.engines.opinions import Counts, Heard, total
from apps.notifications.types import ProposalKind

# Helpful things that it takes: the wider the change, the more.
LEAST_HELPFUL: Mapping[ProposalKind, int] = {
    ProposalKind.SILENCE_SENDER: 3,
    ProposalKind.MUTE_CATEGORY: 5,
    ProposalKind.RAISE_MIN_URGENCY: 5,
    ProposalKind.DAILY_DIGEST: 5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A change that holds since `at`. `category` and `sender_index` as far as it has them."""

    kind: ProposalKind
    category: str = ""
    sender_index: bytes | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What was said of one thing that was made known at `told_at`; `heard` counts that one."""

    told_at: datetime
    heard: Heard


def spoken_against(change: Accepted, opinions: Iterable[Opinion]) -> Counts | None:
    """What was said of what the change is about and what was told since; None while it is right.

    Monotone: what becomes helpful can only speak against more.
    """
    counts = total(
        one.heard for one in opinions if one.told_at > change.at and _concerns(change, one.heard)
    )
    enough = counts.helpful >= LEAST_HELPFUL[change.kind]
    return counts if enough and counts.helpful > counts.points else None


def _concerns(change: Accepted, heard: Heard) -> bool:
    """What its proposal was judged by (`engines/learning.py`), and of a digest what it holds."""
    if change.kind is ProposalKind.SILENCE_SENDER:
        return heard.sender_index is not None and heard.sender_index == change.sender_index
    if change.kind is ProposalKind.MUTE_CATEGORY:
        return heard.category is Category(change.category)
    if change.kind is ProposalKind.RAISE_MIN_URGENCY:
        return heard.urgency is Urgency.LOW
    return not heard.urgent and not heard.vip
