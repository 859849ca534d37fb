"""Our own small schema, and the fake."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core.json_types import Json
from apps.ingestion.sources import SOURCES
from apps.ingestion.sources.base import ShapeError
from apps.ingestion.sources.generic import GenericSource
from apps.ingestion.sources.mock import MockSource
from apps.ingestion.types import (
    AccountKind,
    AccountRef,
    EventKind,
    Fact,
    Mailbox,
    Skipped,
    SkipReason,
)
from tests.ingestion.sources.payloads import LIMIT, cases, payload

SOURCE = GenericSource()
EXPECTED: dict[str, tuple[Fact, ...] | Skipped] = {
    "no_content": Skipped(reason=SkipReason.NO_CONTENT),
    "minimal": (Fact(kind=EventKind.NEWS, event_type="note", title="Hello"),),
    "full": (
        Fact(
            kind=EventKind.NEWS,
            event_type="deploy.failed",
            title="Deploy failed",
            content="Build 12",
            occurred_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
            sender=Mailbox(address="ci@example.com", name="CI"),
            attributes={
                "build": 12,
                "green": False,
                "__proto__": "data",
                "constructor": "x",
                "sender": "CI <ci@example.com>",
                "url": "https://ci.example.com/12",
                "priority": 8,
            },
        ),
    ),
}


def read(**data: Any) -> Fact:
    found = SOURCE.normalize({"type": "note", "data": data}, {}, content_limit=LIMIT)
    assert isinstance(found, tuple)
    return found[0]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        ({"data": {}}, "type"),
        ({"type": "two words", "data": {}}, "type"),
        ({"type": "t" * 121, "data": {}}, "type"),
        ({"type": "note"}, "data"),
        ({"type": "note", "data": []}, "data"),
        ({"type": "note", "data": {}, "user": 1.5}, "user"),
        ({"type": "note", "data": {}, "timestamp": "2026-03-02"}, "timestamp"),
    ],
)
def test_a_wrong_envelope_names_its_field(body: Json, field: str) -> None:
    with pytest.raises(ShapeError) as caught:
        SOURCE.open(body, {})
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"title": 1}, "data.title"),
        ({"body": {}}, "data.body"),
        ({"priority": 0}, "data.priority"),
        ({"priority": 11}, "data.priority"),
        ({"priority": "8"}, "data.priority"),
        ({"priority": True}, "data.priority"),
        ({"url": "javascript:alert(1)"}, "data.url"),
        ({"url": "https://" + "x" * 2000}, "data.url"),
    ],
)
def test_wrong_data_names_its_field(data: dict[str, Any], field: str) -> None:
    with pytest.raises(ShapeError) as caught:
        read(**{"title": "t", **data})
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize("case", cases("generic"))
def test_a_documented_body_becomes_its_fact(case: str) -> None:
    found = payload("generic", case)
    assert SOURCE.normalize(found.body, found.headers, content_limit=LIMIT) == EXPECTED[case]


def test_the_user_is_an_external_account() -> None:
    envelope = SOURCE.open({"type": "note", "user": "ana", "data": {}}, {})
    assert envelope.accounts == (AccountRef(kind=AccountKind.EXTERNAL_USER, external_id="ana"),)


def test_fifty_extra_values_are_kept() -> None:
    assert len(read(title="t", **{f"k{n}": n for n in range(80)}).attributes) == 50


def test_a_long_extra_text_is_cut() -> None:
    assert read(title="t", note="x" * 501).attributes["note"] == "x" * 500


@pytest.mark.parametrize("document", [None, [], "x", 1, {"user": "ana"}])
def test_the_fake_opens_anything_and_says_the_same_twice(document: Json) -> None:
    first = MockSource().normalize(document, {}, content_limit=LIMIT)
    assert MockSource().open(document, {}).event_type == "mock"
    assert first == MockSource().normalize(document, {}, content_limit=LIMIT)
    assert len(first) == 1


@pytest.mark.parametrize("name", list(SOURCES))
def test_every_source_of_the_table_loads(name: str) -> None:
    assert callable(SOURCES.get(name).normalize)
