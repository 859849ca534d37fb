"""What a rule says once it has matched, under its public id: verdicts are shown outside."""

from dataclasses import dataclass
from uuid import UUID


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
