"""What Twilio's callbacks say of a message. Pure; they may come late and in any order."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from apps.notifications.types import Report, ReportKind

_KINDS: Final[Mapping[str, ReportKind]] = {
    "accepted": ReportKind.ACCEPTED,
    "scheduled": ReportKind.ACCEPTED,
    "queued": ReportKind.ACCEPTED,
    "sending": ReportKind.ACCEPTED,
    "sent": ReportKind.SENT,
    "partially_delivered": ReportKind.SENT,
    "delivered": ReportKind.DELIVERED,
    "read": ReportKind.OPENED,
    "undelivered": ReportKind.FAILED,
    "failed": ReportKind.FAILED,
    "canceled": ReportKind.FAILED,
}
_ID: Final = re.compile(r"[A-Za-z0-9]{1,64}")
_MAX_CODE: Final = 10


class UnknownStatus(ValueError):
    """A status, or an id, that Twilio does not document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioReport:
    """`unsubscribes`: its person sent STOP before, which the carrier knew and we did not."""

    report: Report
    unsubscribes: bool = False


def report_of(
    form: Mapping[str, str],
    *,
    ref: UUID,
    at: datetime,
    gone: Collection[int],
    stopped: Collection[int],
) -> TwilioReport:
    """`gone` and `stopped` are error codes after which nothing will ever arrive.

    Raises UnknownStatus.
    """
    sid, status = form.get("MessageSid", ""), form.get("MessageStatus", "").lower()
    if status not in _KINDS or not is_message_id(sid):
        raise UnknownStatus("MessageSid and a MessageStatus are needed")
    code = _code(form.get("ErrorCode", ""))
    kind = _KINDS[status]
    lost = kind is ReportKind.FAILED and code in (*gone, *stopped)
    return TwilioReport(
        report=Report(
            callback_id=f"{sid}:{status}",
            kind=ReportKind.BOUNCED if lost else kind,
            at=at,
            ref=ref,
            provider_message_id=sid,
            lasting=lost,
            code="" if code is None else f"twilio_{code}",
        ),
        unsubscribes=lost and code in stopped,
    )


def is_message_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def channel_and_number(address: str) -> tuple[str, str]:
    """Of "+49…" and "whatsapp:+49…"."""
    scheme, colon, number = address.partition(":")
    return (scheme, number) if colon else ("sms", address)


def _code(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_CODE else None
