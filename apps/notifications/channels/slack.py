"""Slack's incoming webhooks: blocks for people, the same as text for the notification's preview."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from apps.core.engines.circuit import Outcome
from apps.core.http.types import Request, Response
from apps.notifications.channels.base import (
    DeliveryError,
    DeliveryUnclear,
    Links,
    Message,
    OnUnknown,
    Receipt,
    Target,
)
from apps.notifications.channels.hook_urls import allowed
from apps.notifications.channels.link_labels import labelled
from apps.notifications.channels.posting import post, refused
from apps.notifications.channels.remote import RemoteChannel
from apps.notifications.engines.sinks import Sink, encode, pieces
from apps.notifications.types import OffReason
from apps.notifications.types.choices import SLACK

MOST_BLOCKS = 50
_TEXT_MAX = 3_000
# The hook was revoked, its channel archived, or an administrator forbids it.
_GONE = frozenset((HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE))


class SlackChannel(RemoteChannel):
    each: ClassVar[bool] = True
    on_unknown: ClassVar[OnUnknown] = OnUnknown.HOLD

    def providers(self, target: Target) -> Sequence[str]:
        return ("slack",)

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        allowed(SLACK, target.value)
        request = Request(
            method="POST",
            url=target.value,
            headers={"content-type": "application/json; charset=utf-8"},
            body=json.dumps(payload(message)).encode(),
        )
        response = await post(request)
        if error := refused(response):
            raise _explained(error, response)
        if response.body.strip() != b"ok":
            raise DeliveryUnclear("It did not answer in Slack's words", fault=Outcome.SUCCESS)
        return Receipt()


def payload(message: Message) -> dict[str, Any]:
    """What is posted. Pure."""
    links = _links(message.links)
    room = MOST_BLOCKS - 1 - bool(links)
    blocks = [_header(message.title)]
    blocks += [_section(text) for text in pieces(message.body, Sink.SLACK, most=room)]
    if links:
        blocks.append(_section(links))
    return {
        "text": encode(f"{message.title}\n{message.body}", Sink.SLACK, limit=_TEXT_MAX),
        "blocks": blocks,
        # A preview is a visit: nobody but a person may open a link that unsubscribes.
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _header(title: str) -> dict[str, Any]:
    # A header without text is refused with the whole message.
    text = encode(title, Sink.SLACK_HEADER) or "Notification"
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _section(text: str) -> dict[str, Any]:
    # verbatim: names of channels and people in a text stay text.
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _links(links: Links) -> str:
    return " · ".join(f"<{_address(url)}|{label}>" for label, url in labelled(links))


def _address(url: str) -> str:
    return encode(url.replace("|", "%7C"), Sink.SLACK)


def _explained(error: DeliveryError, response: Response) -> DeliveryError:
    """Slack's own word for it, such as `invalid_payload`, where the answer is one."""
    word = response.body[:40].decode("ascii", "replace").strip()
    if word.isidentifier() and word.islower():
        error.code = word
    if response.status in _GONE:
        error.permanent, error.off = True, OffReason.GONE
    return error
