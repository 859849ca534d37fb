"""Composio: mail and calendars of connected accounts, and the health of those accounts."""

from collections.abc import Callable, Mapping

from apps.core.json_types import Json
from apps.ingestion.sources import (
    composio_account,
    composio_calendar,
    composio_mail,
    composio_outlook,
)
from apps.ingestion.sources.composio_envelope import (
    ACCOUNT_EXPIRED,
    TRIGGER_DISABLED,
    Trigger,
    read_trigger,
)
from apps.ingestion.types import AccountKind, AccountRef, Envelope, Fact, Skipped, SkipReason

Normalizer = Callable[[Trigger, int], Fact | Skipped]

# Older toolkits and the "Google Super" toolkit send the same bodies under other names.
NORMALIZERS: Mapping[str, Normalizer] = {
    "GMAIL_NEW_GMAIL_MESSAGE": composio_mail.received,
    "GOOGLESUPER_NEW_GMAIL_MESSAGE": composio_mail.received,
    "GOOGLECALENDAR_GOOGLE_CALENDAR_EVENT_SYNC_TRIGGER": composio_calendar.changed,
    "GOOGLESUPER_GOOGLE_CALENDAR_EVENT_SYNC_TRIGGER": composio_calendar.changed,
    "GOOGLECALENDAR_GOOGLE_CALENDAR_EVENT_CREATED_TRIGGER": composio_calendar.created,
    "GOOGLECALENDAR_EVENT_STARTING_SOON_TRIGGER": composio_calendar.starting_soon,
    "GOOGLECALENDAR_GOOGLE_CALENDAR_EVENT_CHANGE_TRIGGER": composio_calendar.ping,
    "GOOGLESUPER_GOOGLE_CALENDAR_EVENT_CHANGE_TRIGGER": composio_calendar.ping,
    "OUTLOOK_MESSAGE_TRIGGER": composio_outlook.message,
    "OUTLOOK_OUTLOOK_MESSAGE_TRIGGER": composio_outlook.message,
    "OUTLOOK_OUTLOOK_SENT_MESSAGE_TRIGGER": composio_outlook.sent,
    "OUTLOOK_EVENT_TRIGGER": composio_outlook.event,
    "OUTLOOK_OUTLOOK_EVENT_TRIGGER": composio_outlook.event,
    "OUTLOOK_OUTLOOK_EVENT_CHANGE_TRIGGER": composio_outlook.event,
    ACCOUNT_EXPIRED: composio_account.expired,
    TRIGGER_DISABLED: composio_account.trigger_disabled,
}


class ComposioSource:
    """See `apps.ingestion.sources.base.Source`."""

    def open(self, document: Json, headers: Mapping[str, str]) -> Envelope:
        trigger = read_trigger(document)
        return Envelope(
            event_type=trigger.slug,
            dedup_id=trigger.message_id,
            accounts=_accounts(trigger),
            occurred_at=trigger.occurred_at,
        )

    def normalize(
        self, document: Json, headers: Mapping[str, str], *, content_limit: int
    ) -> tuple[Fact, ...] | Skipped:
        trigger = read_trigger(document)
        normalizer = NORMALIZERS.get(trigger.slug)
        if normalizer is None:
            return Skipped(reason=SkipReason.UNKNOWN_TYPE, detail=trigger.slug)
        found = normalizer(trigger, content_limit)
        return found if isinstance(found, Skipped) else (found,)


def _accounts(trigger: Trigger) -> tuple[AccountRef, ...]:
    user = (
        (AccountRef(kind=AccountKind.COMPOSIO_USER, external_id=trigger.user_id),)
        if trigger.user_id
        else ()
    )
    return user + tuple(
        AccountRef(kind=AccountKind.COMPOSIO_CONNECTION, external_id=connection)
        for connection in trigger.connection_ids
    )
