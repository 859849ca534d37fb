"""What a rule may ask for, and what it says once it has matched.

Rules go by their public ids: verdicts are shown outside.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import TextChoices


class Category(TextChoices):
    """What an event is about: the word a verdict bears and a rule may ask for."""

    SECURITY_CODE = "security_code"
    MEETING = "meeting"
    MESSAGE = "message"
    NEWSLETTER = "newsletter"
    ACCOUNT = "account"
    EXPANSION = "expansion"
    RISK = "risk"
    LEADERSHIP = "leadership"
    FUNDING = "funding"
    PRODUCT = "product"
    PARTNERSHIP = "partnership"
    LEGAL = "legal"
    NEWS = "news"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class VipMatch:
    """The sender is on somebody's list: `priority` 1–10 is what the list asks for."""

    rule_id: UUID
    label: str
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordEntry:
    """One pattern as the engine needs it. `is_regex` False means: whole words, any case."""

    rule_id: UUID
    pattern: str
    is_regex: bool
    priority: int
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordHit:
    rule_id: UUID
    label: str
    priority: int
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What silences and inhibitions may look at in an event: never its words.

    `senders` are the blind indexes of the sender's address and of its domain, in this order.
    """

    category: str
    event_type: str
    priority: int
    client_id: int | None = None
    senders: tuple[bytes, ...] = ()
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveMatchers:
    """Every matcher that is set must match; None matches all."""

    category: str | None = None
    event_type: str | None = None
    sender_index: bytes | None = None
    client_id: int | None = None
    min_priority: int | None = None
    max_priority: int | None = None

    @property
    def is_total(self) -> bool:
        """No matcher is set. On somebody's own list of silences that is a snooze."""
        text = (self.category, self.event_type, self.sender_index)
        number = (self.client_id, self.min_priority, self.max_priority)
        return all(matcher is None for matcher in (*text, *number))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveSilence(ActiveMatchers):
    """A silence as the engine needs it."""

    silence_id: UUID
    expires_at: datetime


class Equal(TextChoices):
    """In what two events may have to agree for one to inhibit the other."""

    CLIENT = "client"
    SENDER = "sender"
    THREAD = "thread"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveInhibition:
    """An inhibition as the engine needs it; `equal` holds words of Equal."""

    inhibition_id: UUID
    source: ActiveMatchers
    target: ActiveMatchers
    equal: tuple[str, ...]
    window_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """Something a person was told, or is about to be, as decided `at` that moment."""

    subject: Subject
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibited:
    """What `inhibition_id` holds until, counted from the telling at `told_at`."""

    inhibition_id: UUID
    told_at: datetime
    until: datetime
