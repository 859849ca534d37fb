import re
from pathlib import Path

import pytest

from apps.classification.engines import meanings
from apps.classification.engines.hidden_text import SIGNAL_CODE
from apps.classification.engines.meanings import detail_of, meaning
from apps.classification.engines.seniority import SeniorityChange

ENGINES = Path(meanings.__file__).parent
ERROR_CODES = {"invalid_rule"}
FINDINGS = re.compile(r'(?:_finding|_asking)\(\s*"([a-z_]+)"|code="([a-z_]+)"')
EMITTED = (
    {
        first or second
        for path in ENGINES.glob("*.py")
        for first, second in FINDINGS.findall(path.read_text(encoding="utf-8"))
    }
    | {f"seniority_{change.value}" for change in SeniorityChange}
    | {SIGNAL_CODE}
)


@pytest.mark.parametrize("code", sorted(EMITTED - ERROR_CODES))
def test_every_signal_a_rule_can_give_has_a_meaning(code: str) -> None:
    assert code in meanings._MEANINGS


def test_a_signal_of_another_version_is_spelled_out() -> None:
    assert meaning("of_tomorrow") == "Of tomorrow."


def test_a_number_says_what_it_counts() -> None:
    assert detail_of("vip", "12") == "rule 12"
    assert detail_of("vip", "") == ""
    assert detail_of("topic", "risk") == "risk"
