"""Body → normalized fact, one case per file in tests/fixtures/webhooks/composio."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.ingestion.sources.composio import ComposioSource
from apps.ingestion.types import EventKind, Fact, Mailbox, Skipped, SkipReason
from tests.ingestion.sources.payloads import LIMIT, cases, payload

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PARIS_WINTER = timezone(timedelta(hours=1))
ANA = Mailbox(address="ana@example.com", name="Ana Díaz")
BORIS = Mailbox(address="boris@example.com", name="Boris Ruiz")
SYNC = "GOOGLECALENDAR_GOOGLE_CALENDAR_EVENT_SYNC_TRIGGER"
RECORDED = Fact(
    kind=EventKind.EMAIL,
    event_type="GMAIL_NEW_GMAIL_MESSAGE",
    external_id="198c1e02b0fcd9ee",
    title="Media Coverage Report Request",
    content="Bitcoin news coverage",
    occurred_at=datetime(2025, 8, 19, 10, 28, 58, tzinfo=UTC),
    sender=Mailbox(address="caleb@example.co", name="PR Agent"),
    recipients=(Mailbox(address="pragent@gmail.com"),),
    thread_key="198c1e02b0fcd9ee",
    attributes={"label_ids": ["UNREAD", "IMPORTANT", "CATEGORY_PERSONAL", "INBOX"]},
)
UNKNOWN = Skipped(reason=SkipReason.UNKNOWN_TYPE, detail="GITHUB_PUSH_EVENT")


def meeting(**values: Any) -> Fact:
    return replace(Fact(kind=EventKind.CALENDAR, event_type=SYNC, occurred_at=NINE), **values)


EXPECTED: dict[str, Fact | Skipped] = {
    "v1_unknown_trigger": UNKNOWN,
    "v2_unknown_trigger": UNKNOWN,
    "v3_unknown_trigger": UNKNOWN,
    "v3_gmail_all_null": Skipped(reason=SkipReason.NO_CONTENT),
    "v3_gmail_sent": Skipped(reason=SkipReason.SENT_MAIL),
    "v3_outlook_sent": Skipped(reason=SkipReason.SENT_MAIL),
    "v3_outlook_bare_message": Skipped(reason=SkipReason.NO_CONTENT),
    "v3_outlook_bare_event": Skipped(reason=SkipReason.CHANGE_PING),
    "v3_calendar_ping": Skipped(reason=SkipReason.CHANGE_PING),
    "v3_calendar_working_location": Skipped(
        reason=SkipReason.NO_CONTENT, detail="working location"
    ),
    "v1_gmail_recorded": RECORDED,
    "v2_gmail_recorded": RECORDED,
    "v3_gmail_recorded": RECORDED,
    "v3_gmail_mime_tree": Fact(
        kind=EventKind.EMAIL,
        event_type="GMAIL_NEW_GMAIL_MESSAGE",
        external_id="m-2",
        title="Q2 plan",
        content="Hola Ana,\n\nel plan está listo.",
        occurred_at=datetime(2026, 3, 2, 8, 59, tzinfo=UTC),
        sender=Mailbox(address="boris@example.com", name="Ruiz, Boris"),
        recipients=(ANA, Mailbox(address="ops@example.com", name="Ops, Team")),
        thread_key="t-2",
        attributes={"attachments": 1, "bulk": True, "automatic": True},
    ),
    "v3_gmail_html_only": Fact(
        kind=EventKind.EMAIL,
        event_type="GMAIL_NEW_GMAIL_MESSAGE",
        external_id="m-3",
        content="Hello Ana\n\nBye",
        occurred_at=NINE,
        sender=Mailbox(address="news@example.com"),
        hidden=("orders", "preheader"),
    ),
    "v3_outlook_message": Fact(
        kind=EventKind.EMAIL,
        event_type="OUTLOOK_MESSAGE_TRIGGER",
        external_id="AAMk-2",
        title="Contract",
        content="Please sign",
        occurred_at=datetime(2026, 3, 2, 8, 58, tzinfo=UTC),
        sender=BORIS,
        recipients=(ANA,),
        thread_key="conv-1",
        attributes={
            "importance": "high",
            "url": "https://outlook.example.com/m/2",
            "has_attachments": True,
        },
    ),
    "v3_outlook_event": meeting(
        event_type="OUTLOOK_EVENT_TRIGGER",
        external_id="AAMk-5",
        title="Review",
        occurred_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        sender=BORIS,
        recipients=(ANA,),
        thread_key="AAMk-master",
        starts_at=datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Europe/Madrid")),
        ends_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        attributes={
            "change": "updated",
            "status": "confirmed",
            "updated_at": "2026-03-02T08:00:00+00:00",
            "location": "Room 1",
            "url": "https://outlook.example.com/e/5",
            "responses": ["accepted"],
        },
    ),
    "v3_calendar_updated": meeting(
        external_id="evt_123",
        title="Workflow Discussion",
        occurred_at=datetime(2026, 3, 2, 8, 59, 58, tzinfo=UTC),
        sender=Mailbox(address="b@example.com"),
        recipients=(Mailbox(address="a@example.com"),),
        thread_key="evt_123",
        starts_at=datetime(2026, 3, 2, 10, 0, tzinfo=PARIS_WINTER),
        ends_at=datetime(2026, 3, 2, 10, 30, tzinfo=PARIS_WINTER),
        attributes={
            "change": "updated",
            "status": "confirmed",
            "updated_at": "2026-03-02T08:59:58+00:00",
            "url": "https://www.google.com/calendar/event?eid=x",
            "calendar_id": "primary",
            "responses": ["needsAction"],
        },
    ),
    "v3_calendar_deleted": meeting(
        external_id="evt_9",
        title="(no title)",
        thread_key="evt_9",
        attributes={"change": "deleted", "status": "cancelled", "calendar_id": "primary"},
    ),
    "v3_calendar_all_day_flat": meeting(
        external_id="evt_10",
        title="Offsite",
        thread_key="evt_10",
        starts_at=datetime(2026, 3, 5, tzinfo=UTC),
        ends_at=datetime(2026, 3, 6, tzinfo=UTC),
        attributes={
            "change": "created",
            "all_day": True,
            "start_date": "2026-03-05",
            "calendar_id": "primary",
        },
    ),
    "v3_calendar_all_day": meeting(
        event_type="GOOGLECALENDAR_GOOGLE_CALENDAR_EVENT_CREATED_TRIGGER",
        external_id="evt_11",
        title="(no title)",
        occurred_at=datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
        sender=BORIS,
        recipients=(ANA,),
        thread_key="evt_rec",
        starts_at=datetime(2026, 3, 5, tzinfo=UTC),
        ends_at=datetime(2026, 3, 6, tzinfo=UTC),
        attributes={
            "change": "created",
            "status": "confirmed",
            "updated_at": "2026-03-01T08:00:00+00:00",
            "all_day": True,
            "start_date": "2026-03-05",
            "url": "https://www.google.com/calendar/event?eid=y",
            "original_start": "2026-03-05",
            "responses": ["needsAction"],
        },
    ),
    "v3_calendar_starting_soon": meeting(
        event_type="GOOGLECALENDAR_EVENT_STARTING_SOON_TRIGGER",
        external_id="evt_13",
        title="Board call",
        sender=Mailbox(address="ana@example.com"),
        recipients=(Mailbox(address="zoe@example.org"),),
        thread_key="evt_13",
        starts_at=datetime(2026, 3, 2, 10, 10, tzinfo=PARIS_WINTER),
        attributes={
            "change": "starting_soon",
            "status": "confirmed",
            "updated_at": "2026-02-01T08:00:00+00:00",
            "location": "Madrid",
            "url": "https://www.google.com/calendar/event?eid=z",
            "join_url": "https://meet.google.com/abc",
            "minutes_until_start": 10,
            "responses": ["accepted"],
        },
    ),
    "v3_account_expired": Fact(
        kind=EventKind.ACCOUNT,
        event_type="composio.connected_account.expired",
        external_id="ca_1",
        title="Reconnect your Gmail",
        content=(
            "The connection has expired. Until you reconnect it, nothing from it reaches you."
        ),
        occurred_at=NINE,
        thread_key="reconnect:ca_1",
        attributes={"toolkit": "gmail", "reason": "OAuth refresh token expired"},
    ),
    "v3_trigger_disabled": Fact(
        kind=EventKind.ACCOUNT,
        event_type="composio.trigger.disabled",
        external_id="ti_1",
        title="Reconnect your Google Calendar",
        content=(
            "Watching it was switched off. Until you reconnect it, nothing from it reaches you."
        ),
        occurred_at=NINE,
        thread_key="reconnect:ca_1",
        attributes={"toolkit": "googlecalendar", "reason": "connection_expired"},
    ),
}


@pytest.mark.parametrize("case", cases("composio"))
def test_a_recorded_body_becomes_its_fact(case: str) -> None:
    found = payload("composio", case)
    read = ComposioSource().normalize(found.body, found.headers, content_limit=LIMIT)
    expected = EXPECTED[case]
    assert read == (expected if isinstance(expected, Skipped) else (expected,))
