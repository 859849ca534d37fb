"""What Vigil would say of a mail or a job title, without keeping anything of it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from apps.classification.engines.seniority import TitleJudgement
from apps.classification.engines.verdicts import JudgeContext, judge
from apps.classification.services.title_rules import active_title_rules
from apps.classification.types import Verdict
from apps.ingestion.engines.eml import read_mail
from apps.ingestion.types import EventKind, Fact, ProfileChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`at` is the moment it was judged at. `title` and `rules_version` only for job titles."""

    fact: Fact
    verdict: Verdict
    at: datetime
    title: TitleJudgement | None = None
    rules_version: str = ""


def try_mail(data: bytes, *, now: datetime) -> Tried:
    """Judged as when it was sent, so that its code still lives; by no one's VIPs and keywords.

    Raises InvalidDocument for what is no mail.
    """
    fact = read_mail(data, content_limit=settings.CONTENT_MAX_CHARACTERS)
    at = min(fact.occurred_at or now, now)
    return Tried(fact=fact, verdict=judge(fact, _context(), now=at), at=at)


def try_title(title: str, *, now: datetime) -> Tried:
    """As the new title of somebody who was not senior, by the rules of everybody."""
    rules = active_title_rules([])[None]
    change = ProfileChange(
        person_id="", person_name="", field_id="", field_name="", value=title.strip()
    )
    fact = Fact(kind=EventKind.PROFILE, event_type="TITLE", title=change.value, change=change)
    verdict = judge(fact, JudgeContext(title_rules=rules), now=now)
    return Tried(
        fact=fact,
        verdict=verdict,
        at=now,
        title=rules.level(change.value),
        rules_version=rules.version,
    )


def _context() -> JudgeContext:
    return JudgeContext(proximity_minutes=settings.CALENDAR_PROXIMITY_MINUTES)
