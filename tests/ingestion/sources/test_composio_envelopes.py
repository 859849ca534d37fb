"""Three envelopes open to the same; anything else is refused by the name of its field."""

from typing import Any

import pytest

from apps.core.json_types import Json
from apps.ingestion.sources.base import ShapeError
from apps.ingestion.sources.composio import ComposioSource
from apps.ingestion.types import AccountKind
from tests.ingestion.sources.payloads import payload

SOURCE = ComposioSource()
V3: dict[str, Any] = {
    "id": "msg_1",
    "type": "composio.trigger.message",
    "timestamp": "2026-03-02T09:00:00Z",
    "metadata": {"trigger_slug": "GMAIL_NEW_GMAIL_MESSAGE", "user_id": "u"},
    "data": {},
}


def opened_field(document: Json) -> tuple[str, str]:
    with pytest.raises(ShapeError) as caught:
        SOURCE.open(document, {})
    assert caught.value.status_code == 422
    (field,) = caught.value.fields
    return field, caught.value.code


@pytest.mark.parametrize("document", [[], "x", 1, None, True])
def test_a_body_that_is_no_object_is_refused(document: Json) -> None:
    assert opened_field(document) == ("body", "schema_invalid")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": None}, "type"),
        ({"type": {}}, "type"),
        ({"type": "composio.Strange Thing"}, "type"),
        ({"type": "gmail new"}, "type"),
        ({"id": None}, "id"),
        ({"metadata": None}, "metadata"),
        ({"metadata": []}, "metadata"),
        ({"metadata": {"trigger_slug": True}}, "metadata.trigger_slug"),
        ({"metadata": {"trigger_slug": "a b"}}, "metadata.trigger_slug"),
        ({"metadata": {"trigger_slug": "GMAIL", "user_id": {}}}, "metadata.user_id"),
        ({"metadata": {"trigger_slug": "GMAIL", "user_id": "u" * 201}}, "metadata.user_id"),
        ({"data": None}, "data"),
        ({"data": "text"}, "data"),
    ],
)
def test_a_wrong_envelope_names_its_field(change: dict[str, Json], field: str) -> None:
    assert opened_field({**V3, **change}) == (field, "schema_invalid")


@pytest.mark.parametrize(
    "timestamp",
    [
        "2026-03-02T09:00:00",
        "2026-02-30T09:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "1969-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "2026-03-02",
        "yesterday",
    ],
)
def test_an_impossible_time_is_refused_as_such(timestamp: str) -> None:
    assert opened_field({**V3, "timestamp": timestamp}) == ("timestamp", "invalid_datetime")


def test_an_error_does_not_repeat_the_value() -> None:
    with pytest.raises(ShapeError) as caught:
        SOURCE.open({**V3, "timestamp": "my secret"}, {})
    assert "secret" not in str(caught.value.problem())


@pytest.mark.parametrize(
    ("timestamp", "in_utc"),
    [
        ("2026-03-02T09:00:00+14:00", "2026-03-01T19:00:00+00:00"),
        ("2026-03-02T09:00:00+23:59", "2026-03-01T09:01:00+00:00"),
    ],
)
def test_an_offset_of_many_hours_is_a_time(timestamp: str, in_utc: str) -> None:
    envelope = SOURCE.open({**V3, "timestamp": timestamp}, {})
    assert envelope.occurred_at is not None
    assert envelope.occurred_at.isoformat() == in_utc


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_an_unknown_trigger_is_opened_all_the_same(version: str) -> None:
    found = payload("composio", f"{version}_unknown_trigger")
    assert SOURCE.open(found.body, found.headers).event_type == "GITHUB_PUSH_EVENT"


@pytest.mark.parametrize(
    ("case", "dedup_id", "accounts"),
    [
        ("v1_gmail_recorded", "", ["composio_connection conn-123"]),
        (
            "v2_gmail_recorded",
            "",
            [
                "composio_user pg-test-86c9fc84",
                "composio_connection ca_cATYssZ5RrSc",
                "composio_connection conn-123",
            ],
        ),
        (
            "v3_gmail_recorded",
            "msg_a1b2c3d4-5e6f-7a8b-9c0d-1e2f3a4b5c6d",
            ["composio_user pg-test-86c9fc84", "composio_connection ca_cATYssZ5RrSc"],
        ),
        ("v3_account_expired", "evt_a1", ["composio_connection ca_1"]),
        (
            "v3_trigger_disabled",
            "evt_a2",
            ["composio_user user-ana", "composio_connection ca_1"],
        ),
    ],
)
def test_an_envelope_says_whose_it_is(case: str, dedup_id: str, accounts: list[str]) -> None:
    found = payload("composio", case)
    envelope = SOURCE.open(found.body, found.headers)
    assert envelope.dedup_id == dedup_id
    assert [f"{ref.kind.value} {ref.external_id}" for ref in envelope.accounts] == accounts


def test_the_shape_decides_and_not_the_header() -> None:
    found = payload("composio", "v3_gmail_recorded")
    envelope = SOURCE.open(found.body, {"x-composio-webhook-version": "V1"})
    assert envelope.accounts[0].kind == AccountKind.COMPOSIO_USER
