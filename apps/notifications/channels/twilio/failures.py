"""What Twilio's error codes mean for a message and for the address it was for."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from apps.core.engines.circuit import Outcome
from apps.core.http.types import Response
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear
from apps.notifications.channels.posting import refused
from apps.notifications.types import OffReason

# Why nothing sent to that number, or that WhatsApp account, will ever arrive.
OFF: Final[Mapping[int, OffReason]] = {
    21211: OffReason.INVALID,  # not a number
    21214: OffReason.INVALID,  # cannot be reached
    21217: OffReason.INVALID,  # looks like none
    21614: OffReason.INVALID,  # no mobile number
    21635: OffReason.INVALID,  # a landline
    30005: OffReason.INVALID,  # unknown, or no longer in use
    30006: OffReason.INVALID,  # a landline, or a carrier out of reach
    60205: OffReason.INVALID,  # a landline, says Verify
    63003: OffReason.INVALID,  # nobody there
    63024: OffReason.INVALID,  # not on WhatsApp
    21610: OffReason.UNSUBSCRIBED,  # its person sent STOP
    63033: OffReason.UNSUBSCRIBED,  # its person blocked us
}
# Too much at once: the message itself is as good as before.
THROTTLED: Final = frozenset((14107, 20429, 21611, 30001, 30022, 63017, 63018, 63038))
UNSUBSCRIBED: Final = frozenset(code for code, why in OFF.items() if why is OffReason.UNSUBSCRIBED)
WINDOW_CLOSED: Final = 63016


def refusal(response: Response, *, posted: bool) -> DeliveryError | DeliveryUnclear | None:
    """What an answer outside of 2xx means; None for one inside.

    `posted`: the request would have sent something. Twilio says of its own failures (20500) that
    the message may have been taken all the same.
    """
    general = refused(response)
    if general is None:
        return None
    if posted and _may_have_taken_it(response.status):
        return DeliveryUnclear(
            f"Twilio answered with {response.status}", fault=general.fault, code=general.code
        )
    code = code_in(response.body)
    return general if code is None else of_code(code, general)


def _may_have_taken_it(status: int) -> bool:
    failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return failed and status != HTTPStatus.SERVICE_UNAVAILABLE


def of_code(code: int, general: DeliveryError) -> DeliveryError:
    """A refusal with Twilio's own code, which is more exact than the status of HTTP."""
    throttled = code in THROTTLED
    return DeliveryError(
        f"Twilio refused it with error {code}",
        permanent=general.permanent and not throttled,
        retry_after=general.retry_after,
        fault=Outcome.THROTTLED if throttled else general.fault,
        off=OFF.get(code),
        code="window_closed" if code == WINDOW_CLOSED else f"twilio_{code}",
    )


def code_in(body: bytes) -> int | None:
    """Of Twilio's error document. None where it is none."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = document.get("code") if isinstance(document, dict) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None
