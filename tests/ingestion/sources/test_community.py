"""Profile changes in three dialects, and what is none."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.ingestion.sources.base import ShapeError
from apps.ingestion.sources.community import CommunitySource
from apps.ingestion.types import Envelope, EventKind, Fact, ProfileChange, Skipped, SkipReason
from tests.ingestion.sources.payloads import LIMIT, cases, payload

SOURCE = CommunitySource()
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHANGE = {"userId": "1", "profileField": "Job Title", "value": "CEO"}


def change(**values: Any) -> ProfileChange:
    usual = ProfileChange(
        person_id="42",
        person_name="Ana Díaz",
        field_id="",
        field_name="Job Title",
        value="VP of Sales",
    )
    return replace(usual, **values)


def profile(**values: Any) -> Fact:
    return replace(Fact(kind=EventKind.PROFILE, event_type="profile.updated"), **values)


def discourse(field_id: str, field_name: str, value: str, title: str, content: str) -> Fact:
    return profile(
        event_type="discourse.user_updated",
        external_id=f"7:{field_name}",
        title=title,
        content=content,
        change=change(person_id="7", field_id=field_id, field_name=field_name, value=value),
    )


EXPECTED: dict[str, tuple[Fact, ...] | Skipped] = {
    "gainsight_registered": Skipped(reason=SkipReason.UNKNOWN_TYPE, detail="no profile field"),
    "gainsight_logged_in": Skipped(reason=SkipReason.UNKNOWN_TYPE, detail="no profile field"),
    "discourse_ping": Skipped(reason=SkipReason.UNKNOWN_TYPE, detail="ping: no profile change"),
    "discourse_logged_in": Skipped(
        reason=SkipReason.UNKNOWN_TYPE, detail="user_logged_in: no profile change"
    ),
    "discourse_no_fields": Skipped(reason=SkipReason.NO_CONTENT),
    "discourse_user_updated": (
        discourse(
            "title",
            "title",
            "Chief of Staff",
            "Ana Díaz: title → Chief of Staff",
            "title is now Chief of Staff.",
        ),
        discourse(
            "1",
            "user_fields.1",
            "VP of Sales",
            "Ana Díaz: user_fields.1 → VP of Sales",
            "user_fields.1 is now VP of Sales.",
        ),
        discourse(
            "2",
            "user_fields.2",
            "",
            "Ana Díaz: user_fields.2 → (removed)",
            "user_fields.2 was removed.",
        ),
    ),
    "gainsight_profile_updated": (
        profile(
            external_id="2000:Country",
            title="John Doe: Country → Netherlands",
            content="Country was UK, is now Netherlands.",
            change=ProfileChange(
                person_id="2000",
                person_name="John Doe",
                field_id="123",
                field_name="Country",
                value="Netherlands",
                old_value="UK",
            ),
        ),
    ),
    "gainsight_title_removed": (
        profile(
            external_id="2000:Job Title",
            title="Ana Díaz: Job Title → (removed)",
            content="Job Title was removed; it was VP of Sales.",
            change=change(person_id="2000", field_id="7", value="", old_value="VP of Sales"),
        ),
    ),
    "signed_camel_case": (
        profile(
            external_id="42:Job Title",
            title="Ana Díaz: Job Title → VP of Sales",
            content="Job Title was Director, is now VP of Sales.",
            occurred_at=NINE,
            change=change(old_value="Director"),
            attributes={"community_id": "c-1"},
        ),
    ),
    "signed_snake_case": (
        profile(
            external_id="42:Job Title",
            title="Ana Díaz: Job Title → VP of Sales",
            content="Job Title is now VP of Sales.",
            occurred_at=NINE,
            change=change(),
            attributes={"community_id": "c-1"},
        ),
    ),
}


def envelope(**changes: Any) -> Envelope:
    return SOURCE.open({**CHANGE, **changes}, {})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"userId": None}, "userId"),
        ({"userId": True}, "userId"),
        ({"userId": 2**63}, "userId"),
        ({"userId": "u" * 201}, "userId"),
        ({"value": 5}, "value"),
        ({"value": {}}, "value"),
        ({"value": ["a", 1]}, "value"),
        ({"oldValue": 5}, "oldValue"),
        ({"profileField": "f" * 101}, "profileField"),
        ({"event": "drop table"}, "event"),
        ({"timestamp": "2026-03-02T09:00:00"}, "timestamp"),
        ({"user": "ana"}, "user"),
        ({"user": {"id": 7, "title": 1}}, "user.title"),
        ({"user": {"id": 7, "user_fields": {"1": {}}}}, "user.user_fields.1"),
        ({"user": {"id": 7, "user_fields": {"x" * 101: ""}}}, "user.user_fields"),
        ({"user": {"username": "ana"}}, "user.id"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ShapeError) as caught:
        envelope(**changes)
    assert list(caught.value.fields) == [field]


def test_a_change_without_a_value_is_refused() -> None:
    with pytest.raises(ShapeError) as caught:
        SOURCE.open({"userId": 1, "profileField": "Job Title"}, {})
    assert list(caught.value.fields) == ["value"]


@pytest.mark.parametrize("case", cases("community"))
def test_a_recorded_body_becomes_its_facts(case: str) -> None:
    found = payload("community", case)
    read = SOURCE.normalize(found.body, found.headers, content_limit=LIMIT)
    assert read == EXPECTED[case]


def test_null_means_removed() -> None:
    read = SOURCE.normalize({**CHANGE, "value": None}, {}, content_limit=LIMIT)
    assert isinstance(read, tuple)
    assert read[0].title == "1: Job Title → (removed)"


def test_without_id_and_time_nothing_is_a_repetition() -> None:
    assert envelope().dedup_id == ""


def test_the_senders_own_event_id_comes_first() -> None:
    assert envelope(event_id="e-7", timestamp="2026-03-02T09:00:00Z").dedup_id == "e-7"


def test_the_header_of_discourse_is_its_event_id() -> None:
    found = payload("community", "discourse_user_updated")
    assert SOURCE.open(found.body, found.headers).dedup_id == "981"


def test_the_same_moment_in_another_zone_is_the_same_change() -> None:
    here = envelope(timestamp="2026-03-02T09:00:00Z")
    there = envelope(timestamp="2026-03-02T10:00:00+01:00")
    assert here.dedup_id == there.dedup_id != ""


def test_a_title_that_changes_back_is_three_changes() -> None:
    found = {
        envelope(value=value, timestamp=f"2026-03-0{day}T09:00:00Z").dedup_id
        for day, value in ((1, "VP"), (2, "Director"), (3, "VP"))
    }
    assert len(found) == 3


def test_fields_do_not_run_into_each_other() -> None:
    moment = "2026-03-02T09:00:00Z"
    first = envelope(profileField="ab", value="c", timestamp=moment)
    second = envelope(profileField="a", value="bc", timestamp=moment)
    assert first.dedup_id != second.dedup_id
