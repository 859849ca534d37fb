from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.cursor import OVERLAP, Cursor, Position, beginning, parse_cursor

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001
    max_value=datetime(4000, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    "text",
    ["", "1", "1-", "-1-" + "0" * 32, "1-" + "g" * 32, "1" * 18 + "-" + "0" * 32, "٣-" + "0" * 32],
)
def test_any_other_text_is_no_cursor(text: str) -> None:
    assert parse_cursor(text) is None


@given(at=MOMENTS, public_id=st.uuids())
def test_a_cursor_survives_being_written(at: datetime, public_id: UUID) -> None:
    cursor = Cursor(at=at, public_id=public_id)
    assert parse_cursor(str(cursor)) == cursor


def test_a_position_never_moves_back() -> None:
    position = Position(cursor=beginning(NOON))
    position.note([Cursor(at=NOON - timedelta(seconds=1), public_id=uuid4())])
    assert position.cursor == beginning(NOON)


def test_what_is_inside_the_overlap_is_remembered() -> None:
    older = Cursor(at=NOON - OVERLAP, public_id=uuid4())
    position = Position(cursor=beginning(NOON))
    position.note([older])
    assert older.public_id in position.known


def test_what_lies_before_the_overlap_is_forgotten() -> None:
    older = Cursor(at=NOON, public_id=uuid4())
    position = Position(cursor=beginning(NOON))
    position.note([older])
    position.note([Cursor(at=NOON + OVERLAP * 2, public_id=uuid4())])
    assert older.public_id not in position.known
