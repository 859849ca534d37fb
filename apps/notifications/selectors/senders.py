"""What a sender is found by, where nobody may read who it is."""

from apps.classification.types import Verdict
from apps.core.crypto import blind_index
from apps.ingestion.models import Event
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.rules.types import Subject


def sender_indexes(sender_index: bytes | None, address: str) -> tuple[bytes, ...]:
    """Of the sender's whole address and of its domain; nothing for who has none."""
    if sender_index is None or not address:
        return ()
    domain = "@" + address.rpartition("@")[2]
    return sender_index, blind_index(domain, context=MAILBOX_CONTEXT)


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
