"""The links in a message that need no log-in: each is a signed word of ours, and nothing else.

A token says for whom, through which channel and of which message, in numbers that mean nothing
outside. What it may be used for is its signature's: one for unsubscribing opens nothing else.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from apps.core.errors import NotFound
from apps.notifications.channels.base import Links

_FORM = struct.Struct(">Q16s?")
_SIGNATURE_MARK = "."
_MAX_CHARACTERS = 200


class Purpose(StrEnum):
    UNSUBSCRIBE = "unsubscribe"
    OPENED = "opened"
    CLICKED = "clicked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """`key` is the notification's id, or the digest's."""

    user_id: int
    channel: str
    key: UUID
    is_digest: bool


def links_of(
    *, user_id: int, channel: str, key: UUID, is_digest: bool, tracked: bool = False
) -> Links:
    """What a message links to, on PUBLIC_URL. No query.

    `tracked` (selectors.tracking.people_tracked) lets opening and following be told.
    """
    ticket = Ticket(user_id=user_id, channel=channel, key=key, is_digest=is_digest)
    entry = reverse("inbox") if is_digest else reverse("inbox-entry", args=[key])
    leave = reverse("unsubscribe", args=[_signed(ticket, Purpose.UNSUBSCRIBE)])
    clicked = reverse("mail-clicked", args=[_signed(ticket, Purpose.CLICKED)]) if tracked else ""
    opened = reverse("mail-opened", args=[_signed(ticket, Purpose.OPENED)]) if tracked else ""
    return Links(
        open=_absolute(clicked or entry),
        why=_absolute(entry if is_digest else f"{entry}#why"),
        less=_absolute(reverse("preferences") if is_digest else f"{entry}#less"),
        unsubscribe=_absolute(leave),
        pixel=_absolute(opened) if tracked else "",
    )


def place_of(ticket: Ticket) -> str:
    """The page that `ticket`'s message is about."""
    return reverse("inbox") if ticket.is_digest else reverse("inbox-entry", args=[ticket.key])


def ticket_of(token: str, purpose: Purpose) -> Ticket:
    """Raises NotFound (unknown_link) for what was not signed for this purpose."""
    try:
        packed = _signer(purpose).unsign(token[:_MAX_CHARACTERS])
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        user_id, key, is_digest = _FORM.unpack(raw[: _FORM.size])
        channel = raw[_FORM.size :].decode("ascii")
    except (BadSignature, binascii.Error, struct.error, ValueError):
        raise NotFound("This link is not one of ours, or not whole", code="unknown_link") from None
    return Ticket(user_id=user_id, channel=channel, key=UUID(bytes=key), is_digest=is_digest)


def _signed(ticket: Ticket, purpose: Purpose) -> str:
    raw = _FORM.pack(ticket.user_id, ticket.key.bytes, ticket.is_digest)
    packed = base64.urlsafe_b64encode(raw + ticket.channel.encode("ascii")).decode().rstrip("=")
    return _signer(purpose).sign(packed)


def _signer(purpose: Purpose) -> Signer:
    return Signer(salt=f"vigil.links.{purpose}", sep=_SIGNATURE_MARK)


def _absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
