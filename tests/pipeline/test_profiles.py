"""A member's profile: changes in order, titles judged, everybody in the business told."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.accounts.models import User
from apps.classification.models import Classification, Detection, SeniorityState
from apps.classification.services.title_rules import DEFAULTS, save_version
from apps.classification.types import Level
from apps.core.strictjson import loads
from apps.ingestion.models import Event, ProfileValue, Source
from apps.notifications.models import Notification
from tests.pipeline.builders import drain, profile, raw_of, receive, told_of

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def title(value: str, minute: int = 0, **values: Any) -> dict[str, Any]:
    return profile(value=value, at=START + timedelta(minutes=minute), **values)


def outcome(event_id: UUID) -> tuple[str, str]:
    row = raw_of(event_id)
    return row.state, row.reason


def test_a_title_that_changes_and_changes_back_is_three_changes(community: Source) -> None:
    receive(community, title("VP Sales", 0), title("Analyst", 1), title("VP Sales", 2))
    drain()
    assert Event.objects.filter(duplicate_of=None).count() == 3
    assert ProfileValue.objects.get().value == "VP Sales"
    assert [d.change for d in Detection.objects.order_by("id")] == ["first", "first"]


def test_an_older_update_that_comes_later_changes_nothing(community: Source) -> None:
    [_, late] = receive(community, title("VP Sales", 5), title("Analyst", 1))
    drain()
    assert outcome(late) == ("skipped", "stale_update")
    assert ProfileValue.objects.get().value == "VP Sales"
    assert SeniorityState.objects.get().level == Level.VP


def test_an_older_update_in_a_later_round_changes_nothing_either(community: Source) -> None:
    receive(community, title("VP Sales", 5))
    drain()
    [late] = receive(community, title("Analyst", 1))
    drain()
    assert outcome(late) == ("skipped", "stale_update")


def test_the_same_value_again_is_no_change(community: Source) -> None:
    [_, again] = receive(community, title("VP Sales", 0), title("VP Sales", 1))
    drain()
    assert outcome(again) == ("skipped", "unchanged_value")
    assert Event.objects.count() == 1


def test_a_field_nobody_watches_is_skipped_with_its_reason(community: Source) -> None:
    [hobby] = receive(community, title("Chess", field="Hobby"))
    drain()
    assert outcome(hobby) == ("skipped", "unregistered_field")
    assert not Event.objects.exists()
    assert not ProfileValue.objects.exists()


def test_a_watched_field_is_found_whatever_its_case(community: Source) -> None:
    [event_id] = receive(community, title("VP Sales", field="JOB TITLE"))
    drain()
    assert outcome(event_id) == ("done", "")


def test_everybody_in_the_business_is_told_and_nobody_else(
    community: Source, ana: User, boris: User, zoe: User
) -> None:
    [event_id] = receive(community, title("Chief Financial Officer"))
    drain()
    assert [told.user for told in told_of(event_id)] == [ana, boris]


def test_somebody_who_left_is_not_told(community: Source, ana: User, boris: User) -> None:
    User.objects.filter(pk=boris.pk).update(is_active=False)
    [event_id] = receive(community, title("Chief Financial Officer"))
    drain()
    assert [told.user for told in told_of(event_id)] == [ana]


@pytest.mark.parametrize(
    ("titles", "changes"),
    [
        (["Analyst"], []),
        (["VP Sales"], ["first"]),
        (["VP Sales", "Chief Executive Officer"], ["first", "promotion"]),
        (["Chief Executive Officer", "VP Sales"], ["first"]),
        (["VP Sales", "VP Marketing"], ["first"]),
        (["VP Sales", "", "VP Sales"], ["first", "first"]),
    ],
    ids=["nobody", "first", "promotion", "demotion", "sideways", "gone and back"],
)
@pytest.mark.parametrize("limit", [1, 200], ids=["one by one", "in one batch"])
def test_only_a_first_sighting_and_a_promotion_are_detected(
    community: Source, titles: list[str], changes: list[str], limit: int
) -> None:
    receive(community, *(title(value, minute) for minute, value in enumerate(titles)))
    drain(limit=limit)
    detected = Detection.objects.order_by("id").values_list("change", flat=True)
    assert list(detected) == changes


def test_somebody_no_longer_senior_leaves_the_table(community: Source) -> None:
    receive(community, title("VP Sales", 0), title("Analyst", 1))
    drain()
    assert not SeniorityState.objects.exists()


def test_a_verdict_names_the_version_of_the_rules_that_made_it(community: Source) -> None:
    document = loads(DEFAULTS.read_bytes())
    assert isinstance(document, dict)
    save_version({**document, "version": "ours-7"}, note="A test's own")
    receive(community, title("VP Sales"))
    drain()
    assert Classification.objects.get().rules_version == "ours-7"


def test_two_people_of_one_name_are_two_people(community: Source) -> None:
    receive(community, title("VP Sales", person="1"), title("VP Sales", person="2"))
    drain()
    assert SeniorityState.objects.count() == 2
    assert Notification.objects.count() == 4
