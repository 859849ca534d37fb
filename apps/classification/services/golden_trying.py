"""The golden set before another prompt or other title rules, beside what judges now.

Nothing is kept but what a model's answers cost. A prompt is asked about what it would be asked
about live: what the rules are not sure of, and never a change of a profile.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from apps.classification.engines.prompting import PromptText
from apps.classification.engines.scoring import Scored, Scores, score
from apps.classification.engines.settling import Asked, settled
from apps.classification.models import GoldenCase, PromptVersion
from apps.classification.services.asking import Asking, ask_anew, worth_asking
from apps.classification.services.classifying import Judged
from apps.classification.services.golden_judging import compared, judged_cases, scored
from apps.classification.services.prompts import named, names, text_of
from apps.classification.services.title_rules import judged_by, rules_of
from apps.classification.types import QuestionKey
from apps.core.errors import InvalidInput
from apps.ingestion.types import EventKind
from apps.rules.models import SeniorityRuleSet

# Each round of LLM_BATCH_ROWS may take LLM_TIMEOUT_SECONDS; in the console somebody waits for it.
CASES_AT_MOST: Final = 500
CASES_IN_CONSOLE: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The same cases by `now`, what judges today, and by `tried`. `asking` where a model was."""

    cases_of: str
    now_name: str
    tried_name: str
    now: Scores
    tried: Scores
    asking: Asking | None = None


def prompt_to_ask(version: str) -> PromptText:
    """See `prompts.named`. Raises InvalidInput, also where there is no model to ask."""
    prompt = named(version)
    if prompt is None:
        raise InvalidInput(f"There is no prompt {version}; there are: {', '.join(names())}")
    if not settings.CLASSIFIER_PROVIDER:
        raise InvalidInput("No model is named: set CLASSIFIER_PROVIDER")
    return prompt


def try_prompt(
    prompt: PromptText,
    *,
    now: datetime,
    since: datetime | None = None,
    limit: int = CASES_AT_MOST,
) -> Comparison:
    """The latest `limit` cases; each tenant's budget holds, and then the rules' verdict stands.

    Not in a transaction.
    """
    cases = list(_kept_since(since).order_by("-id")[:limit])
    judged = judged_cases(cases)
    asking = Asking()
    worth = worth_asking(judged)
    questions = [item for item in judged if item.draft.raw.id in worth]
    asked = ask_anew(questions, prompt, asking, now=now)
    return Comparison(
        cases_of="all kinds",
        now_name="rules",
        tried_name=prompt.version,
        now=score([compared(c, j.verdict) for c, j in zip(cases, judged, strict=True)]),
        tried=score(list(_settled(cases, judged, asked))),
        asking=asking,
    )


def try_beside_active(prompt: PromptVersion, *, now: datetime) -> Comparison:
    """In the console: both versions are asked about CASES_IN_CONSOLE. Raises InvalidInput."""
    active = try_prompt(prompt_to_ask("active"), now=now, limit=CASES_IN_CONSOLE)
    if prompt.active:
        return replace(active, now=active.tried, now_name="active")
    tried = try_prompt(text_of(prompt), now=now, limit=CASES_IN_CONSOLE)
    return replace(tried, now=active.tried, now_name="active")


def try_title_rules(rule_set: SeniorityRuleSet, *, since: datetime | None = None) -> Comparison:
    """Cases about job titles of those whom this version judges, or would judge."""
    cases = _kept_since(since).filter(judged_by(rule_set), kind=EventKind.PROFILE).order_by("id")
    titles = cases.exclude(seniority="")
    return Comparison(
        cases_of="job titles",
        now_name="active",
        tried_name=f"titles v{rule_set.version}",
        now=score(list(scored(titles))),
        tried=score(list(scored(titles, title_rules=rules_of(rule_set)))),
    )


def _kept_since(since: datetime | None) -> QuerySet[GoldenCase]:
    cases = GoldenCase.objects.all()
    return cases.filter(updated_at__gte=since) if since else cases


def _settled(
    cases: Sequence[GoldenCase], judged: Sequence[Judged], asked: Mapping[QuestionKey, Asked]
) -> Iterator[Scored]:
    for case, item in zip(cases, judged, strict=True):
        answer = asked.get(item.draft.key)
        fact = item.draft.fact
        yield compared(case, settled(item.verdict, answer, fact) if answer else item.verdict)
