"""Row B59, and slots across changes of the clocks."""

from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.errors import InvalidInput
from apps.core.timing import next_slot, zone
from tests.core.timing.moments import instant, moments

NOW = instant("2026-06-01T12:00")


def refusal(expression: str) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        next_slot(expression, NOW, zone("Europe/Berlin"))
    assert (caught.value.status_code, caught.value.code) == (422, "invalid_cron")
    return caught.value


def slots_after(expression: str, after: datetime, place: ZoneInfo, *, count: int) -> list[datetime]:
    slots = [after]
    for _ in range(count):
        slots.append(next_slot(expression, slots[-1], place))
    return slots[1:]


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "* * * *",
        "* * * * * *",
        "0/1 * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "0 0 0 * *",
        "0 0 32 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "*/0 * * * *",
        "5-1 * * * *",
        "-1 * * * *",
        "1.5 * * * *",
        "\u0661 * * * *",
        "* * * * *\n",
        "*\t* * * *",
        "@daily",
        "0 0 * FOO *",
        "0 0 * * 1#6",
        "L * * * *",
        "*/" + "9" * 5_000 + " * * * *",
        "0," * 60 + "0 * * * *",
    ],
)
def test_what_is_no_cron_expression_is_refused(expression: str) -> None:
    assert list(refusal(expression).fields) == ["cron"]


@pytest.mark.parametrize("expression", ["0 0 30 2 *", "0 0 31 4,6 *", "0 0 */40 2 1#5"])
def test_what_never_fires_is_refused(expression: str) -> None:
    assert refusal(expression).detail.endswith("it never fires")


@pytest.mark.parametrize(
    ("expression", "name", "after", "slots"),
    [
        ("30 2 * * *", "America/New_York", "2026-03-08T05:00", ["03-08T07:00", "03-09T06:30"]),
        ("30 1 * * *", "America/New_York", "2026-11-01T04:00", ["11-01T05:30", "11-02T06:30"]),
        ("30 1 * * *", "America/New_York", "2026-11-01T06:10", ["11-02T06:30", "11-03T06:30"]),
        (
            "*/15 * * * *",
            "America/New_York",
            "2026-11-01T05:30",
            ["11-01T05:45", "11-01T06:00", "11-01T06:15", "11-01T06:30"],
        ),
        (
            "0 * * * *",
            "America/New_York",
            "2026-11-01T04:30",
            ["11-01T05:00", "11-01T06:00", "11-01T07:00"],
        ),
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00", ["10-03T15:30", "10-04T15:15"]),
        ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00", ["04-04T14:45", "04-05T15:15"]),
        ("30 0 * * *", "Asia/Beirut", "2026-03-28T12:00", ["03-28T22:00", "03-29T21:30"]),
        ("55 23 L * *", "America/New_York", "2026-01-31T12:00", ["02-01T04:55", "03-01T04:55"]),
        ("0 17 * * FRI", "America/New_York", "2026-06-05T21:00", ["06-12T21:00", "06-19T21:00"]),
    ],
)
def test_slots_across_changes_of_the_clocks(
    expression: str, name: str, after: str, slots: list[str]
) -> None:
    found = slots_after(expression, instant(after), zone(name), count=len(slots))
    assert found == [instant(f"2026-{slot}") for slot in slots]


EXPRESSIONS = st.sampled_from(
    ["*/5 * * * *", "0 * * * *", "30 1 * * *", "30 2 * * *", "0 0 L * *", "15 */6 * * 1-5"]
)


@settings(deadline=None, max_examples=150)
@given(moments(), EXPRESSIONS)
def test_slots_only_go_forward(moment: tuple[ZoneInfo, datetime], expression: str) -> None:
    place, now = moment
    times = [now, *slots_after(expression, now, place, count=3)]
    assert all(earlier < later for earlier, later in pairwise(times))


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.text("0123456789*,/#-LWFRI", min_size=1, max_size=6), min_size=5, max_size=5).map(
        " ".join
    )
)
def test_any_other_text_is_a_slot_or_a_refusal(expression: str) -> None:
    with suppress(InvalidInput):
        assert next_slot(expression, NOW, zone("Europe/Berlin")) > NOW
