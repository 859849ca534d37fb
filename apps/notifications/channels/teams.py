"""Microsoft Teams through a workflow that posts an Adaptive Card (O365 connectors are retired)."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from apps.core.http.types import Request
from apps.notifications.channels.base import Links, Message, OnUnknown, Receipt, Target
from apps.notifications.channels.hook_urls import allowed
from apps.notifications.channels.link_labels import labelled
from apps.notifications.channels.pacing import Pacer
from apps.notifications.channels.posting import post, refused
from apps.notifications.channels.remote import RemoteChannel
from apps.notifications.engines.sinks import Sink, encode, plain
from apps.notifications.types import OffReason
from apps.notifications.types.choices import TEAMS

# Teams refuses 28 kB, counted in its own way; cards of 21 kB of ours arrive.
MOST_BYTES = 21_000
_TITLE_MAX, _LINE_MAX, _MOST_LINES = 500, 2_000, 150
_MORE = {"type": "TextBlock", "text": "…", "wrap": True}
# The workflow was deleted, or the URL's own signature is not valid any more.
_GONE = frozenset((HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.GONE))


class TeamsChannel(RemoteChannel):
    each: ClassVar[bool] = True
    on_unknown: ClassVar[OnUnknown] = OnUnknown.HOLD

    def __init__(self) -> None:
        self._pacer = Pacer(per_second=4, longest_seconds=3)

    def providers(self, target: Target) -> Sequence[str]:
        """Each workflow by itself: they are their owners' programs."""
        return (f"teams:{target.address_id}",)

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        allowed(TEAMS, target.value)
        await self._pacer.wait(target.address_id)
        request = Request(
            method="POST",
            url=target.value,
            headers={"content-type": "application/json"},
            body=card(message),
        )
        response = await post(request)
        error = refused(response)
        if error is None:
            return Receipt()
        if response.status in _GONE:
            error.permanent, error.off = True, OffReason.GONE
        raise error


def card(message: Message) -> bytes:
    """The body of the request, MOST_BYTES at most: what has no room is left out. Pure."""
    lines = [line for line in plain(message.body).split("\n") if line.strip()]
    blocks = [_block(line) for line in lines[:_MOST_LINES]]
    title, actions = _title(message.title), _actions(message.links)
    if len(lines) == len(blocks):
        body = _envelope([title, *blocks], actions)
        if len(body) <= MOST_BYTES:
            return body
    room = MOST_BYTES - len(_envelope([title, _MORE], actions))
    kept: list[dict[str, Any]] = []
    for block in blocks:
        room -= len(_json(block)) + 1
        if room < 0:
            break
        kept.append(block)
    return _envelope([title, *kept, _MORE], actions)


def _envelope(blocks: Sequence[dict[str, Any]], actions: Sequence[dict[str, str]]) -> bytes:
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": list(blocks),
        **({"actions": list(actions)} if actions else {}),
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": content,
    }
    return _json({"type": "message", "attachments": [attachment]})


def _title(title: str) -> dict[str, Any]:
    text = encode(" ".join(title.split()), Sink.TEAMS, limit=_TITLE_MAX)
    return {"type": "TextBlock", "text": text, "weight": "Bolder", "size": "Large", "wrap": True}


def _block(line: str) -> dict[str, Any]:
    text = encode(line, Sink.TEAMS, limit=_LINE_MAX)
    return {"type": "TextBlock", "text": text, "wrap": True, "spacing": "Small"}


def _actions(links: Links) -> list[dict[str, str]]:
    return [
        {"type": "Action.OpenUrl", "title": label, "url": url} for label, url in labelled(links)
    ]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
