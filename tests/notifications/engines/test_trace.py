import pytest

from apps.notifications.engines.trace import (
    step_from_json,
    step_to_json,
    trace_from_json,
    trace_to_json,
)
from apps.notifications.types import Step

STEP = Step(
    code="below_relevance",
    passed=True,
    inputs={"relevance": 0.4},
    threshold=0.7,
    margin=-0.3,
    note="vip override",
)


@pytest.mark.parametrize("data", [{"passed": True}, {"code": "disabled"}])
def test_a_step_without_its_code_or_result_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        step_from_json(data)


def test_a_trace_survives_the_way_there_and_back() -> None:
    steps = (Step(code="disabled", passed=True), STEP)
    assert trace_from_json(trace_to_json(steps)) == steps


def test_empty_members_are_left_out() -> None:
    assert step_to_json(Step(code="disabled", passed=True)) == {"code": "disabled", "passed": True}


def test_a_margin_of_zero_is_kept() -> None:
    assert step_to_json(Step(code="daily_cap", passed=True, margin=0.0))["margin"] == 0.0


def test_a_member_of_a_later_version_is_ignored() -> None:
    assert step_from_json({**step_to_json(STEP), "weather": "fine"}) == STEP
