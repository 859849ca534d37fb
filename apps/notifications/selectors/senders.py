"""What a sender is found by, where nobody may read who it is."""

from apps.core.crypto import blind_index
from apps.ingestion.services.linking import MAILBOX_CONTEXT


def sender_indexes(sender_index: bytes | None, address: str) -> tuple[bytes, ...]:
    """Of the sender's whole address and of its domain; nothing for who has none."""
    if sender_index is None or not address:
        return ()
    domain = "@" + address.rpartition("@")[2]
    return sender_index, blind_index(domain, context=MAILBOX_CONTEXT)
