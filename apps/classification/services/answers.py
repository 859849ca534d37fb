"""Answers of models, kept for a while: the same content, or nearly the same, is asked about once.

A key holds everything an answer depends on, the tenant first: nothing ever crosses tenants. What
was said about nearly the same content counts without its words: they may name another person, to
whom that was written, or another amount.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.conf import settings

from apps.classification import selectors
from apps.classification.engines.answers import Opinion
from apps.classification.engines.settling import Asked
from apps.classification.models import ModelAnswer
from apps.classification.services.classifying import Judged
from apps.classification.types import Category, QuestionKey, RiskLevel
from apps.core.hashing import digest
from apps.core.similarity import similar

# Family → fingerprint and opinion, newest first.
_Recent: TypeAlias = dict[bytes, list[tuple[int, dict[str, Any]]]]


def key_of(item: Judged, versions: str) -> bytes:
    """32 bytes, equal for what must get the same answer."""
    return digest(family_of(item, versions), item.draft.content_digest)


def family_of(item: Judged, versions: str) -> bytes:
    """32 bytes: all of the key but the content."""
    raw, fact = item.draft.raw, item.draft.fact
    return digest(raw.business_id, versions, item.rules_version, fact.kind.value)


def kept(judged: Iterable[Judged], versions: str, *, now: datetime) -> dict[QuestionKey, Asked]:
    """Answers of the last CLASSIFICATION_CACHE_SECONDS to the same content, or to the nearest."""
    judged = list(judged)
    since = now - timedelta(seconds=settings.CLASSIFICATION_CACHE_SECONDS)
    exact = selectors.answers_to({key_of(item, versions) for item in judged}, since=since)
    others = [item for item in judged if key_of(item, versions) not in exact]
    recent = selectors.recent_answers({family_of(item, versions) for item in others}, since=since)
    found = {}
    for item in judged:
        same = exact.get(key_of(item, versions))
        opinion = _opinion(same) if same else _nearest(item, recent, versions)
        if opinion is not None:
            found[item.draft.key] = Asked(opinion=opinion, cached=True)
    return found


def keep(answered: Iterable[tuple[Judged, Opinion]], versions: str) -> None:
    """Remember what was answered; of two answers to one question the later stays."""
    rows = {
        key_of(item, versions): ModelAnswer(
            business_id=item.draft.raw.business_id,
            key=key_of(item, versions),
            family=family_of(item, versions),
            fingerprint=item.draft.fingerprint,
            opinion=asdict(opinion),
        )
        for item, opinion in answered
    }
    ModelAnswer.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["opinion", "fingerprint", "created_at"],
    )


def _opinion(stored: dict[str, Any]) -> Opinion:
    category, risk = Category(stored["category"]), RiskLevel(stored["risk"])
    return Opinion(**{**stored, "category": category, "risk": risk})


def _nearest(item: Judged, recent: _Recent, versions: str) -> Opinion | None:
    for fingerprint, stored in recent.get(family_of(item, versions), []):
        if similar(fingerprint, item.draft.fingerprint):
            return replace(_opinion(stored), reason="", suggested_action="")
    return None
