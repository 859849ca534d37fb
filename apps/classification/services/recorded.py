"""A stored event and its verdict as the values the engines know."""

from apps.classification.models import Classification
from apps.classification.services.golden import fact_of
from apps.classification.types import (
    Category,
    Method,
    RiskLevel,
    SecurityCode,
    Signal,
    Urgency,
    Verdict,
)
from apps.ingestion.models import Event
from apps.ingestion.types import Draft, RawRow


def verdict_of(row: Classification) -> Verdict:
    """The verdict that was stored as `row`.

    No model is asked about what a deterministic rule decides, and whatever a model has said bears
    its method: what is critical on the fast path was made so by a rule. A code's own lifetime is
    not stored: its verdict's stands for it.
    """
    signals = tuple(Signal(code=one["code"], detail=one["detail"]) for one in row.signals)
    ends = row.expires_at or row.created_at
    return Verdict(
        priority=row.priority,
        category=Category(row.category),
        relevance=row.relevance,
        confidence=row.confidence,
        method=Method(row.method),
        reason=row.reason,
        action_required=row.action_required,
        sentiment=row.sentiment,
        risk=RiskLevel(row.risk),
        suggested_action=row.suggested_action,
        code=SecurityCode(value=row.code, expires_at=ends) if row.code else None,
        expires_at=row.expires_at,
        vip=row.vip,
        overrides_quiet_hours=_critical_by_rule(row, signals),
        signals=signals,
    )


def draft_of(event: Event) -> Draft:
    """What linking had made of `event`, without the body it came in and its recipients."""
    raw = RawRow(
        id=event.raw_event_id,
        business_id=event.business_id,
        source_id=event.source_id,
        correlation_id=event.correlation_id,
        received_at=event.received_at,
    )
    return Draft(
        raw=raw,
        ordinal=event.ordinal,
        fact=fact_of(event),
        public_id=event.public_id,
        owner_id=event.user_id,
        sender_index=bytes(event.sender_index) if event.sender_index else None,
        fingerprint=event.fingerprint,
        text_fingerprint=event.text_fingerprint,
    )


def _critical_by_rule(row: Classification, signals: tuple[Signal, ...]) -> bool:
    """A code that had not lapsed, or whatever else a rule decided alone."""
    if any(one.code == "security_code" and not one.detail for one in signals):
        return True
    return row.method == Method.FAST_PATH and row.priority >= Urgency.CRITICAL.floor
