"""What title rules in shadow make of a change, by themselves."""

import pytest

from apps.classification.engines.seniority import SeniorityChange, TitleRules
from apps.classification.engines.title_shadow import in_shadow
from apps.classification.types import Level

RULES = TitleRules.parse({"version": "1", "csuite": ["ceo"], "vp": ["vp", "head of sales"]})


@pytest.mark.parametrize(
    ("previous", "title", "level", "change"),
    [
        ("", "Gardener", Level.NONE, SeniorityChange.NOT_SENIOR),
        ("Gardener", "Head of Sales", Level.VP, SeniorityChange.FIRST),
        ("Head of Sales", "VP Sales", Level.VP, SeniorityChange.UNCHANGED),
        ("Head of Sales", "CEO", Level.CSUITE, SeniorityChange.PROMOTION),
        ("CEO", "Head of Sales", Level.VP, SeniorityChange.DEMOTION),
        ("CEO", "", Level.NONE, SeniorityChange.REMOVED),
    ],
)
def test_the_title_before_tells_what_the_shadow_knew(
    previous: str, title: str, level: Level, change: SeniorityChange
) -> None:
    said = in_shadow(RULES, rule_set_id=7, title=title, previous_title=previous)
    assert (said.rule_set_id, said.level, said.change) == (7, level, change)
