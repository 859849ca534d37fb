"""Google Calendar by Composio: flat bodies of its own, or the Google resource passed through.

Source: the schemas of the calendar triggers; the Google Calendar API's event resource for
start.date, eventType, recurringEventId and originalStartTime.
"""

from datetime import datetime

from apps.core.json_types import Json
from apps.ingestion.engines.mailbox import mailbox_of
from apps.ingestion.engines.text import cut, excerpt, one_line
from apps.ingestion.sources.composio_envelope import Trigger
from apps.ingestion.sources.reading import TITLE_MAX, Fields, bounded_key, present
from apps.ingestion.types import EventKind, Fact, Mailbox, Skipped, SkipReason

NO_TITLE = "(no title)"
CHANGES = frozenset(("created", "updated", "deleted"))


def changed(trigger: Trigger, content_limit: int) -> Fact | Skipped:
    return _fact(trigger, content_limit, change="updated")


def created(trigger: Trigger, content_limit: int) -> Fact | Skipped:
    return _fact(trigger, content_limit, change="created")


def starting_soon(trigger: Trigger, content_limit: int) -> Fact | Skipped:
    return _fact(trigger, content_limit, change="starting_soon")


def ping(trigger: Trigger, content_limit: int) -> Skipped:
    """Says that something changed, not what."""
    return Skipped(reason=SkipReason.CHANGE_PING)


def title_of(summary: str) -> str:
    return cut(one_line(summary), TITLE_MAX)[0] or NO_TITLE


def change_of(data: Fields, *, cancelled: bool, otherwise: str) -> str:
    """ "created", "updated", "deleted", "cancelled" or what the trigger itself stands for."""
    word = data.text("event_type").lower()
    if cancelled and word != "deleted":
        return "cancelled"
    return word if word in CHANGES else otherwise


def _fact(trigger: Trigger, content_limit: int, *, change: str) -> Fact | Skipped:
    data = trigger.data
    event_id = data.text("event_id", "id") or data.fail("event_id", "is required")
    if data.text("eventType") == "workingLocation":
        return Skipped(reason=SkipReason.NO_CONTENT, detail="working location")
    content = excerpt(data.text("description"), content_limit)
    updated_at = data.time("updated_at", "updated")
    soon = change == "starting_soon"
    return Fact(
        kind=EventKind.CALENDAR,
        event_type=trigger.slug,
        external_id=bounded_key(event_id),
        title=title_of(data.text("summary")),
        content=content.text,
        truncated=content.truncated,
        hidden=content.hidden,
        occurred_at=trigger.occurred_at if soon else updated_at or trigger.occurred_at,
        sender=_organizer(data),
        recipients=_attendees(data),
        thread_key=bounded_key(data.text("recurring_event_id", "recurringEventId") or event_id),
        starts_at=_moment(data, "start"),
        ends_at=_moment(data, "end"),
        attributes=_attributes(data, change=change, updated_at=updated_at),
    )


def _moment(data: Fields, edge: str) -> datetime | None:
    """`start_time` as Composio has it, or Google's {"dateTime", "timeZone"} or {"date"}."""
    flat, nested = f"{edge}_time", data.child(edge)
    if _day(data, edge):
        return data.day(flat) or nested.day("date")
    return data.time(flat) or nested.zoned_time("dateTime", nested.text("timeZone"))


def _day(data: Fields, edge: str) -> str:
    """The bare day on which an all-day event starts or ends, else ""."""
    flat = data.text(f"{edge}_time")
    return (flat if len(flat) == len("2026-03-02") else "") or data.child(edge).text("date")


def _organizer(data: Fields) -> Mailbox | None:
    nested = data.child("organizer")
    return mailbox_of(
        data.text("organizer_email") or nested.text("email"),
        data.text("organizer_name") or nested.text("displayName"),
    )


def _attendees(data: Fields) -> tuple[Mailbox, ...]:
    found = (
        mailbox_of(attendee.text("email"), attendee.text("displayName"))
        for attendee in data.children("attendees")
    )
    return tuple(mailbox for mailbox in found if mailbox)


def _attributes(data: Fields, *, change: str, updated_at: datetime | None) -> dict[str, Json]:
    status = data.text("status")
    start_day = _day(data, "start")
    return present(
        change=change_of(data, cancelled=status == "cancelled", otherwise=change),
        status=status,
        updated_at=updated_at.isoformat() if updated_at else None,
        all_day=bool(start_day),
        start_date=start_day,
        location=cut(one_line(data.text("location")), TITLE_MAX)[0],
        url=data.text("html_link", "htmlLink"),
        join_url=data.text("hangout_link", "hangoutLink"),
        calendar_id=data.text("calendar_id"),
        minutes_until_start=data.number("minutes_until_start"),
        original_start=data.child("originalStartTime").text("dateTime", "date"),
        responses=_responses(data),
    )


def _responses(data: Fields) -> list[Json]:
    """What each attendee answered, in their order: needsAction, accepted, declined, tentative."""
    return [attendee.text("responseStatus") for attendee in data.children("attendees")]
