"""Outlook by Composio: Microsoft Graph's message and event, or a bare {"id", "event_type"}.

Source: the schemas of the Outlook triggers (id and event_type are all they promise) and the
Microsoft Graph v1.0 message and event resources, which newer toolkits pass through.
"""

from datetime import datetime
from functools import partial

from apps.core.json_types import Json
from apps.ingestion.engines.mailbox import mailbox_of
from apps.ingestion.engines.text import cut, excerpt, one_line
from apps.ingestion.sources.composio_calendar import change_of, title_of
from apps.ingestion.sources.composio_envelope import Trigger
from apps.ingestion.sources.reading import TITLE_MAX, Fields, bounded_key, present, spared
from apps.ingestion.types import EventKind, Fact, Mailbox, Skipped, SkipReason


def message(trigger: Trigger, content_limit: int) -> Fact | Skipped:
    data = trigger.data
    if data.flag("isDraft"):
        return Skipped(reason=SkipReason.SENT_MAIL, detail="draft")
    sender = _mailbox(data.child("from")) or _mailbox(data.child("sender"))
    subject = one_line(data.text("subject"))
    content = excerpt(_text(data), content_limit)
    if not (sender or subject or content.text):
        return Skipped(reason=SkipReason.NO_CONTENT)
    return Fact(
        kind=EventKind.EMAIL,
        event_type=trigger.slug,
        external_id=bounded_key(data.text("id")),
        title=cut(subject, TITLE_MAX)[0],
        content=content.text,
        truncated=content.truncated,
        hidden=content.hidden,
        occurred_at=data.likely_time("receivedDateTime") or trigger.occurred_at,
        sender=sender,
        recipients=spared(partial(_mailboxes, data), "toRecipients") or (),
        thread_key=bounded_key(spared(data.text, "conversationId") or ""),
        attributes=present(
            importance=spared(data.text, "importance"),
            url=spared(data.text, "webLink"),
            has_attachments=spared(data.flag, "hasAttachments"),
            inference=spared(data.text, "inferenceClassification"),
        ),
    )


def sent(trigger: Trigger, content_limit: int) -> Skipped:
    return Skipped(reason=SkipReason.SENT_MAIL)


def event(trigger: Trigger, content_limit: int) -> Fact | Skipped:
    data = trigger.data
    event_id = data.text("id") or data.fail("id", "is required")
    if not (data.has("subject") or data.has("start")):
        return Skipped(reason=SkipReason.CHANGE_PING)
    content = excerpt(_text(data), content_limit)
    updated_at = data.time("lastModifiedDateTime")
    return Fact(
        kind=EventKind.CALENDAR,
        event_type=trigger.slug,
        external_id=bounded_key(event_id),
        title=title_of(data.text("subject")),
        content=content.text,
        truncated=content.truncated,
        hidden=content.hidden,
        occurred_at=updated_at or trigger.occurred_at,
        sender=_mailbox(data.child("organizer")),
        recipients=_mailboxes(data, "attendees"),
        thread_key=bounded_key(data.text("seriesMasterId") or event_id),
        starts_at=_moment(data, "start"),
        ends_at=_moment(data, "end"),
        attributes=_event_attributes(data, updated_at),
    )


def _event_attributes(data: Fields, updated_at: datetime | None) -> dict[str, Json]:
    cancelled = data.flag("isCancelled")
    return present(
        change=change_of(data, cancelled=cancelled, otherwise="created"),
        status="cancelled" if cancelled else "confirmed",
        updated_at=updated_at.isoformat() if updated_at else None,
        all_day=data.flag("isAllDay"),
        location=cut(one_line(data.child("location").text("displayName")), TITLE_MAX)[0],
        url=data.text("webLink"),
        join_url=data.child("onlineMeeting").text("joinUrl"),
        responses=[
            attendee.child("status").text("response") for attendee in data.children("attendees")
        ],
    )


def _text(data: Fields) -> str:
    return data.child("body").text("content") or data.text("bodyPreview")


def _moment(data: Fields, edge: str) -> datetime | None:
    """Graph parts a wall time from its zone, which is UTC unless the reader asked otherwise."""
    nested = data.child(edge)
    return nested.zoned_time("dateTime", nested.text("timeZone") or "UTC")


def _mailbox(fields: Fields) -> Mailbox | None:
    address = fields.child("emailAddress")
    return mailbox_of(address.text("address"), address.text("name"))


def _mailboxes(data: Fields, name: str) -> tuple[Mailbox, ...]:
    found = (_mailbox(item) for item in data.children(name))
    return tuple(mailbox for mailbox in found if mailbox)
