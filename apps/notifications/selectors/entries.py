"""Rows as one person looks at them: an inbox entry, something held back, and the why of both."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.classification.models import Classification, Insight
from apps.classification.selectors import insight_of
from apps.classification.types import Urgency
from apps.ingestion.models import Event
from apps.notifications.engines.cursor import Cursor
from apps.notifications.engines.explaining import explain_step, reasons
from apps.notifications.engines.standing import in_words
from apps.notifications.engines.trace import trace_from_json
from apps.notifications.models import Decision, Notification

# What `entry_of` and `held_of` read of the joined rows; encrypted columns cost time for each row.
WHY_FIELDS = ("outcome", "reason", "trace", "created_at", "due_at", "public_id")
EVENT_FIELDS = ("public_id", "title", "sender_name")
VERDICT_FIELDS = ("reason", "method", "confidence", "category", "urgency")
INSIGHT_FIELDS = ("state", "detailed_insight", "recommended_actions", "urgency_assessment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question the noise filter asked, as a sentence with its answer."""

    passed: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """`reason` settled it; `verdict` is what was thought of the event and `confidence` 0–1.

    Without a verdict `method` is "" and `confidence` None.
    """

    reason: str
    checks: tuple[Check, ...]
    verdict: str
    method: str
    confidence: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One notification in the inbox; `in_digest` when it waited for one and came with it.

    `said` is the kind of its reader's opinion, "" without any.
    """

    id: UUID
    title: str
    message: str
    sender: str
    category: str
    category_label: str
    priority: int
    urgency: Urgency
    status: str
    delivered_at: datetime
    read_at: datetime | None
    event_id: UUID
    why: Why
    insight: Insight | None
    in_digest: bool
    said: str

    @property
    def headline(self) -> str:
        """The title where the sender's name stands beside it anyway."""
        return self.title.removeprefix(f"{self.sender}: ")

    @property
    def unread(self) -> bool:
        return self.status == Notification.Status.DELIVERED

    @property
    def cursor(self) -> Cursor:
        return Cursor(at=self.delivered_at, public_id=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An event that did not interrupt. `due_at` is when it will, `arrived_at` when it did.

    `moot` says why it was not told in the end, "" as long as it may be.
    """

    id: UUID
    title: str
    sender: str
    category: str
    category_label: str
    urgency: str
    outcome: str
    decided_at: datetime
    due_at: datetime | None
    arrived_at: datetime | None
    moot: str
    why: Why
    insight: Insight | None

    @property
    def cursor(self) -> Cursor:
        return Cursor(at=self.decided_at, public_id=self.id)


def entry_of(row: Notification) -> Entry:
    """`row` has been delivered; its decision, event and verdict are loaded."""
    if row.delivered_at is None:
        raise ValueError("not in the inbox")
    return Entry(
        id=row.public_id,
        title=row.title,
        message=row.body,
        sender=row.event.sender_name,
        category=row.category,
        category_label=row.get_category_display().capitalize(),
        priority=row.priority,
        urgency=Urgency.of(row.priority),
        status=row.status,
        delivered_at=row.delivered_at,
        read_at=row.read_at,
        event_id=row.event.public_id,
        why=_why(row.decision, _verdict(row.event)),
        insight=insight_of(row.event),
        in_digest=getattr(row, "in_digest", False),
        said=getattr(row, "said", None) or "",
    )


def held_of(row: Decision) -> Held:
    """The event, its verdict and the notification, if there is one, are loaded.

    `waits_until` is annotated where it is on its way to the inbox.
    """
    verdict = _verdict(row.event)
    notification: Notification | None = getattr(row, "notification", None)
    return Held(
        id=row.public_id,
        title=row.event.title or "(no subject)",
        sender=row.event.sender_name,
        category=verdict.category if verdict else "other",
        category_label=verdict.get_category_display().capitalize() if verdict else "Other",
        urgency=verdict.urgency if verdict else Urgency.LOW,
        outcome=row.outcome,
        decided_at=row.created_at,
        due_at=getattr(row, "waits_until", None) or row.due_at,
        arrived_at=notification.delivered_at if notification else None,
        moot=in_words(notification.moot_reason) if notification else "",
        why=_why(row, verdict),
        insight=insight_of(row.event),
    )


def _verdict(event: Event) -> Classification | None:
    return getattr(event, "classification", None)


def _why(decision: Decision, verdict: Classification | None) -> Why:
    return Why(
        reason=reasons.sentence(decision.reason),
        checks=tuple(
            Check(passed=step.passed, text=explain_step(step))
            for step in trace_from_json(decision.trace)
        ),
        verdict=verdict.reason if verdict else "",
        method=reasons.method(verdict.method) if verdict else "",
        confidence=verdict.confidence if verdict else None,
    )
