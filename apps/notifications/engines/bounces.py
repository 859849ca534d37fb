"""Mails that say what became of a mail: delivery status notifications (RFC 3464), and nothing else.

An "out of office" and any other mail are no reports: nothing is guessed from words.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from uuid import UUID

from apps.notifications.engines.mail_ids import kept_id
from apps.notifications.engines.mail_status import is_gone
from apps.notifications.types import Report, ReportKind

_KINDS: Mapping[str, ReportKind] = {
    "failed": ReportKind.BOUNCED,
    "delayed": ReportKind.DEFERRED,
    "delivered": ReportKind.DELIVERED,
    "relayed": ReportKind.SENT,
}
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
_ADDRESS_MAX = 320
# Of one mail of ours there is one recipient; a report on more is not one of those.
_MAX_RECIPIENTS = 20


def bounces_of(raw: bytes, *, now: datetime) -> list[Report]:
    """What one mail reports of mails of ours, none where it is no such report. Never raises."""
    mail = message_from_bytes(raw)
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return []
    blocks = _status_blocks(mail)
    if not blocks:
        return []
    about, recipients = blocks[0], blocks[1 : 1 + _MAX_RECIPIENTS]
    original = _original(mail)
    ref = _uuid(_field(about, "Original-Envelope-Id")) or _uuid(_field(original, "X-Vigil-Ref"))
    message_id = kept_id(_field(original, "Message-ID"))
    if ref is None and not message_id:
        return []
    found = (_report(one, ref, message_id, mail, now) for one in recipients)
    return [report for report in found if report is not None]


def _report(
    block: Message, ref: UUID | None, message_id: str, mail: Message, now: datetime
) -> Report | None:
    action = _field(block, "Action").lower()
    kind = _KINDS.get(action)
    if kind is None:
        return None
    status = _status(block)
    address = _recipient(block)
    told = "\0".join((_field(mail, "Message-ID"), str(ref), message_id, address, action, status))
    return Report(
        callback_id=hashlib.sha256(told.encode()).hexdigest(),
        kind=kind,
        at=now,
        ref=ref,
        provider_message_id=message_id,
        lasting=kind is ReportKind.BOUNCED and is_gone(status),
        code=f"{action} {status}".rstrip(),
    )


def _status(block: Message) -> str:
    """The enhanced code; where that says nothing (5.0.0), the one of the server that refused it."""
    found = _STATUS.search(_field(block, "Status"))
    status = found[1] if found else ""
    closer = _STATUS.search(_field(block, "Diagnostic-Code"))
    return closer[1] if closer and (not status or status.endswith(".0.0")) else status


def _recipient(block: Message) -> str:
    """`rfc822; ana@example.com`, the address as we wrote it first."""
    value = _field(block, "Original-Recipient") or _field(block, "Final-Recipient")
    kind, _, address = value.rpartition(";")
    return address.strip()[:_ADDRESS_MAX] if kind.strip().lower() in ("rfc822", "") else ""


def _status_blocks(mail: Message) -> list[Message]:
    """What is said of the mail, then of each recipient."""
    for part in _parts(mail):
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            blocks = payload if isinstance(payload, list) else []
            return [block for block in blocks if isinstance(block, Message) and block.keys()]
    return []


def _original(mail: Message) -> Message:
    """The head of our mail, as it was returned; an empty one where it was not."""
    for part in _parts(mail):
        if part.get_content_type() not in _RETURNED:
            continue
        payload = part.get_payload()
        if isinstance(payload, list) and payload and isinstance(payload[0], Message):
            return payload[0]
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes):
            return message_from_bytes(raw)
    return Message()


def _parts(mail: Message) -> Iterator[Message]:
    payload = mail.get_payload()
    return (
        (part for part in payload if isinstance(part, Message))
        if isinstance(payload, list)
        else iter(())
    )


def _field(block: Message, name: str) -> str:
    value = block.get(name)
    text = "" if value is None else str(value)
    return " ".join(text.replace("\x00", " ").split()).encode("utf-8", "replace").decode()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
