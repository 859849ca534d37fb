"""What was held back is told only while it is still true."""

from datetime import timedelta

import pytest

from apps.notifications.engines.standing import Standing, moot_reason, while_away
from apps.notifications.types import MootReason
from tests.notifications.engines.builders import NOON

PAST = NOON - timedelta(minutes=1)
LATER = NOON + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Standing(is_code=True, deadline=PAST), MootReason.CODE_LAPSED),
        (Standing(is_code=True, deadline=NOON), MootReason.CODE_LAPSED),
        (Standing(ends_at=NOON), MootReason.MEETING_OVER),
        (Standing(ends_at=PAST, superseded=True), MootReason.MEETING_OVER),
        (Standing(ends_at=LATER, superseded=True), MootReason.SUPERSEDED),
        (Standing(ends_at=LATER, deadline=PAST), MootReason.EXPIRED),
        (Standing(deadline=PAST), MootReason.EXPIRED),
        (Standing(is_code=True, deadline=LATER), None),
        (Standing(ends_at=LATER), None),
        (Standing(), None),
    ],
)
def test_what_is_over_is_moot_and_what_is_ahead_is_not(
    standing: Standing, reason: MootReason | None
) -> None:
    assert moot_reason(standing, NOON) == reason


def test_nothing_moot_needs_no_line() -> None:
    assert while_away([]) == ""


def test_one_line_counts_everything_that_no_longer_matters() -> None:
    reasons = [MootReason.EXPIRED, MootReason.SUPERSEDED, MootReason.EXPIRED]
    assert while_away(reasons) == (
        "While you were away: 3 things that no longer matter"
        " (something has changed again, 2 things are out of date)."
    )
