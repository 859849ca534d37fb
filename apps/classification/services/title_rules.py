"""The versioned title rules: defaults from a file, every change a new version, one active."""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction

from apps.accounts.models import Business, User
from apps.classification.engines.seniority import TitleRules
from apps.rules import selectors as rules
from apps.rules.models import SeniorityRuleSet

DEFAULTS = Path(__file__).resolve().parent.parent / "data" / "seniority_rules.json"


def active_title_rules(business_ids: Iterable[int]) -> dict[int | None, TitleRules]:
    """Business → the rules that judge it; the key None is always there."""
    stored = rules.active_title_rules(business_ids)
    parsed = {business: _parse(json.dumps(row.document)) for business, row in stored.items()}
    if None not in parsed:
        parsed[None] = _parse(DEFAULTS.read_text(encoding="utf-8"))
    return parsed


@lru_cache(maxsize=256)
def _parse(document: str) -> TitleRules:
    return TitleRules.parse(json.loads(document))


def save_version(
    document: dict[str, Any],
    *,
    note: str,
    author: User | None = None,
    business: Business | None = None,
) -> SeniorityRuleSet:
    """Store `document` as the next version and make it the active one. Raises InvalidInput."""
    TitleRules.parse(document)
    with transaction.atomic():
        versions = SeniorityRuleSet.objects.select_for_update().filter(business=business)
        latest = versions.order_by("-version").first()
        versions.filter(active=True).update(active=False)
        return SeniorityRuleSet.objects.create(
            business=business,
            version=latest.version + 1 if latest else 1,
            document=document,
            note=note,
            author=author,
            active=True,
        )


def ensure_defaults() -> bool:
    """Put the file of defaults into the database where no version exists yet."""
    if SeniorityRuleSet.objects.filter(business=None).exists():
        return False
    save_version(json.loads(DEFAULTS.read_text(encoding="utf-8")), note="Defaults")
    return True
