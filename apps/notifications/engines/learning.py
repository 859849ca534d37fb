"""Which changes somebody's dismissals speak for: pure, from counts of the last weeks.

Nothing here can keep a one-time code or a VIP's mail from anybody. A code that is not told is lost
for good, and a VIP was named by the person on purpose: no number of dismissals outweighs that. So
what VIPs sent counts for no proposal, a sender who is a VIP or sends codes is never silenced, and a
silence is bound to one category, which is not that of codes, and ends below what is urgent
(MAX_SILENCED_PRIORITY). A muted category, a higher minimum urgency and a digest let VIPs pass by
themselves (`engines/wanted.py`, `engines/pacing.py`); the category of codes is never muted, and
where codes came with a low priority nothing is proposed that looks at priorities.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from apps.classification.types import Category, Urgency
from apps.notifications.engines.opinions import (
    Counts,
    Heard,
    is_one_places,
    is_some_senders,
    points_by_place,
    total,
)
from apps.notifications.types import Frequency, Plain, PreferenceValues, ProposalKind

# How far back dismissals speak: the stretch a preview looks at, so that both tell one story.
LOOKBACK = timedelta(days=30)
# Whatever was decided, the same is not proposed again for so long: asking again is nagging.
REST = timedelta(days=90)
# Open ones at a time: more than a few is a questionnaire.
MOST_OPEN = 3
# A sender: three dismissals, or one "less like this" of somebody who writes seldom.
SENDER_POINTS = 3
# A category is wider than a sender, and wider still is what looks at urgency alone.
CATEGORY_POINTS = 8
LOW_URGENCY_POINTS = 10
DIGEST_POINTS = 15
# Of what was told: most of a category; of the others half, so that one in two may be read quietly.
CATEGORY_SHARE = 0.75
SHARE = 0.5
# Points must come from so many senders or categories: otherwise the narrower proposal is right.
# Of a category and of low things none of them may have more than half.
SPREAD = 3
DIGEST_SPREAD = 5
# A digest loses nothing, so a few helpful things do not speak against it: one for so many points.
DIGEST_POINTS_FOR_HELPFUL = 5
# Frequencies that a daily digest would be rarer than.
OFTEN = (Frequency.INSTANT, Frequency.BATCH)
# What is urgent passes a proposed silence.
MAX_SILENCED_PRIORITY = Urgency.HIGH.floor - 1
# A silence must end some day; after half a year a sender may have become another.
SILENCE_LASTS = timedelta(days=180)

# What is proposed, without its reasons: the same for the same person exists once.
Key: TypeAlias = tuple[ProposalKind, str, bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One change that the counts speak for. `category` and `sender_index` as far as it has them."""

    kind: ProposalKind
    category: Category | None = None
    sender_index: bytes | None = None
    evidence: Counts

    @property
    def key(self) -> Key:
        return self.kind, self.category.value if self.category else "", self.sender_index


def proposals(
    heard: Sequence[Heard],
    preference: PreferenceValues,
    *,
    resting: frozenset[Key] = frozenset(),
    known: frozenset[Key] = frozenset(),
) -> list[Candidate]:
    """What may be proposed, the most useful first: candidates that are not `resting`.

    What is `known`, open already, keeps its place before them. What one of them would settle is not
    proposed beside it: the senders of a category that may be muted, and a digest where a category
    or low things may be dropped.
    """
    found = [one for one in candidates(heard, preference) if one.key not in resting]
    muted = {one.category for one in found if one.kind is ProposalKind.MUTE_CATEGORY}
    dropped = any(one.kind in _DROPPING for one in found)
    apart = [
        one
        for one in found
        if not (one.kind is ProposalKind.SILENCE_SENDER and one.category in muted)
        if not (one.kind is ProposalKind.DAILY_DIGEST and dropped)
    ]
    return sorted(apart, key=lambda one: one.key not in known)


def candidates(heard: Sequence[Heard], preference: PreferenceValues) -> list[Candidate]:
    """Everything the counts speak for, most points first and the narrower of equals.

    Monotone: what becomes helpful can only take candidates away.
    """
    told = [row for row in heard if _still_told(row, preference)]
    found = [one for rule in _RULES for one in rule(told, preference)]
    return sorted(found, key=lambda one: -one.evidence.points)


def changes_of(
    kind: ProposalKind, category: str, preference: PreferenceValues
) -> dict[str, Plain] | None:
    """Which fields of a person's own preferences acceptance would change, and to what.

    None where it would change nothing any more, or leave no category. A silence changes no field.
    """
    if kind is ProposalKind.MUTE_CATEGORY:
        own = preference.categories
        chosen = Category.values if own is None else own
        kept = [word for word in chosen if word != category]
        return {"categories": kept} if kept and len(kept) < len(chosen) else None
    if kind is ProposalKind.RAISE_MIN_URGENCY:
        is_low = preference.min_urgency is Urgency.LOW
        return {"min_urgency": Urgency.MEDIUM.value} if is_low else None
    if kind is ProposalKind.DAILY_DIGEST:
        often = preference.frequency in OFTEN
        return {"frequency": Frequency.DAILY.value} if often else None
    return {}


def _still_told(row: Heard, preference: PreferenceValues) -> bool:
    """Whether such a thing would be told today: what is dropped anyway needs no proposal."""
    wanted = preference.categories is None or row.category.value in preference.categories
    reaches = row.urgency.floor >= preference.min_urgency.floor
    return not row.silenced and (row.vip or (wanted and reaches))


def _senders(heard: Sequence[Heard], preference: PreferenceValues) -> Iterator[Candidate]:
    """Never helpful in anything, and dismissed often enough in one category."""
    by_sender: dict[bytes, list[Heard]] = {}
    for one in heard:
        if one.sender_index is not None:
            by_sender.setdefault(one.sender_index, []).append(one)
    for sender_index, rows in by_sender.items():
        if any(row.vip or row.category is Category.SECURITY_CODE for row in rows):
            continue
        if total(rows).helpful:
            continue
        for category in _categories_of(rows):
            silenced = [row for row in rows if row.category is category and not row.urgent]
            if _enough(total(silenced), SENDER_POINTS, SHARE):
                yield Candidate(
                    kind=ProposalKind.SILENCE_SENDER,
                    category=category,
                    sender_index=sender_index,
                    evidence=total(silenced),
                )


def _categories(heard: Sequence[Heard], preference: PreferenceValues) -> Iterator[Candidate]:
    """Mostly dismissed, whoever sent it, never helpful, and nothing urgent among it."""
    chosen = preference.categories
    for category in _categories_of(heard):
        rows = [row for row in heard if row.category is category]
        muted = [row for row in rows if not row.vip]
        if category is Category.SECURITY_CODE or any(row.urgent for row in muted):
            continue
        # The last category that is wanted is never taken: that is what "off" is for.
        if chosen is not None and len(chosen) == 1:
            continue
        if total(rows).helpful or is_some_senders(muted, SPREAD):
            continue
        if _enough(total(muted), CATEGORY_POINTS, CATEGORY_SHARE):
            yield Candidate(
                kind=ProposalKind.MUTE_CATEGORY, category=category, evidence=total(muted)
            )


def _low_urgency(heard: Sequence[Heard], preference: PreferenceValues) -> Iterator[Candidate]:
    """Low things of many kinds are dismissed, and none is helpful.

    Nothing above medium is ever proposed: it would leave the urgent alone.
    """
    rows = [row for row in heard if row.urgency is Urgency.LOW]
    if preference.min_urgency is not Urgency.LOW or _has_codes(rows):
        return
    dropped = [row for row in rows if not row.vip]
    if total(rows).helpful or is_one_places(dropped, SPREAD):
        return
    if _enough(total(dropped), LOW_URGENCY_POINTS, SHARE):
        yield Candidate(kind=ProposalKind.RAISE_MIN_URGENCY, evidence=total(dropped))


def _not_urgent(heard: Sequence[Heard], preference: PreferenceValues) -> Iterator[Candidate]:
    """So much of what is not urgent is dismissed that once a day would do."""
    rows = [row for row in heard if not row.urgent]
    if preference.frequency not in OFTEN or _has_codes(rows):
        return
    digested = [row for row in rows if not row.vip]
    counts = total(digested)
    if total(rows).helpful * DIGEST_POINTS_FOR_HELPFUL > counts.points:
        return
    if len(points_by_place(digested)) >= DIGEST_SPREAD and _enough(counts, DIGEST_POINTS, SHARE):
        yield Candidate(kind=ProposalKind.DAILY_DIGEST, evidence=counts)


# What takes the reasons from a digest.
_DROPPING = (ProposalKind.MUTE_CATEGORY, ProposalKind.RAISE_MIN_URGENCY)

_Rule: TypeAlias = Callable[[Sequence[Heard], PreferenceValues], Iterator[Candidate]]
# From narrow to wide.
_RULES: tuple[_Rule, ...] = (_senders, _categories, _low_urgency, _not_urgent)


def _enough(counts: Counts, points: int, share: float) -> bool:
    return counts.points >= points and counts.points >= share * counts.told


def _categories_of(rows: Iterable[Heard]) -> list[Category]:
    """Each once, in the order met."""
    return list(dict.fromkeys(row.category for row in rows))


def _has_codes(rows: Iterable[Heard]) -> bool:
    return any(row.category is Category.SECURITY_CODE for row in rows)
