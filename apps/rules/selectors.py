"""Reads of rules, for whole batches. A rule with no user belongs to everybody in its business."""

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.accounts.selectors import business_id_of
from apps.rules.engines.keywords import KeywordSet
from apps.rules.models import KeywordRule, SeniorityRuleSet, VipSender
from apps.rules.types import KeywordEntry, VipMatch

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


def active_title_rules(business_ids: Iterable[int]) -> dict[int | None, SeniorityRuleSet]:
    """Business → its active rule set; the key None holds everybody's default."""
    rows = SeniorityRuleSet.objects.filter(
        Q(business_id__in=set(business_ids)) | Q(business=None), active=True
    )
    return {row.business_id: row for row in rows}


def visible_vips(user: User) -> QuerySet[VipSender]:
    """A person's own list and the shared one of their business, newest first."""
    return VipSender.objects.filter(
        Q(user=user) | Q(user=None), business_id=business_id_of(user)
    ).order_by("-id")
