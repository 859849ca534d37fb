"""Composio's three envelopes, made one.

V1  {"trigger_name", "connection_id", "trigger_id", "payload", "log_id"}
V2  {"type": "gmail_new_gmail_message", "timestamp", "data": {the trigger's keys and the ids}}
V3  {"id", "timestamp", "type": "composio.…", "metadata": {ids}, "data": {the trigger's keys}}
The shape decides; the header x-composio-webhook-version is only a hint and is not needed.
Source: Composio's webhook verification guide; bodies in tests/fixtures/webhooks/composio/.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from apps.core.json_types import Json
from apps.ingestion.sources.reading import Fields, fields_of

TRIGGER_MESSAGE = "composio.trigger.message"
ACCOUNT_EXPIRED = "composio.connected_account.expired"
TRIGGER_DISABLED = "composio.trigger.disabled"

_SLUG = re.compile(r"[A-Z0-9_]{3,120}")
_TYPE = re.compile(r"composio(?:\.[a-z0-9_]{1,40}){1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One message, whichever envelope it came in.

    `slug` is the trigger's name in capitals, or Composio's own event type ("composio.…") when no
    trigger fired. V2 names a connection twice: both ids are kept, the newer kind first.
    """

    slug: str
    data: Fields
    message_id: str = ""
    user_id: str = ""
    connection_ids: tuple[str, ...] = ()
    trigger_id: str = ""
    occurred_at: datetime | None = None


def read_trigger(document: Json) -> Trigger:
    """Raises ShapeError naming the first field that is missing or wrong."""
    body = fields_of(document)
    if body.has("trigger_name"):
        return _v1(body)
    kind = body.required("type")
    if kind.startswith("composio."):
        return _v3(body, kind)
    return _v2(body)


def _v1(body: Fields) -> Trigger:
    return Trigger(
        slug=_slug(body, "trigger_name"),
        data=body.required_child("payload"),
        connection_ids=_ids(body, "connection_id"),
        trigger_id=body.identifier("trigger_id"),
    )


def _v2(body: Fields) -> Trigger:
    data = body.required_child("data")
    return Trigger(
        slug=_slug(body, "type"),
        data=data,
        user_id=data.identifier("user_id"),
        connection_ids=_ids(data, "connection_nano_id", "connection_id"),
        trigger_id=data.identifier("trigger_nano_id", "trigger_id"),
        occurred_at=body.time("timestamp"),
    )


def _v3(body: Fields, kind: str) -> Trigger:
    metadata, data = body.required_child("metadata"), body.required_child("data")
    message_id, occurred_at = body.required("id"), body.time("timestamp")
    if kind == TRIGGER_MESSAGE:
        return Trigger(
            slug=_slug(metadata, "trigger_slug"),
            data=data,
            message_id=message_id,
            user_id=metadata.identifier("user_id"),
            connection_ids=_ids(metadata, "connected_account_id"),
            trigger_id=metadata.identifier("trigger_id"),
            occurred_at=occurred_at,
        )
    if not _TYPE.fullmatch(kind):
        body.fail("type", "is not a Composio event type")
    return Trigger(
        slug=kind,
        data=data,
        message_id=message_id,
        user_id=data.identifier("user_id"),
        connection_ids=_ids(data, "id" if kind == ACCOUNT_EXPIRED else "connected_account_id"),
        occurred_at=occurred_at,
    )


def _slug(fields: Fields, name: str) -> str:
    slug = fields.required(name).upper()
    return slug if _SLUG.fullmatch(slug) else fields.fail(name, "is not a trigger's name")


def _ids(fields: Fields, *names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for name in names if (found := fields.identifier(name))))
