"""Twilio Verify: a code is sent to a phone, and what its person types is compared with it there."""

from enum import StrEnum
from typing import Final

from django.conf import settings

from apps.notifications.channels.base import DeliveryError
from apps.notifications.channels.twilio.client import is_set_up, readable, ready


class Verdict(StrEnum):
    """What became of a code. After TOO_MANY and EXPIRED only a new one helps."""

    APPROVED = "approved"
    WRONG = "wrong"
    EXPIRED = "expired"
    TOO_MANY = "too_many"


_STATUSES: Final = {
    "approved": Verdict.APPROVED,
    "pending": Verdict.WRONG,
    "max_attempts_reached": Verdict.TOO_MANY,
    "expired": Verdict.EXPIRED,
    "canceled": Verdict.EXPIRED,
    "deleted": Verdict.EXPIRED,
    "failed": Verdict.EXPIRED,
}
# Twilio forgets a verification that is over.
_CODES: Final = {
    "twilio_20404": Verdict.EXPIRED,
    "http_404": Verdict.EXPIRED,
    "twilio_60202": Verdict.TOO_MANY,
    "twilio_60200": Verdict.WRONG,
}
# By error code: the number cannot be verified, whoever asks; it was asked for too often.
UNUSABLE: Final = frozenset(
    f"twilio_{code}" for code in (21211, 21614, 60200, 60205, 60220, 60410, 60605)
)
TOO_OFTEN: Final = frozenset(f"twilio_{code}" for code in (60203, 60207, 60212, 60242))


def can_verify() -> bool:
    return is_set_up() and bool(settings.TWILIO_VERIFY_SERVICE_SID)


async def start(number: str, channel: str) -> None:
    """Send a code by "sms" or "whatsapp". Raises DeliveryError and DeliveryUnclear."""
    service = (await ready()).verify.v2.services(settings.TWILIO_VERIFY_SERVICE_SID)
    with readable():
        await service.verifications.create_async(to=number, channel=channel)


async def check(number: str, code: str) -> Verdict:
    """Raises DeliveryError and DeliveryUnclear where Twilio says nothing of the code."""
    service = (await ready()).verify.v2.services(settings.TWILIO_VERIFY_SERVICE_SID)
    try:
        with readable():
            answer = await service.verification_checks.create_async(to=number, code=code)
            return _STATUSES[answer.status]
    except DeliveryError as error:
        verdict = _CODES.get(error.code)
        if verdict is None:
            raise
        return verdict
