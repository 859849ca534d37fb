"""Odd mail and odd meetings."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core.json_types import Json
from apps.ingestion.sources.base import ShapeError
from apps.ingestion.sources.composio import ComposioSource
from apps.ingestion.types import Fact, Skipped, SkipReason
from tests.ingestion.sources.payloads import LIMIT, payload

GMAIL = "GMAIL_NEW_GMAIL_MESSAGE"
SYNC = "GOOGLECALENDAR_GOOGLE_CALENDAR_EVENT_SYNC_TRIGGER"
OUTLOOK_EVENT = "OUTLOOK_EVENT_TRIGGER"


def normalize(slug: str, data: dict[str, Any]) -> tuple[Fact, ...] | Skipped:
    body: Json = {
        "id": "msg_1",
        "type": "composio.trigger.message",
        "metadata": {"trigger_slug": slug},
        "data": data,
    }
    return ComposioSource().normalize(body, {}, content_limit=LIMIT)


def fact(slug: str, data: dict[str, Any]) -> Fact:
    read = normalize(slug, data)
    assert isinstance(read, tuple)
    return read[0]


def part(mime_type: str, content: bytes, **more: Any) -> dict[str, Any]:
    return {"mimeType": mime_type, "body": {"data": urlsafe_b64encode(content).decode()}, **more}


@pytest.mark.parametrize(
    ("slug", "data", "field"),
    [
        (GMAIL, {"subject": 5}, "data.subject"),
        (GMAIL, {"sender": {"email": "a@b"}}, "data.sender"),
        (GMAIL, {"payload": []}, "data.payload"),
        (GMAIL, {"payload": {"parts": [{}, 1]}}, "data.payload.parts.1"),
        (
            GMAIL,
            {"payload": {"mimeType": "text/plain", "body": {"data": "é"}}},
            "data.payload.body.data",
        ),
        (SYNC, {"summary": "x"}, "data.event_id"),
        (SYNC, {"event_id": "e", "attendees": {}}, "data.attendees"),
        (SYNC, {"event_id": "e", "minutes_until_start": "5"}, "data.minutes_until_start"),
        (OUTLOOK_EVENT, {"subject": "x"}, "data.id"),
        (OUTLOOK_EVENT, {"id": "e", "subject": "x", "isAllDay": "true"}, "data.isAllDay"),
    ],
)
def test_a_wrong_field_is_named(slug: str, data: dict[str, Any], field: str) -> None:
    with pytest.raises(ShapeError) as caught:
        normalize(slug, data)
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize(
    ("slug", "data"),
    [
        (SYNC, {"event_id": "e", "start_time": "2026-03-02T09:00:00"}),
        (SYNC, {"event_id": "e", "start": {"date": "2026-02-30"}}),
        (SYNC, {"event_id": "e", "start": {"dateTime": "2026-03-02T09:00:00"}}),
        (
            OUTLOOK_EVENT,
            {"id": "e", "start": {"dateTime": "2026-03-02T09:00:00", "timeZone": "Mars/X"}},
        ),
        (
            OUTLOOK_EVENT,
            {"id": "e", "start": {"dateTime": "2026-03-02T09:00:00", "timeZone": "../../etc"}},
        ),
    ],
)
def test_an_impossible_time_is_refused_as_such(slug: str, data: dict[str, Any]) -> None:
    with pytest.raises(ShapeError) as caught:
        normalize(slug, data)
    assert caught.value.code == "invalid_datetime"


ODD_EXTRAS: dict[str, list[Any]] = {
    "label_ids": [5, {}, [1, None], "INBOX"],
    "to": [5, {}, [{"email": "ana@example.com"}], True],
    "message_timestamp": [17, True, "2026-02-30T09:00:00Z", "9" * 10, "9" * 13, {}, -1772625600],
    "thread_id": [17, []],
    "attachment_list": [3, "a.pdf", {}],
}


@pytest.mark.parametrize(
    ("name", "odd"), [(name, odd) for name, values in ODD_EXTRAS.items() for odd in values]
)
def test_an_odd_extra_costs_nobody_a_readable_mail(name: str, odd: Any) -> None:
    read = fact(GMAIL, {"subject": "Lunch?", "sender": "Carla <carla@acme.example>", name: odd})
    assert (read.title, read.occurred_at, read.recipients) == ("Lunch?", None, ())


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("receivedDateTime", "noon"),
        ("toRecipients", {"emailAddress": {}}),
        ("conversationId", 5),
        ("importance", 1),
        ("webLink", []),
        ("hasAttachments", "true"),
        ("inferenceClassification", {}),
    ],
)
def test_nor_does_one_of_outlook(name: str, odd: Any) -> None:
    read = fact("OUTLOOK_MESSAGE_TRIGGER", {"id": "m", "subject": "Lunch?", name: odd})
    assert (read.title, read.attributes) == ("Lunch?", {})


@pytest.mark.parametrize("moment", [1772625600, "1772625600", 1772625600000, "1772625600000"])
def test_a_time_in_seconds_or_milliseconds_is_one(moment: Any) -> None:
    read = fact(GMAIL, {"subject": "x", "message_timestamp": moment})
    assert read.occurred_at == datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_recipients_may_come_as_a_list() -> None:
    to = ['"Díaz, Ana" <ana@example.com>', "boris@example.com", None]
    read = fact(GMAIL, {"subject": "x", "to": to})
    assert [one.address for one in read.recipients] == ["ana@example.com", "boris@example.com"]


@pytest.mark.parametrize("labels", ["SENT", "INBOX, SENT", ["SENT", 5]])
def test_own_mail_is_known_however_its_labels_come(labels: Any) -> None:
    read = normalize(GMAIL, {"subject": "x", "label_ids": labels})
    assert read == Skipped(reason=SkipReason.SENT_MAIL)


def test_a_draft_is_own_mail() -> None:
    read = normalize(GMAIL, {"subject": "x", "label_ids": ["DRAFT"]})
    assert read == Skipped(reason=SkipReason.SENT_MAIL)


def test_an_outlook_draft_is_own_mail() -> None:
    read = normalize("OUTLOOK_MESSAGE_TRIGGER", {"id": "m", "subject": "x", "isDraft": True})
    assert read == Skipped(reason=SkipReason.SENT_MAIL, detail="draft")


def test_a_mail_with_only_invisible_markup_has_no_content() -> None:
    read = normalize(GMAIL, {"message_text": "<html><p hidden>x</p></html>", "sender": "nobody"})
    assert read == Skipped(reason=SkipReason.NO_CONTENT)


def test_a_subject_cannot_smuggle_in_a_header() -> None:
    assert fact(GMAIL, {"subject": "Hi\r\nBcc: zoe@example.org"}).title == "Hi Bcc: zoe@example.org"


@pytest.mark.parametrize(
    ("length", "truncated"), [(LIMIT, False), (LIMIT + 1, True), (900_000, True)]
)
def test_long_content_is_cut_and_says_so(length: int, truncated: bool) -> None:
    found = fact(GMAIL, {"message_text": "x" * length})
    assert (len(found.content), found.truncated) == (LIMIT, truncated)


def test_message_text_wins_over_the_parts() -> None:
    data = {"message_text": "short", "payload": part("text/plain", b"long")}
    assert fact(GMAIL, data).content == "short"


def test_a_text_that_only_asks_for_html_does_not_hide_the_code() -> None:
    stub, html = b"Bitte HTML anzeigen", b"<p>482913</p>"
    both = [part("text/plain", stub), {"parts": [part("text/html", html)]}]
    tree = {"parts": [{"mimeType": "multipart/alternative", "parts": both}]}
    assert fact(GMAIL, {"payload": tree}).content == "482913"
    assert fact(GMAIL, {"message_text": stub.decode(), "payload": tree}).content == "482913"


def test_a_note_beside_a_page_that_is_sent_along_is_read() -> None:
    parts = [part("text/plain", b"See the HTML"), part("text/html", b"<p>482913</p>")]
    tree = {"mimeType": "multipart/mixed", "parts": parts}
    assert fact(GMAIL, {"payload": tree}).content == "See the HTML"


def test_an_attached_text_file_is_not_the_mail() -> None:
    attached = part("text/plain", b"log", filename="log.txt")
    data = {"payload": {"parts": [attached, part("text/html", b"<p>see log</p>")]}}
    assert fact(GMAIL, data).content == "see log"


def test_the_preview_stands_in_for_a_missing_body() -> None:
    found = fact(GMAIL, {"preview": {"subject": "S", "body": "B"}})
    assert (found.title, found.content) == ("S", "B")


def test_bytes_that_are_no_text_do_not_stop_a_mail() -> None:
    assert fact(GMAIL, {"payload": part("text/plain", b"a\x00\xffb")}).content == "a\ufffdb"


def test_a_mime_tree_deeper_than_any_mail_is_not_followed() -> None:
    tree = part("text/plain", b"deep")
    for _ in range(20):
        tree = {"parts": [tree]}
    assert fact(GMAIL, {"subject": "S", "payload": tree}).content == ""


def test_an_identifier_longer_than_its_column_stays_unique() -> None:
    first = fact(GMAIL, {"subject": "S", "message_id": "x" * 400 + "1"})
    second = fact(GMAIL, {"subject": "S", "message_id": "x" * 400 + "2"})
    assert first.external_id != second.external_id
    assert len(first.external_id) <= 300


def test_a_cancelled_meeting_says_so() -> None:
    data = {"event_id": "e", "event_type": "updated", "status": "cancelled"}
    assert fact(SYNC, data).attributes["change"] == "cancelled"


def test_a_cancelled_outlook_meeting_says_so() -> None:
    data = {"id": "e", "event_type": "updated", "subject": "x", "isCancelled": True}
    assert fact(OUTLOOK_EVENT, data).attributes["change"] == "cancelled"


def test_a_meeting_that_starts_now_says_zero_minutes() -> None:
    data = {"event_id": "e", "minutes_until_start": 0}
    found = fact("GOOGLECALENDAR_EVENT_STARTING_SOON_TRIGGER", data)
    assert found.attributes["minutes_until_start"] == 0


def test_tokens_of_a_dead_connection_are_never_copied() -> None:
    found = payload("composio", "v3_account_expired")
    read = ComposioSource().normalize(found.body, found.headers, content_limit=LIMIT)
    assert "never-copy-me" in str(found.body)
    assert "never-copy-me" not in repr(read)


def test_a_future_composio_event_is_skipped() -> None:
    body: Json = {"id": "evt", "type": "composio.something.new", "metadata": {}, "data": {}}
    read = ComposioSource().normalize(body, {}, content_limit=LIMIT)
    assert read == Skipped(reason=SkipReason.UNKNOWN_TYPE, detail="composio.something.new")
