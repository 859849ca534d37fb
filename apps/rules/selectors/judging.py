"""Reads of rules, for whole batches. A rule with no user belongs to everybody in its business."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.accounts.models import Business, User
from apps.accounts.selectors import business_id_of
from apps.rules.engines.keywords import KeywordSet
from apps.rules.engines.silences import silence_for, snoozed_until
from apps.rules.models import KeywordRule, SeniorityRuleSet, Silence, VipSender
from apps.rules.types import ActiveSilence, KeywordEntry, Subject, VipMatch

VipKey = tuple[int, int | None, bytes]


def vips(business_ids: set[int], indexes: set[bytes]) -> dict[VipKey, VipMatch]:
    """(business, user or None, blind index) → what that list says of the sender."""
    if not indexes:
        return {}
    rows = VipSender.objects.filter(
        business_id__in=business_ids, address_index__any_of=indexes
    ).values_list("business_id", "user_id", "address_index", "public_id", "label", "priority")
    return {
        (business, user, bytes(index)): VipMatch(rule_id=rule, label=label, priority=priority)
        for business, user, index, rule, label, priority in rows
    }


def keyword_sets(business_ids: set[int]) -> "KeywordSets":
    """Every enabled keyword rule of these businesses, compiled once per version of the list."""
    rows = (
        KeywordRule.objects.filter(business_id__in=business_ids, enabled=True)
        .order_by("id")
        .values_list(
            *("business_id", "user_id", "public_id"),
            *("pattern", "is_regex", "priority", "category"),
        )
    )
    entries: dict[tuple[int, int | None], list[KeywordEntry]] = {}
    for business, user, rule, pattern, is_regex, priority, category in rows:
        entries.setdefault((business, user), []).append(
            KeywordEntry(
                rule_id=rule,
                pattern=pattern,
                is_regex=is_regex,
                priority=priority,
                category=category,
            )
        )
    return KeywordSets(entries)


class KeywordSets:
    """The keyword sets of a batch: `for_person` joins somebody's own rules with the shared ones."""

    def __init__(self, entries: dict[tuple[int, int | None], list[KeywordEntry]]) -> None:
        self._entries = entries

    def for_person(self, business_id: int, user_id: int | None) -> KeywordSet:
        shared = self._entries.get((business_id, None), [])
        own = self._entries.get((business_id, user_id), []) if user_id else []
        return _compiled((*shared, *own))


@lru_cache(maxsize=1_024)
def _compiled(entries: tuple[KeywordEntry, ...]) -> KeywordSet:
    return KeywordSet.compile(entries)


def silences(business_ids: set[int], user_ids: set[int], *, now: datetime) -> "Silences":
    """What is silenced in these businesses for these people, in one query."""
    rows = Silence.objects.filter(
        Q(user=None) | Q(user_id__any_of=user_ids),
        business_id__in=business_ids,
        expires_at__gt=now,
        ended_at=None,
    ).values_list("business_id", "user_id", *_SILENCE)
    entries: dict[tuple[int, int | None], list[ActiveSilence]] = {}
    for business, user, *matchers in rows:
        entries.setdefault((business, user), []).append(_active_silence(*matchers))
    return Silences(entries)


class Silences:
    """The silences of a batch. False when there are none, as nearly always."""

    def __init__(self, entries: dict[tuple[int, int | None], list[ActiveSilence]]) -> None:
        self._entries = entries

    def __bool__(self) -> bool:
        return bool(self._entries)

    def silence_for(self, business_id: int, user_id: int, subject: Subject) -> ActiveSilence | None:
        """A person's own that are no snooze, and everybody's."""
        own = self._entries.get((business_id, user_id), [])
        shared = self._entries.get((business_id, None), [])
        return silence_for((*shared, *(one for one in own if not one.is_total)), subject)

    def snoozed_until(self, business_id: int, user_id: int) -> datetime | None:
        return snoozed_until(self._entries.get((business_id, user_id), []))


_NO_MATCHER: Mapping[str, Any] = {
    "category": "",
    "event_type": "",
    "sender_index": None,
    "client": None,
    "min_priority": None,
    "max_priority": None,
}


def past_silences(business_id: int, user_id: int, *, since: datetime) -> "PastSilences":
    """What was silenced for that person at any time since then, in one query."""
    rows = Silence.objects.filter(
        Q(user=None) | Q(user_id=user_id), business_id=business_id, expires_at__gt=since
    ).values_list("created_at", "ended_at", "user_id", *_SILENCE)
    return PastSilences(
        [
            (begun_at, ended_at, (business_id, user), _active_silence(*matchers))
            for begun_at, ended_at, user, *matchers in rows
        ]
    )


# When it was made, when it was ended before its time if it was, whose it is, and what it silences.
_Past = tuple[datetime, datetime | None, tuple[int, int | None], ActiveSilence]


class PastSilences:
    """Silences with the moments they were made and ended. What was deleted has left no trace."""

    def __init__(self, entries: list[_Past]) -> None:
        self._entries = entries

    def at(self, moment: datetime) -> Silences:
        """As a drain of that moment would have seen them."""
        active: dict[tuple[int, int | None], list[ActiveSilence]] = {}
        for begun_at, ended_at, key, silence in self._entries:
            if begun_at <= moment < (ended_at or silence.expires_at):
                active.setdefault(key, []).append(silence)
        return Silences(active)


_SILENCE = (
    "public_id",
    "expires_at",
    "category",
    "event_type",
    "sender_index",
    "client_id",
    "min_priority",
    "max_priority",
)


def _active_silence(
    silence_id: UUID,
    expires_at: datetime,
    category: str,
    event_type: str,
    sender_index: bytes | None,
    client_id: int | None,
    min_priority: int | None,
    max_priority: int | None,
) -> ActiveSilence:
    return ActiveSilence(
        silence_id=silence_id,
        expires_at=expires_at,
        category=category or None,
        event_type=event_type or None,
        sender_index=None if sender_index is None else bytes(sender_index),
        client_id=client_id,
        min_priority=min_priority,
        max_priority=max_priority,
    )


def title_rules_in_use(business_ids: Iterable[int]) -> QuerySet[SeniorityRuleSet]:
    """What judges these businesses' titles or shadows that; everybody's default with them."""
    return SeniorityRuleSet.objects.filter(
        Q(business_id__in=set(business_ids)) | Q(business=None), Q(active=True) | Q(shadow=True)
    )


def visible_silences(user: User, *, now: datetime) -> QuerySet[Silence]:
    """A person's own silences and the shared ones of their business that have not ended."""
    return (
        Silence.objects.filter(Q(user=user) | Q(user=None), expires_at__gt=now, ended_at=None)
        .filter(business_id=business_id_of(user))
        .select_related("author", "client")
        .order_by("expires_at", "id")
    )


def own_snoozes(business: Business, user: User, *, now: datetime) -> QuerySet[Silence]:
    """A person's silences over everything that have not ended."""
    return Silence.objects.filter(
        business=business,
        user=user,
        expires_at__gt=now,
        ended_at=None,
        **_NO_MATCHER,
    )


def snoozed_until_of(user: User, *, now: datetime) -> datetime | None:
    """When a person's snooze ends; None for somebody who does not snooze."""
    totals = visible_silences(user, now=now).filter(user=user, **_NO_MATCHER)
    return totals.order_by("-expires_at").values_list("expires_at", flat=True).first()


def visible_vips(user: User) -> QuerySet[VipSender]:
    """A person's own list and the shared one of their business, newest first."""
    return VipSender.objects.filter(
        Q(user=user) | Q(user=None), business_id=business_id_of(user)
    ).order_by("-id")
