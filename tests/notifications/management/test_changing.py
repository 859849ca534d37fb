import pytest

from apps.notifications.management.changing import smallest_change
from apps.notifications.types import Reason, Step

TOLD = {Reason.PASSED, Reason.URGENT, Reason.VIP}


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in TOLD])
def test_every_step_that_can_hold_an_event_says_what_would_change_it(reason: Reason) -> None:
    assert smallest_change(Step(code=reason.value, passed=False, margin=-1.0)).endswith(".")


def test_a_step_that_let_it_pass_needs_no_change() -> None:
    assert smallest_change(Step(code=Reason.BELOW_RELEVANCE.value, passed=True, margin=0.1)) == ""


def test_a_step_of_another_version_promises_nothing() -> None:
    assert smallest_change(Step(code="of_tomorrow", passed=False)) == ""


def test_a_full_day_names_the_limit_that_would_have_done() -> None:
    step = Step(
        code=Reason.DAILY_CAP.value,
        passed=False,
        inputs={"sent_today": 10},
        threshold=10,
        margin=-1.0,
    )
    assert smallest_change(step) == "A daily limit of 11, or 1 fewer told that day."
