"""What title rules in shadow make of a change, as though they had always judged."""

from dataclasses import dataclass

from apps.classification.engines.seniority import SeniorityChange, TitleRules, transition
from apps.classification.types import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowJudgement:
    rule_set_id: int
    level: Level
    change: SeniorityChange


def in_shadow(
    rules: TitleRules, *, rule_set_id: int, title: str, previous_title: str
) -> ShadowJudgement:
    """`previous_title` is the last one known, "" for none.

    A level hangs on the title alone, so the title somebody had tells what these rules would have
    made of it: there is no state to keep. They may therefore call "unchanged" what is first for
    the active rules, which did not know the title before. Where two watched fields are job titles,
    the previous one is that of the same field; the active rules remember the last of either.
    """
    level = rules.level(title).level
    previous = rules.level(previous_title).level if previous_title else Level.NONE
    return ShadowJudgement(rule_set_id=rule_set_id, level=level, change=transition(previous, level))
