"""What a rule may ask for, and what it says once it has matched.

Rules go by their public ids: verdicts are shown outside.
"""

from dataclasses import dataclass
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
