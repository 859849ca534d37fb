"""WhatsApp: free text for a day after somebody wrote to us, an approved template at any time.

`details` of an address say when that was (`inbound_at`), and which template the message's category
has (`template`: its ContentSid, what fills its variables, a picture for free text).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.notifications.channels.base import DeliveryError, Message, Target
from apps.notifications.channels.twilio.messages import TwilioChannel
from apps.notifications.engines.phone_texts import filled, whatsapp_text, window_open

_PREFIX = "whatsapp:"


class WhatsAppChannel(TwilioChannel):
    @property
    def prices(self) -> Mapping[str, int]:
        prices: Mapping[str, int] = settings.WHATSAPP_PRICES_MICROS
        return prices

    def sender(self) -> str:
        return str(settings.TWILIO_WHATSAPP_FROM)

    def address(self, number: str) -> str:
        return _PREFIX + number

    def content(self, message: Message, target: Target) -> Mapping[str, Any]:
        template = _template(target)
        if window_open(_inbound_at(target), timezone.now()):
            return {"body": _text(message), **_media(template)}
        if not template.get("content_sid"):
            raise DeliveryError(
                "They did not write within a day, and there is no template for it",
                permanent=True,
                code="window_closed",
            )
        variables = json.dumps(_variables(message, template), ensure_ascii=False)
        return {"content_sid": template["content_sid"], "content_variables": variables}

    def parts(self, message: Message, target: Target) -> int:
        return 1

    def is_ours(self, body: str, message: Message, target: Target) -> bool:
        """Whether the window was open then nobody knows any more: a template's text is Meta's."""
        if body.endswith(_text(message)):
            return True
        words = _variables(message, _template(target)).values()
        return bool(words) and all(word in body for word in words)


def _text(message: Message) -> str:
    return whatsapp_text(title=message.title, body=message.body, link=message.links.open)


def _template(target: Target) -> Mapping[str, Any]:
    return target.details.get("template") or {}


def _variables(message: Message, template: Mapping[str, Any]) -> dict[str, str]:
    words = {
        "title": message.title,
        "body": message.body,
        "category": message.category,
        "link": message.links.open,
    }
    return filled(template.get("variables") or {}, words)


def _media(template: Mapping[str, Any]) -> dict[str, list[str]]:
    url = template.get("media_url", "")
    return {"media_url": [url]} if url.startswith("https://") else {}


def _inbound_at(target: Target) -> datetime | None:
    written = target.details.get("inbound_at")
    return datetime.fromisoformat(written) if written else None
