"""What silences and inhibitions look at, of events as they are stored."""

from collections.abc import Collection
from dataclasses import dataclass

from apps.classification.services.recorded import verdict_of
from apps.classification.types import Verdict
from apps.ingestion.models import Event
from apps.notifications.selectors.senders import sender_indexes
from apps.rules.types import Subject

_UNREAD = ("title", "content", "sender_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An event that was judged, without its words, which would have to be decrypted."""

    event: Event
    verdict: Verdict

    @property
    def subject(self) -> Subject:
        return subject_of(self.event, self.verdict)


def judged(event_ids: Collection[int]) -> dict[int, Judged]:
    """Those of these events that were judged. One query."""
    rows = Event.objects.filter(pk__any_of=event_ids, classification__isnull=False)
    return {
        event.pk: Judged(event=event, verdict=verdict_of(event.classification))
        for event in rows.select_related("classification").defer(*_UNREAD)
    }


def subject_of(event: Event, verdict: Verdict) -> Subject:
    """What silences and inhibitions ask of a stored event."""
    index = None if event.sender_index is None else bytes(event.sender_index)
    return Subject(
        category=verdict.category.value,
        event_type=event.event_type,
        priority=verdict.priority,
        client_id=event.client_id,
        senders=sender_indexes(index, event.sender_address),
        thread=event.thread_key,
    )
