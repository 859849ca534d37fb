from collections.abc import Mapping
from typing import Any

from django.conf import settings

from apps.notifications.channels.base import Message, Target
from apps.notifications.channels.twilio.messages import TwilioChannel
from apps.notifications.engines.phone_texts import sms_text
from apps.notifications.engines.segments import segments


class SmsChannel(TwilioChannel):
    """Title, body and a link in at most SMS_MAX_PARTS parts."""

    @property
    def prices(self) -> Mapping[str, int]:
        prices: Mapping[str, int] = settings.SMS_PRICES_MICROS
        return prices

    def sender(self) -> str:
        return str(settings.TWILIO_SMS_FROM)

    def address(self, number: str) -> str:
        return number

    def content(self, message: Message, target: Target) -> Mapping[str, Any]:
        return {"body": _text(message)}

    def parts(self, message: Message, target: Target) -> int:
        return segments(_text(message)).parts

    def is_ours(self, body: str, message: Message, target: Target) -> bool:
        # A trial account's messages begin with a line of Twilio's.
        return body.endswith(_text(message))


def _text(message: Message) -> str:
    return sms_text(
        title=message.title,
        body=message.body,
        link=message.links.open,
        most=settings.SMS_MAX_PARTS,
    )
