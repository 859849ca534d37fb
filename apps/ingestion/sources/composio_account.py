"""When a connection dies nothing more arrives, so its owner is told to reconnect.

Source: Composio's webhook events (V3). `data.state` can hold tokens and is never read.
"""

from apps.ingestion.engines.text import cut, one_line
from apps.ingestion.sources.composio_envelope import Trigger
from apps.ingestion.sources.reading import Fields, bounded_key, present
from apps.ingestion.types import EventKind, Fact

REASON_MAX = 300
TOOLKITS = {
    "gmail": "Gmail",
    "googlecalendar": "Google Calendar",
    "googlesuper": "Google",
    "outlook": "Outlook",
}


def expired(trigger: Trigger, content_limit: int) -> Fact:
    data = trigger.data
    return _reconnect(
        trigger,
        content_limit,
        toolkit=data.child("toolkit").text("slug"),
        external_id=data.identifier("id"),
        happened="The connection has expired.",
        reason=_reason(data, "status_reason"),
    )


def trigger_disabled(trigger: Trigger, content_limit: int) -> Fact:
    data = trigger.data
    slug = data.text("trigger_slug", "trigger_name")
    return _reconnect(
        trigger,
        content_limit,
        toolkit=slug.partition("_")[0],
        external_id=data.identifier("id", "trigger_id"),
        happened="Watching it was switched off.",
        reason=_reason(data, "disabled_reason", "reason"),
    )


def _reconnect(
    trigger: Trigger,
    content_limit: int,
    *,
    toolkit: str,
    external_id: str,
    happened: str,
    reason: str,
) -> Fact:
    toolkit = one_line(toolkit)[:60].lower()
    name = TOOLKITS.get(toolkit, toolkit.capitalize()) or "account"
    content, truncated = cut(
        f"{happened} Until you reconnect it, nothing from it reaches you.", content_limit
    )
    return Fact(
        kind=EventKind.ACCOUNT,
        event_type=trigger.slug,
        external_id=bounded_key(external_id),
        title=f"Reconnect your {name}",
        content=content,
        truncated=truncated,
        occurred_at=trigger.occurred_at,
        thread_key=bounded_key(f"reconnect:{next(iter(trigger.connection_ids), external_id)}"),
        attributes=present(toolkit=toolkit, reason=reason),
    )


def _reason(data: Fields, *names: str) -> str:
    return cut(one_line(data.text(*names)), REASON_MAX)[0]
