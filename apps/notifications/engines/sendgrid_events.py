"""SendGrid's events as reports.

processed accepted · deferred deferred · delivered delivered · open opened · click clicked
bounce (type bounce) bounced for good · bounce (type blocked) failed, once
dropped bounced for good, or failed: SendGrid has its own list of whom it does not send to
unsubscribe, group_unsubscribe unsubscribed · spamreport complained for good
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.core.errors import InvalidInput
from apps.core.json_types import Json
from apps.notifications.types import Report, ReportKind

_KINDS: Mapping[str, ReportKind] = {
    "processed": ReportKind.ACCEPTED,
    "deferred": ReportKind.DEFERRED,
    "delivered": ReportKind.DELIVERED,
    "open": ReportKind.OPENED,
    "click": ReportKind.CLICKED,
    "bounce": ReportKind.BOUNCED,
    "dropped": ReportKind.FAILED,
    "spamreport": ReportKind.COMPLAINED,
    "unsubscribe": ReportKind.UNSUBSCRIBED,
    "group_unsubscribe": ReportKind.UNSUBSCRIBED,
}
# Why SendGrid dropped it → what it is, and whether it would drop the next one as well.
_DROPPED: Mapping[str, tuple[ReportKind, bool]] = {
    "bounced_address": (ReportKind.BOUNCED, True),
    "invalid": (ReportKind.BOUNCED, True),
    "unsubscribed_address": (ReportKind.FAILED, True),
    "spam_reporting_address": (ReportKind.FAILED, True),
}
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_NOT_A_WORD = re.compile(r"[^a-z]+")
_MAX_CODE = 60


def reports_of(document: Json) -> tuple[list[Report], int]:
    """The reports, and how many events were of no known kind or no whole shape.

    Raises InvalidInput for what is no array.
    """
    if not isinstance(document, list):
        raise InvalidInput("Events come as an array")
    found = [_report(event) for event in document if isinstance(event, dict)]
    reports = [report for report in found if report is not None]
    return reports, len(document) - len(reports)


def _report(event: Mapping[str, Any]) -> Report | None:
    kind, at = _KINDS.get(_text(event, "event")), _moment(event.get("timestamp"))
    callback_id = _text(event, "sg_event_id")
    if kind is None or at is None or not callback_id:
        return None
    kind, lasting, code = _meaning(kind, event)
    return Report(
        callback_id=callback_id,
        kind=kind,
        at=at,
        ref=_ref(event.get("ref")),
        # Behind the point is what SendGrid made of it on its way.
        provider_message_id=_text(event, "sg_message_id").partition(".")[0],
        lasting=lasting,
        code=code[:_MAX_CODE],
    )


def _meaning(kind: ReportKind, event: Mapping[str, Any]) -> tuple[ReportKind, bool, str]:
    """With a code of known words: a reason may repeat the address."""
    status = _STATUS.search(_text(event, "status") or _text(event, "reason"))
    if kind is ReportKind.BOUNCED:
        blocked = _text(event, "type") == "blocked"
        code = f"{'blocked' if blocked else 'bounce'} {status[0] if status else ''}".rstrip()
        return (ReportKind.FAILED, False, code) if blocked else (kind, True, code)
    if kind is ReportKind.FAILED:
        word = _NOT_A_WORD.sub("_", _text(event, "reason").lower()).strip("_")
        known = _DROPPED.get(word)
        return (*known, f"dropped {word}") if known else (kind, False, "dropped")
    if kind is ReportKind.DEFERRED:
        return kind, False, f"deferred {status[0] if status else ''}".rstrip()
    return kind, kind is ReportKind.COMPLAINED, ""


def _text(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) else ""


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _ref(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
