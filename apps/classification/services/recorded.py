"""A stored event and its verdict as the values the engines know."""

from apps.classification.engines.fast_path import CODE_PRIORITY
from apps.classification.models import Classification
from apps.classification.services.golden import fact_of
from apps.classification.types import (
    Category,
    Method,
    RiskLevel,
    SecurityCode,
    Signal,
    Verdict,
)
from apps.ingestion.models import Event
from apps.ingestion.types import Draft, RawRow


def verdict_of(row: Classification) -> Verdict:
    """The verdict that was stored as `row`.

    Whether a deterministic rule releases it is read from the signals. A code's own lifetime is not
    stored: its verdict's stands for it.
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
        overrides_quiet_hours=_is_live_code(row, signals),
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
    )


def _is_live_code(row: Classification, signals: tuple[Signal, ...]) -> bool:
    """A code that had not lapsed, or somebody's own rule that says it is one."""
    if any(one.code == "security_code" and not one.detail for one in signals):
        return True
    certain = row.method == Method.FAST_PATH and row.priority == CODE_PRIORITY
    return certain and row.category == Category.SECURITY_CODE
