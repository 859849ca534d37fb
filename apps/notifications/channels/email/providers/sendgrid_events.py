"""Whether events are SendGrid's: ECDSA over time and raw body, by the vendor's own verifier."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

log = structlog.get_logger(__name__)

_TIMESTAMP: Final = re.compile(r"[0-9]{10,11}")
_SIGNATURE: Final = re.compile(r"[A-Za-z0-9+/]{8,400}={0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A request as it came; its headers are whatever a stranger wrote."""

    body: bytes
    signature: str
    timestamp: str


def is_genuine(
    signed: Signed, *, keys: Sequence[str], tolerance_seconds: int, now: datetime
) -> bool:
    """Signed by one of `keys`, at most so long ago, or ahead of us. No key signs nothing."""
    if not _TIMESTAMP.fullmatch(signed.timestamp) or not _SIGNATURE.fullmatch(signed.signature):
        return False
    if abs(now.timestamp() - int(signed.timestamp)) > tolerance_seconds:
        return False
    try:
        body = signed.body.decode()
    except UnicodeDecodeError:
        # The vendor's verifier knows text alone, and JSON is UTF-8.
        return False
    return any(_verifies(key, body, signed) for key in keys)


def _verifies(key: str, body: str, signed: Signed) -> bool:
    from sendgrid.helpers.eventwebhook import EventWebhook

    try:
        webhook = EventWebhook(key)
    except Exception:  # whatever a text that is no key makes of the vendor's parser
        log.exception("sendgrid_event_key_unreadable")
        return False
    try:
        return bool(webhook.verify_signature(body, signed.signature, signed.timestamp))
    except ValueError:  # base64 or DER that is none
        return False
