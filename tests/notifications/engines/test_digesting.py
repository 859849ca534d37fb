"""Every item told once or counted, the most urgent first, in words a person can read."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.notifications.engines.digesting import (
    Item,
    in_order,
    period_key,
    plan,
    render,
)
from apps.notifications.engines.quiet import awake_at
from apps.notifications.types import Frequency, MootReason, PreferenceValues
from tests.notifications.engines.builders import NOON, utc
from tests.notifications.engines.strategies import moments

BERLIN = ZoneInfo("Europe/Berlin")
thorough = settings(max_examples=150, deadline=None)


def an_item(key: int, **changes: Any) -> Item:
    ordinary: dict[str, Any] = {
        "title": f"Title {key}",
        "body": "",
        "priority": 5,
        "client": "",
        "thread": "",
        "came_at": NOON,
    }
    return Item(key=key, **{**ordinary, **changes})


item_lists = st.lists(
    st.builds(
        an_item,
        st.integers(1, 10_000),
        priority=st.integers(1, 10),
        client=st.sampled_from(("", "Acme", "Globex")),
        thread=st.sampled_from(("", "a", "b")),
        came_at=st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
    ),
    max_size=40,
    unique_by=lambda item: item.key,
)


@thorough
@given(item_lists, st.integers(1, 30), st.integers(-1, 12))
def test_every_item_is_in_exactly_one_chunk_or_counted_as_left_out(
    items: list[Item], most: int, size: int
) -> None:
    chunks = plan(items, [], max_items=most, chunk_items=size)
    found = [item for chunk in chunks for item in (*chunk.items, *chunk.left_out)]
    assert Counter(found) == Counter(items)
    assert sum(len(chunk.items) for chunk in chunks) <= most
    assert all(0 < len(chunk.items) <= max(1, size) for chunk in chunks)


@thorough
@given(item_lists, st.integers(1, 30))
def test_nothing_left_out_is_more_urgent_than_what_is_told(items: list[Item], most: int) -> None:
    chunks = plan(items, [], max_items=most, chunk_items=10)
    told = [item.priority for chunk in chunks for item in chunk.items]
    left_out = [item.priority for chunk in chunks for item in chunk.left_out]
    assert not left_out or min(told) >= max(left_out)


@thorough
@given(item_lists)
def test_clients_and_threads_stay_together_and_the_most_urgent_leads(items: list[Item]) -> None:
    ordered = in_order(items)
    names = [item.client for item in ordered]
    assert len(set(names)) == sum(
        name != before for name, before in zip(names, [None, *names], strict=False)
    )
    named = [item.priority for item in items if item.client]
    assert not named or ordered[0].priority == max(named)


@thorough
@given(item_lists)
def test_the_order_in_which_things_came_to_hand_changes_nothing(items: list[Item]) -> None:
    assert in_order(items) == in_order(reversed(items))


def test_nothing_makes_no_digest_however_much_was_moot() -> None:
    assert plan([], [MootReason.EXPIRED], max_items=50, chunk_items=10) == ()


def test_only_the_last_chunk_says_what_else_there_was() -> None:
    items = [an_item(key) for key in range(1, 26)]
    first, last = plan(items, [MootReason.EXPIRED], max_items=20, chunk_items=10)
    assert (first.left_out, first.moot) == ((), ())
    assert (len(last.left_out), last.moot) == (5, (MootReason.EXPIRED,))


def test_a_thread_reads_from_its_most_urgent_message_on() -> None:
    calm = an_item(1, client="Acme", thread="t", priority=3)
    urgent = an_item(2, client="Acme", thread="t", priority=8)
    other = an_item(3, client="Acme", priority=5)
    assert in_order([calm, other, urgent]) == (urgent, calm, other)


def test_what_is_about_no_client_stands_last_however_urgent_it_is() -> None:
    alone = an_item(1, priority=8)
    acme = an_item(2, client="Acme", priority=3)
    contoso = an_item(3, client="Contoso", priority=5)
    assert in_order([alone, acme, contoso]) == (contoso, acme, alone)


def test_a_digest_names_its_hour_its_clients_and_what_is_missing() -> None:
    items = [
        an_item(1, title="Offer", body="Please have a look.", client="Acme", priority=8),
        an_item(2, title="Minutes"),
        an_item(3, title="Rest", priority=1),
    ]
    [chunk] = plan(items, [MootReason.MEETING_OVER], max_items=2, chunk_items=10)
    words = render(chunk, slot=NOON, zone=BERLIN)
    assert words.title == "Your digest of Mon 12 Jan, 13:10: 3 things"
    assert words.body.splitlines() == [
        "Acme",
        "- Offer — Please have a look.",
        "",
        "Everything else",
        "- Minutes",
        "",
        "And 1 more that did not fit.",
        "While you were away: 1 thing that no longer matters (a meeting is over).",
    ]


def test_parts_are_numbered() -> None:
    chunks = plan([an_item(key) for key in range(11)], [], max_items=50, chunk_items=10)
    titles = [render(chunk, slot=NOON, zone=BERLIN).title for chunk in chunks]
    assert [title.partition(": ")[2] for title in titles] == [
        "10 things (part 1 of 2)",
        "1 thing (part 2 of 2)",
    ]


@pytest.mark.parametrize(
    ("frequency", "slot", "key"),
    [
        (Frequency.INSTANT, "2026-01-12T12:30", "batch:2026-01-12T12:30Z"),
        (Frequency.BATCH, "2026-01-12T12:30", "batch:2026-01-12T12:30Z"),
        (Frequency.DAILY, "2026-01-12T23:30", "daily:2026-01-13"),
        (Frequency.WEEKLY, "2026-12-31T23:30", "weekly:2026-W53"),
    ],
)
def test_a_period_is_the_readers_own(frequency: Frequency, slot: str, key: str) -> None:
    assert period_key(frequency, utc(slot), BERLIN) == key


@thorough
@given(moments, st.sampled_from(Frequency), st.sampled_from((BERLIN, ZoneInfo("Pacific/Apia"))))
def test_a_period_key_fits_its_column(slot: datetime, frequency: Frequency, zone: ZoneInfo) -> None:
    assert 0 < len(period_key(frequency, slot, zone)) <= 40


def test_a_digest_that_is_late_waits_for_the_morning() -> None:
    sleeper = PreferenceValues(quiet_hours_enabled=True, quiet_start=time(22), quiet_end=time(7))
    assert awake_at(sleeper, utc("2026-01-12T23:00")) == utc("2026-01-13T07:00")
    assert awake_at(sleeper, NOON.replace(tzinfo=UTC)) == NOON
    assert awake_at(PreferenceValues(), utc("2026-01-12T23:00")) == utc("2026-01-12T23:00")
