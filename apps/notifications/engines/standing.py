"""Is what was held back still true? And one line for everything that is not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from apps.notifications.types import MootReason

# One and several of each kind, in the order in which they are told.
_WORDS: Mapping[MootReason, tuple[str, str]] = {
    MootReason.MEETING_OVER: ("a meeting is over", "{} meetings are over"),
    MootReason.CODE_LAPSED: ("a code has lapsed", "{} codes have lapsed"),
    MootReason.SUPERSEDED: ("something has changed again", "{} things have changed again"),
    MootReason.EXPIRED: ("something is out of date", "{} things are out of date"),
    MootReason.SILENCED: ("something was silenced", "{} things were silenced"),
    MootReason.DISABLED: (
        "notifications were off for one thing",
        "notifications were off for {} things",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What must be known of something held back to see whether it still matters.

    `deadline` is when it loses its point (None: never), `ends_at` when its meeting ends.
    `superseded`: the same person was told something later that replaces it.
    """

    is_code: bool = False
    deadline: datetime | None = None
    ends_at: datetime | None = None
    superseded: bool = False


def moot_reason(standing: Standing, now: datetime) -> MootReason | None:
    """Why it need not be told any more at `now`; None while it is still true."""
    lapsed = standing.deadline is not None and standing.deadline <= now
    if standing.is_code and lapsed:
        return MootReason.CODE_LAPSED
    if standing.ends_at is not None and standing.ends_at <= now:
        return MootReason.MEETING_OVER
    if standing.superseded:
        return MootReason.SUPERSEDED
    return MootReason.EXPIRED if lapsed else None


def in_words(reason: str) -> str:
    """Of one thing; "" for what is not moot.

    >>> in_words("code_lapsed")
    'a code has lapsed'
    """
    return _WORDS[MootReason(reason)][0] if reason else ""


def while_away(reasons: Iterable[MootReason]) -> str:
    """One line for all of them; "" for none.

    >>> while_away([MootReason.CODE_LAPSED, MootReason.MEETING_OVER, MootReason.CODE_LAPSED])
    'While you were away: 3 things that no longer matter (a meeting is over, 2 codes have lapsed).'
    """
    counts = Counter(reasons)
    total = counts.total()
    if not total:
        return ""
    told = ", ".join(
        one if counts[reason] == 1 else several.format(counts[reason])
        for reason, (one, several) in _WORDS.items()
        if counts[reason]
    )
    things = (
        "1 thing that no longer matters" if total == 1 else f"{total} things that no longer matter"
    )
    return f"While you were away: {things} ({told})."
