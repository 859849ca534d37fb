"""What we think of an event: one verdict type for rules, models and fakes alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db.models import TextChoices

# A rule may name a category, so the words live with the rules; whoever judges finds them here.
from apps.rules.types import Category as Category  # noqa: PLC0414  # handed on


class Urgency(TextChoices):
    """The name of a priority: low 1–3, medium 4–6, high 7–8, critical 9–10."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @classmethod
    def of(cls, priority: int) -> "Urgency":
        if priority >= 9:
            return cls.CRITICAL
        if priority >= 7:
            return cls.HIGH
        return cls.MEDIUM if priority >= 4 else cls.LOW

    @property
    def floor(self) -> int:
        """The least priority that bears this name."""
        return _FLOORS[self]


_FLOORS = {Urgency.LOW: 1, Urgency.MEDIUM: 4, Urgency.HIGH: 7, Urgency.CRITICAL: 9}


class RiskLevel(TextChoices):
    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Method(TextChoices):
    """How a verdict was reached."""

    FAST_PATH = "fast_path"
    RULES = "rules"
    LLM = "llm"
    CACHE = "cache"
    FALLBACK = "fallback"


class Level(TextChoices):
    """Seniority of a job title; nobody below a vice president has one."""

    NONE = "", "None"
    VP = "vp", "VP"
    CSUITE = "csuite", "C-suite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing a rule saw: `code` says which rule, `detail` what it saw (no personal data)."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityCode:
    """A one-time password, and until when it is worth telling."""

    value: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Priority 1–10; relevance and confidence 0–1; sentiment −1–1.

    `overrides_quiet_hours`: a deterministic rule (a code, a VIP, a keyword) makes it critical; no
    model's word does. `expires_at` is the moment after which telling is pointless (a code has
    lapsed, a meeting is over).
    """

    priority: int
    category: Category
    relevance: float
    confidence: float
    method: Method
    reason: str
    action_required: bool = False
    sentiment: float = 0.0
    risk: RiskLevel = RiskLevel.NONE
    suggested_action: str = ""
    code: SecurityCode | None = None
    expires_at: datetime | None = None
    vip: bool = False
    overrides_quiet_hours: bool = False
    signals: tuple[Signal, ...] = ()

    @property
    def urgency(self) -> Urgency:
        return Urgency.of(self.priority)

    @property
    def awaited(self) -> bool:
        """A one-time code, which is lost unless it is told at once: no limit of a day holds it."""
        return self.overrides_quiet_hours and self.code is not None


# Which fact a model was asked about: the raw event's id and the fact's place in it.
QuestionKey: TypeAlias = tuple[int, int]
