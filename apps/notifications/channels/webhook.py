"""Standard Webhooks: a signed JSON document to a person's own URL (docs/channels/webhook.md).

`webhook-id` stays the same at every attempt, so the receiver can tell a repetition; the timestamp
is fresh, so that a late attempt is not too old for it.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar

from django.utils import timezone

from apps.classification.types import Urgency
from apps.core.errors import InvalidInput
from apps.core.http.types import Request
from apps.core.signing import Scheme, sign
from apps.notifications.channels.base import (
    DeliveryError,
    Links,
    Message,
    OnUnknown,
    Receipt,
    Target,
)
from apps.notifications.channels.hook_urls import allowed
from apps.notifications.channels.posting import post, refused
from apps.notifications.channels.remote import RemoteChannel
from apps.notifications.engines.hook_secrets import valid_secrets
from apps.notifications.types import OffReason
from apps.notifications.types.choices import WEBHOOK

VERSION = 1
_SIGNATURE = "webhook-signature"


class WebhookChannel(RemoteChannel):
    each: ClassVar[bool] = True
    on_unknown: ClassVar[OnUnknown] = OnUnknown.RESEND

    def providers(self, target: Target) -> Sequence[str]:
        """Each endpoint by itself: one tenant's broken path says nothing of a shared host."""
        return (f"webhook:{target.address_id}",)

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        allowed(WEBHOOK, target.value)
        body = document(message)
        headers = signed_headers(message, body, target, now=timezone.now())
        request = Request(method="POST", url=target.value, headers=headers, body=body)
        error = refused(await post(request))
        if error is None:
            return Receipt()
        if error.code == f"http_{HTTPStatus.GONE}":
            error.permanent, error.off = True, OffReason.GONE
        else:
            # An endpoint that is being mended refuses for a while: what it missed comes again.
            error.permanent = False
        raise error


def document(message: Message) -> bytes:
    """The body. Fields may be added to it; any other change is a new version."""
    digest = message.category == "digest"
    content: dict[str, Any] = {
        "type": "digest.created" if digest else "notification.created",
        "version": VERSION,
        "timestamp": _instant(message.created_at),
        "data": {
            "id": str(message.key),
            "title": message.title,
            "body": message.body,
            "category": message.category,
            "priority": message.priority,
            "urgency": Urgency.of(message.priority).value,
            "correlation_id": str(message.correlation_id),
            "created_at": _instant(message.created_at),
            "expires_at": _instant(message.expires_at),
            "links": _links(message.links),
        },
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="replace")


def signed_headers(
    message: Message, body: bytes, target: Target, *, now: datetime
) -> dict[str, str]:
    """With one signature for every secret that is valid, a space between them."""
    try:
        signed = [
            sign(Scheme.STANDARD_WEBHOOKS, secret, message_id=str(message.key), now=now, body=body)
            for secret in valid_secrets(target.details, now)
        ]
    except InvalidInput:
        signed = []
    if not signed:
        raise DeliveryError("It has no secret to sign with", permanent=True, code="no_secret")
    signatures = " ".join(headers[_SIGNATURE] for headers in signed)
    return {**signed[0], _SIGNATURE: signatures, "content-type": "application/json"}


def _links(links: Links) -> dict[str, str]:
    named = {name: getattr(links, name) for name in ("open", "why", "less", "unsubscribe")}
    return {name: url for name, url in named.items() if url}


def _instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
