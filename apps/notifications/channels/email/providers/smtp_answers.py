"""What a mail server's refusal means. RFC 5321 §4.2, RFC 3463.

4xx later · 5xx never · about the mailbox: never there again · about our log-in: later, as the
operator will mend it and it says nothing of the mail
"""

import re
from enum import StrEnum
from typing import Final

from apps.core.engines.circuit import Outcome
from apps.notifications.channels.base import DeliveryError
from apps.notifications.engines.mail_status import is_gone
from apps.notifications.types import OffReason


class Stage(StrEnum):
    """What was said last."""

    GREETING = "greeting"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    CONTENT = "content"


_ABOUT_RECIPIENT: Final = frozenset({Stage.RCPT, Stage.CONTENT})
_CREDENTIALS: Final = frozenset({530, 534, 535, 538})
# The server is closing, or short of something: no word on this mail.
_SERVER_TROUBLE: Final = frozenset({421, 432, 452, 454})
_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})(?=\s|$)")


def refusal(code: int, text: bytes, stage: Stage) -> DeliveryError:
    """`text` never leaves this place: servers repeat addresses in it. Certainly not delivered."""
    enhanced = enhanced_code(text)
    detail = f"It answered {code} {enhanced}".rstrip() + f" to {stage.value}"
    if not 400 <= code < 600:
        return _later("What it answered is not SMTP", Outcome.SERVER_ERROR, "not_smtp")
    if stage is Stage.AUTH or code in _CREDENTIALS:
        return _later(detail, Outcome.SERVER_ERROR, "credentials_refused")
    if code < 500 or stage is Stage.GREETING:
        trouble = code in _SERVER_TROUBLE or stage is Stage.GREETING
        fault = Outcome.SERVER_ERROR if trouble else Outcome.CLIENT_ERROR
        return _later(detail, fault, f"smtp_{code}")
    gone = stage in _ABOUT_RECIPIENT and is_gone(enhanced)
    return DeliveryError(
        detail, permanent=True, off=OffReason.BOUNCED if gone else None, code=f"smtp_{code}"
    )


def enhanced_code(text: bytes) -> str:
    """ "5.1.1", or "" without any."""
    found = _ENHANCED.match(text)
    return found[1].decode() if found else ""


def _later(detail: str, fault: Outcome, code: str) -> DeliveryError:
    return DeliveryError(detail, permanent=False, fault=fault, code=code)
