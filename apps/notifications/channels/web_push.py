"""Push messages to browsers: encrypted for one of them, handed to the push service it named."""

import os
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.conf import settings
from django.utils import timezone

from apps.classification.types import Urgency
from apps.core.http.client import Policy, Request, Response, default_policy
from apps.core.http.errors import BlockedAddress
from apps.core.http.types import ParsedUrl
from apps.notifications.channels.base import DeliveryError, Message, Receipt, Target
from apps.notifications.channels.posting import post, refused
from apps.notifications.channels.push_tokens import PushToken, make_token
from apps.notifications.channels.remote import RemoteChannel
from apps.notifications.channels.vapid import Authorizations, vapid_key
from apps.notifications.engines.push.cards import Button, Card, card_json
from apps.notifications.engines.push.encryption import (
    MESSAGE_BYTES,
    OVERHEAD_BYTES,
    SALT_BYTES,
    BrowserKeys,
    browser_keys,
    encrypt,
)
from apps.notifications.engines.push.endpoints import origin_of, push_endpoint
from apps.notifications.engines.push.headers import topic, ttl_seconds, urgency_word
from apps.notifications.engines.push.vapid import VapidKey
from apps.notifications.types import OffReason

NAME = "web_push"
BUTTONS = (
    Button(action="read", title="Mark read"),
    Button(action="snooze", title="Snooze 1 hour"),
    Button(action="less", title="Less like this"),
)

# Encrypted. The second is for a service that finds the first too long.
_LENGTHS = (MESSAGE_BYTES, 1_024)
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_DIGEST = "digest"


class WebPushChannel(RemoteChannel):
    """Rings at each of a person's browsers. `details` are p256dh, auth, and the key of ours (vapid)
    that the browser subscribed with.
    """

    each = True

    def __init__(self) -> None:
        self._authorizations = Authorizations()

    def providers(self, target: Target) -> tuple[str, ...]:
        if vapid_key() is None:
            return ()
        return (f"{NAME}:{urlsplit(target.value).hostname or ''}"[:100],)

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        own = vapid_key()
        if own is None:
            raise DeliveryError("It is not set up", permanent=True, code="channel_unavailable")
        endpoint, keys = _place(target, own)
        now = timezone.now()
        headers = self._headers(message, endpoint, own, now=now)
        card = card_of(message, target, now=now)
        for length in _LENGTHS:
            body = _sealed(card_json(card, most_bytes=length - OVERHEAD_BYTES), keys)
            request = Request(method="POST", url=target.value, headers=headers, body=body)
            response = await post(request, policy=_policy())
            if response.status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                break
        return _receipt(response)

    def _headers(
        self, message: Message, endpoint: ParsedUrl, own: VapidKey, *, now: datetime
    ) -> dict[str, str]:
        return {
            "authorization": self._authorizations.header(own, origin_of(endpoint), now=now),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(ttl_seconds(message.expires_at, now=now)),
            "urgency": urgency_word(message.priority),
            "topic": topic(message.key),
        }


def card_of(message: Message, target: Target, *, now: datetime) -> Card:
    """A digest has no buttons: they are about one thing."""
    card = Card(
        title=message.title,
        body=message.body,
        tag=str(message.key),
        group=message.category,
        url=_path(message),
        at=int(message.created_at.timestamp() * 1_000),
        urgent=message.priority >= Urgency.CRITICAL.floor,
    )
    if message.category == _DIGEST:
        return card
    token = PushToken(user_id=message.user_id, address_id=target.address_id, key=message.key)
    return replace(card, actions=BUTTONS, token=make_token(token, now=now))


def _path(message: Message) -> str:
    """Without a host: the page is opened where its worker came from."""
    parts = urlsplit(message.links.open)
    if not parts.path:
        return f"/inbox/#entry-{message.key}"
    return parts._replace(scheme="", netloc="").geturl()


def _place(target: Target, own: VapidKey) -> tuple[ParsedUrl, BrowserKeys]:
    try:
        endpoint = push_endpoint(target.value, hosts=settings.PUSH_HOSTS, policy=default_policy())
    except BlockedAddress as error:
        code = "endpoint_not_allowed"
        raise DeliveryError(error.detail, permanent=True, code=code) from error
    if target.details.get("vapid") != own.public:
        lost = "The browser subscribed with another key of ours"
        raise DeliveryError(lost, permanent=True, off=OffReason.INVALID, code="key_changed")
    try:
        return endpoint, browser_keys(p256dh=target.details["p256dh"], auth=target.details["auth"])
    except (KeyError, ValueError) as error:
        wrong = "The browser's keys are not usable"
        raise DeliveryError(
            wrong, permanent=True, off=OffReason.INVALID, code="invalid_keys"
        ) from error


def _sealed(plaintext: bytes, keys: BrowserKeys) -> bytes:
    ephemeral = generate_private_key(SECP256R1())
    return encrypt(plaintext, keys, ephemeral=ephemeral, salt=os.urandom(SALT_BYTES))


def _policy() -> Policy:
    """Most browsers are reached through one and the same host."""
    return replace(default_policy(), connections_per_host=settings.DELIVERY_CONCURRENCY)


def _receipt(response: Response) -> Receipt:
    if response.status in _GONE:
        raise DeliveryError(
            "The browser has ended its subscription",
            permanent=True,
            off=OffReason.GONE,
            code=f"http_{response.status}",
        )
    error = refused(response)
    if error is not None:
        raise error
    # The message's own address at the service, which may hold a secret of the subscription.
    return Receipt(
        provider_message_id=response.headers.get("location", "").rpartition("/")[2][:120]
    )
