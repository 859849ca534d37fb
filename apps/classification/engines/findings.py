"""What one rule concludes, and what the rules must know besides the fact."""

from dataclasses import dataclass
from datetime import datetime

from apps.classification.engines.seniority import TitleRules
from apps.classification.types import Category, Level
from apps.rules.types import KeywordHit, VipMatch

VIP_FLOOR = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeContext:
    """`title_rules` is None where the fact is no job title; `keywords` are those found in it.

    `vip_floor` is the least priority a sender on a VIP list gives.
    """

    vip: VipMatch | None = None
    keywords: tuple[KeywordHit, ...] = ()
    previous_level: Level = Level.NONE
    title_rules: TitleRules | None = None
    proximity_minutes: int = 15
    vip_floor: int = VIP_FLOOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's opinion; `code` and `detail` become its Signal (no personal data).

    `reason` is one plain sentence for the recipient, without any address. `certain` is False for
    what is read from the wording only.
    """

    code: str
    priority: int
    category: Category
    relevance: float
    confidence: float
    reason: str
    detail: str = ""
    certain: bool = True
    action_required: bool = False
    suggested_action: str = ""
    expires_at: datetime | None = None
