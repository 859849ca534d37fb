"""The versioned title rules: defaults from a file, every change a new version, one judges."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.accounts.models import Business, User
from apps.classification.engines.seniority import TitleRules
from apps.core.errors import InvalidInput
from apps.rules import selectors as rules
from apps.rules.models import SeniorityRuleSet

DEFAULTS = Path(__file__).resolve().parent.parent / "data" / "seniority_rules.json"
# A version's number fits into an integer of PostgreSQL.
_MOST_DIGITS = 9
# So many of the newest are named where somebody asks for one that does not exist.
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class ShadowRules:
    """A version that judges beside the one that counts."""

    rule_set_id: int
    rules: TitleRules


@dataclass(frozen=True, slots=True)
class RulesInUse:
    """Business → rules, with everybody's default under None: always among `active`."""

    active: Mapping[int | None, TitleRules] = field(default_factory=dict)
    shadows: Mapping[int | None, ShadowRules] = field(default_factory=dict)

    def judging(self, business_id: int) -> TitleRules:
        return self.active.get(business_id, self.active[None])

    def in_shadow(self, business_id: int) -> ShadowRules | None:
        """The default's shadow counts only for those whom the default judges."""
        own = self.shadows.get(business_id)
        return own if own or business_id in self.active else self.shadows.get(None)


def rules_in_use(business_ids: Iterable[int]) -> RulesInUse:
    """What judges these businesses' titles, and what shadows that; one query."""
    active, shadows = {}, {}
    for row in rules.title_rules_in_use(business_ids):
        parsed = _parse(json.dumps(row.document))
        if row.active:
            active[row.business_id] = parsed
        else:
            shadows[row.business_id] = ShadowRules(row.pk, parsed)
    if None not in active:
        active[None] = _parse(DEFAULTS.read_text(encoding="utf-8"))
    return RulesInUse(active, shadows)


def active_title_rules(business_ids: Iterable[int]) -> Mapping[int | None, TitleRules]:
    """Business → the rules that judge it; the key None is always there."""
    return rules_in_use(business_ids).active


def rules_of(rule_set: SeniorityRuleSet) -> RulesInUse:
    """This version alone, active or not, in the place of whatever judges."""
    return RulesInUse({None: _parse(json.dumps(rule_set.document))})


def judged_by(rule_set: SeniorityRuleSet) -> Q:
    """Rows with a business whose titles this version judges, or would if it were active."""
    if rule_set.business_id is not None:
        return Q(business_id=rule_set.business_id)
    own = SeniorityRuleSet.objects.filter(business__isnull=False, active=True)
    return ~Q(business_id__in=own.values("business_id"))


def rule_set_named(version: str) -> SeniorityRuleSet:
    """ "3" of everybody's default, "northwind/3" of a business. Raises InvalidInput."""
    slug, _, number = version.rpartition("/")
    number = number.removeprefix("v")
    versions = SeniorityRuleSet.objects.filter(business__slug=slug) if slug else _defaults()
    known = number.isdecimal() and len(number) <= _MOST_DIGITS
    found = versions.filter(version=number).first() if known else None
    if found is None:
        there_are = ", ".join(rule_set_names()) or "none"
        raise InvalidInput(f"There are no title rules {version}; there are: {there_are}")
    return found


def rule_set_names() -> list[str]:
    """What `rule_set_named` knows; of many versions the newest."""
    newest = SeniorityRuleSet.objects.order_by("-pk").values_list("business__slug", "version")
    named = sorted((slug or "", number) for slug, number in newest[:_MOST_NAMED])
    return [f"{slug}/{number}" if slug else str(number) for slug, number in named]


def _defaults() -> QuerySet[SeniorityRuleSet]:
    return SeniorityRuleSet.objects.filter(business=None)


@lru_cache(maxsize=256)
def _parse(document: str) -> TitleRules:
    return TitleRules.parse(json.loads(document))


def save_version(
    document: dict[str, Any],
    *,
    note: str,
    author: User | None = None,
    business: Business | None = None,
    shadow: bool = False,
) -> SeniorityRuleSet:
    """Store `document` as the next version, and let it judge, or only in `shadow`.

    Raises InvalidInput.
    """
    TitleRules.parse(document)
    with transaction.atomic():
        versions = SeniorityRuleSet.objects.select_for_update().filter(business=business)
        latest = versions.order_by("-version").first()
        if shadow:
            versions.filter(shadow=True).update(shadow=False)
        else:
            versions.filter(active=True).update(active=False)
        return SeniorityRuleSet.objects.create(
            business=business,
            version=latest.version + 1 if latest else 1,
            document=document,
            note=note,
            author=author,
            active=not shadow,
            shadow=shadow,
        )


def ensure_defaults() -> bool:
    """Put the file of defaults into the database where no version exists yet."""
    if SeniorityRuleSet.objects.filter(business=None).exists():
        return False
    save_version(json.loads(DEFAULTS.read_text(encoding="utf-8")), note="Defaults")
    return True
